/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelksher.simulator.protocol.Form;
import io.github.camelksher.simulator.protocol.RsaPem;
import io.github.camelksher.simulator.protocol.Signatures;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator's replies look like real samples. */
class SamplesTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    private final KsherSimulator ksher = KSHER.simulator();
    private final Merchant merchant = new Merchant(ksher);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed-order-query-success.json",
                "seed-order-query-fail.json",
                "seed-order-close-success.json",
                "seed-order-close-fail.json",
                "seed-gateway-query-closed.json",
                "gateway-query-wechat-as-signed.json",
                "gateway-query-notsure.json",
                "notification-gateway-airpay.json"
            })
    void kshersOwnRepliesVerifyWithKshersOwnKey(String name) throws Exception {
        assertThat(verifies(name)).isTrue();
    }

    @Test
    void aReplyWithARenamedFieldDoesNotVerify() throws Exception {
        assertThat(verifies("seed-gateway-query-wechat.json")).isFalse();
    }

    @Test
    void aRealRequestVerifiesWithItsMerchantsKey() throws Exception {
        Map<String, String> form =
                Form.parse(Merchant.sample("request-gateway-query.form").strip().getBytes());
        String key = Merchant.sample("merchant-mch32625-public.pem");
        assertThat(Signatures.verifies(Signatures.canonical(form), form.get("sign"), RsaPem.readPublic(key)))
                .isTrue();
    }

    @Test
    void nestedValuesAreSignedAsCompactJsonWithSortedKeys() {
        Map<String, Object> fields = Map.of("a", List.of(1, "é"), "b", Map.of("z", 1, "c", "测"), "sign", "x");
        assertThat(new String(Signatures.canonical(fields), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("a=[1,\"é\"]b={\"c\":\"测\",\"z\":1}");
    }

    @Test
    void orderRepliesLookLikeTheRealOnes() throws Exception {
        ksher.open(KsherOrder.of("A1").operatorId("25382").state(KsherOrder.State.SUCCESS));
        ksher.open(KsherOrder.of("B1"));
        assertSame(merchant.orderQuery("A1"), "seed-order-query-success.json");
        assertSame(merchant.orderQuery("none"), "seed-order-query-fail.json");
        assertSame(merchant.orderClose("B1"), "seed-order-close-success.json");
        assertSame(merchant.orderClose("none"), "seed-order-close-fail.json");
    }

    @Test
    void gatewayRepliesLookLikeTheRealOnes() throws Exception {
        ksher.open(KsherOrder.gateway("A1").state(KsherOrder.State.SUCCESS));
        ksher.open(KsherOrder.gateway("B1"));
        assertSame(merchant.gatewayQuery("A1"), "notification-gateway-airpay.json");
        assertSame(merchant.gatewayQuery("B1"), "gateway-query-notsure.json");
        assertSameEmptyFields(merchant.gatewayQuery("A1"), "notification-gateway-airpay.json");
        assertSameEmptyFields(merchant.gatewayQuery("B1"), "gateway-query-notsure.json");
        assertSame(merchant.gatewayCancel("B1"), "seed-gateway-cancel-success.json");
        assertSame(merchant.gatewayQuery("B1"), "seed-gateway-query-closed.json");
        assertSameEmptyFields(merchant.gatewayQuery("B1"), "seed-gateway-query-closed.json");
        ksher.faults().next(Fault.singleQuotes());
        assertThat(merchant.gatewayQuery("none").text())
                .isEqualTo(Merchant.sample("seed-gateway-query-refused.txt").strip());
    }

    @Test
    void cancelIsRefusedInTheRealWords() throws Exception {
        ksher.open(KsherOrder.gateway("paid").state(KsherOrder.State.SUCCESS));
        ksher.open(KsherOrder.gateway("closed").state(KsherOrder.State.CLOSED));
        ksher.open(KsherOrder.gateway("otp").otp());
        assertRefused("none", 3);
        assertRefused("paid", 4);
        assertRefused("closed", 5);
        assertRefused("otp", 6);
    }

    private void assertRefused(String order, int number) throws Exception {
        JsonNode real = Merchant.JSON.readTree(Merchant.sample("seed-gateway-cancel-refused-" + number + ".json"));
        assertThat(merchant.gatewayCancel(order).json()).isEqualTo(real);
    }

    private static boolean verifies(String name) throws Exception {
        JsonNode reply = Merchant.JSON.readTree(Merchant.sample(name));
        Map<String, Object> data =
                Merchant.JSON.convertValue(reply.get("data"), new TypeReference<Map<String, Object>>() {});
        String sign = reply.get("sign").asText();
        return Signatures.verifies(
                Signatures.canonical(data), sign, RsaPem.readPublic(Merchant.sample("ksher-v1.pem")));
    }

    private static void assertSame(Merchant.Received reply, String name) throws Exception {
        assertThat(kinds(reply.json())).isEqualTo(kinds(Merchant.JSON.readTree(Merchant.sample(name))));
        assertThat(reply.http().headers().firstValue("Content-Type")).hasValue("application/json");
    }

    private static void assertSameEmptyFields(Merchant.Received reply, String name) throws Exception {
        assertThat(emptyFields(reply.json())).isEqualTo(emptyFields(Merchant.JSON.readTree(Merchant.sample(name))));
    }

    private static Set<String> emptyFields(JsonNode reply) {
        return reply.get("data").properties().stream()
                .filter(field -> field.getValue().asText().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Each field's name and the kind of its value, in any order. */
    private static Map<String, String> kinds(JsonNode node) {
        return node.properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().isObject()
                                ? kinds(e.getValue()).toString()
                                : e.getValue().getNodeType().toString(),
                        (a, b) -> Arrays.asList(a, b).toString(),
                        TreeMap::new));
    }
}
