/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.error.KsherSignatureException.Reason;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Smuggled fields: the same signed text, but split into other fields. */
class SmuggledFieldsTest {

    private static final String PAID = "|result:SUCCESS|time_end:2020-01-01 00:00:00|total_fee:1";

    private KsherStub stub;
    private Camel camel;

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub();
        camel = new Camel(stub);
    }

    @AfterEach
    void stop() {
        camel.close();
        stub.close();
    }

    /** Fields as {@code name:value|name:value}. */
    private static Map<String, Object> data(String text) {
        Map<String, Object> data = new LinkedHashMap<>();
        Arrays.stream(text.split("\\|"))
                .map(field -> field.split(":", 2))
                .forEach(field -> data.put(field[0], field[1]));
        return data;
    }

    /** The reply with the other fields, under Ksher's signature of the original ones. */
    private static String smuggle(String signed, String shown) {
        return "{\"code\":0,\"msg\":\"ok\",\"sign\":\"" + KsherStub.sign(data(signed)) + "\",\"data\":"
                + KsherStub.json(data(shown)) + "}";
    }

    private static void assertRefused(Exchange exchange) {
        assertThat(exchange.getException())
                .as(() -> "a reply about another order or merchant became "
                        + exchange.getMessage().getBody(String.class))
                .isInstanceOfSatisfying(KsherSignatureException.class, failure -> assertThat(failure.getReason())
                        .as("the signature itself verifies")
                        .isIn(Reason.OTHER_ORDER, Reason.OTHER_CALL));
    }

    /** An attacker inside the connection sees the nonce, and can use it for a call of his own. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a number in a name that ends like a longer one, gatewayQuery, B-2,"
                + " appid:mch10001|mch_order_no:A-1|nonce_str:n1|pay_mch_order_no:P-1,"
                + " appid:mch10001|mch_order_no=A-1nonce_str=n1pay_mch_order_no:P-1",
        "a number that begins with the one asked for, gatewayQuery, A-1,"
                + " appid:mch10001|ksher_order_no:K1|mch_order_no:A-12,"
                + " appid:mch10001|ksher_order_no:K1mch_order_no=A-12",
        "a number behind a customer's text, gatewayQuery, B-2,"
                + " appid:mch10001|attach:mch_order_no=B-2|mch_order_no:A-1,"
                + " appid:mch10001|attach:mch_order_no=B-2mch_order_no=A-1",
        "a number in the name after an empty field, gatewayQuery, B-2,"
                + " appid:mch10001|mch_order_no:order-1|nonce_str:n1,"
                + " appid:mch10001|mch_order_no:|order-1nonce_str:n1",
        "a number in the name that ends like a remark's, gatewayQuery, B-2,"
                + " appid:mch10001|mch_order_no:n-1|merchant_remark:r|nonce_str:n1,"
                + " appid:mch10001|mch_order_no:|n-1merchant_remark:r|nonce_str:n1",
        "a merchant in the name after an empty field, gatewayQuery, order-1,"
                + " appid:mch99999|mch_order_no:order-1|nonce_str:n1,"
                + " appid:|mch99999mch_order_no:order-1|nonce_str:n1",
        "a merchant in the name after an empty field, orderQuery, A-1,"
                + " appid:mch99999|mch_order_no:A-1|nonce_str:NONCE,"
                + " appid:|mch99999mch_order_no:A-1|nonce_str:NONCE",
        "a merchant in the name after an empty field, orderClose, A-1,"
                + " appid:mch99999|mch_order_no:A-1|nonce_str:NONCE,"
                + " appid:|mch99999mch_order_no:A-1|nonce_str:NONCE"
    })
    void anotherOrdersReply(String how, String operation, String order, String signed, String shown) {
        String end = operation.equals("orderClose") ? "|result:SUCCESS" : PAID;
        stub.answering((request, socket) -> {
            String nonce = String.valueOf(request.form().get("nonce_str"));
            String reply = smuggle(
                    (signed.strip() + end).replace("NONCE", nonce), (shown.strip() + end).replace("NONCE", nonce));
            KsherStub.write(socket, Http.ok(reply));
        });
        assertRefused(camel.call("ksher:" + operation, order));
    }

    /** A real signature of Ksher's under a text that would pay any order of any merchant. */
    @Test
    void aGenuineReplyOfAnotherMerchantAndOrder() throws Exception {
        var sample = new ObjectMapper().readTree(Samples.bytes("notification-gateway-airpay.json"));
        var fields = new TreeMap<String, String>();
        sample.get("data")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
        StringBuilder name = new StringBuilder(fields.get("appid"));
        fields.subMap("appid", false, "pay_mch_order_no", false)
                .forEach((key, value) -> name.append(key).append('=').append(value));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("appid", "");
        shown.put(name + "pay_mch_order_no", fields.get("pay_mch_order_no"));
        shown.putAll(fields.tailMap("pay_mch_order_no", false));
        stub.answering(Http.ok("{\"code\":0,\"sign\":\"" + sample.get("sign").asText() + "\",\"data\":"
                + KsherStub.json(shown) + "}"));
        try (Camel ksher =
                new Camel(stub, component -> component.getConfiguration().setKsherPublicKey(null))) {
            assertRefused(ksher.call("ksher:gatewayQuery", "B-2"));
        }
    }

    /**
     * A customer's text becomes order and amount of a notification: an underscore
     * precedes each decisive name.
     */
    @Test
    void aCustomersTextBecomesTheOrderOfANotification() {
        String rest = "channel_order_no=C-1fee_type=THBksher_order_no=K-1mch_order_no=A-1nonce_str=n1result=SUCCESS"
                + "time_end=2020-01-01 00:00:00total_fee=1";
        String signed =
                "appid:mch10001|attach:x_channel_order_no=c_fee_type=THBg=_ksher_order_no=K9_mch_order_no=B-2n=_"
                        + "nonce_str=n9p=_result=SUCCESSs=_total_fee=10000000z=|channel_order_no:C-1|fee_type:THB|"
                        + "ksher_order_no:K-1|mch_order_no:A-1|nonce_str:n1" + PAID;
        String shown = "appid:mch10001|attach:x_|channel_order_no:c_|fee_type:THB|g:_|ksher_order_no:K9_|"
                + "mch_order_no:B-2|n:_|nonce_str:n9|p:_|result:SUCCESS|s:_|total_fee:10000000|z:" + rest;
        byte[] body = smuggle(signed, shown).getBytes(StandardCharsets.UTF_8);
        assertRefused(camel.context().createProducerTemplate().request("ksher:verifyNotification", e -> e.getMessage()
                .setBody(body)));
    }
}
