/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelksher.simulator.KsherOrder.State;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Merchants with keys and orders of their own. */
class SeveralMerchantsTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER =
            new KsherSimulatorExtension(KsherSimulator.builder().merchant("mch2"));

    private final KsherSimulator ksher = KSHER.simulator();
    private final KsherMerchant second = ksher.merchant("mch2");
    private final Merchant one = new Merchant(ksher);
    private final Merchant two = new Merchant(ksher, second);

    @Test
    void eachSeesItsOwnOrdersOnlyAndAllMayHaveTheSameNumber() throws Exception {
        ksher.open(KsherOrder.of("A1").amount(100, "THB"));
        second.open(KsherOrder.of("A1").amount(200, "THB"));
        second.open(KsherOrder.of("B1"));
        assertThat(one.orderQuery("A1").data()).containsEntry("total_fee", 100).containsEntry("appid", ksher.appId());
        assertThat(two.orderQuery("A1").data()).containsEntry("total_fee", 200).containsEntry("appid", "mch2");
        assertThat(one.orderQuery("B1").error()).isEqualTo("KSHER_INVALID_ORDER_NO");
        assertThat(two.orderClose("A1").result()).isEqualTo("SUCCESS");
        assertThat(ksher.order("A1").state()).isEqualTo(State.NOTPAY);
        assertThat(second.order("A1").state()).isEqualTo(State.CLOSED);
        assertThat(second.orders()).hasSize(2);
        assertThat(ksher.calls()).extracting(CallRecord::appId).containsExactly("mch10001", "mch2", "mch10001", "mch2");
    }

    @Test
    void noneIsFoundByKshersNumberOfAnothersOrder() throws Exception {
        KsherOrder order = second.open(KsherOrder.of("A1"));
        Map<String, String> form = one.form("");
        form.remove("mch_order_no");
        form.put("ksher_order_no", order.ksherOrderNo());
        assertThat(one.post("orderQuery", one.signed(form)).error()).isEqualTo("KSHER_INVALID_ORDER_NO");
        assertThat(ksher.open(KsherOrder.of("A1")).ksherOrderNo()).isNotEqualTo(order.ksherOrderNo());
    }

    @Test
    void oneCannotSignForAnother() throws Exception {
        second.open(KsherOrder.of("A1"));
        Map<String, String> form = one.form("A1");
        form.put("appid", "mch2");
        assertThat(one.post("orderQuery", one.signed(form)).code()).isEqualTo(-2);
    }

    @Test
    void oneKnownByItsPublicKeyShowsNoPrivateKey() throws Exception {
        try (KsherSimulator other = KsherSimulator.builder()
                .merchant("mch3", second.merchantPublicKey())
                .start()) {
            KsherMerchant third = other.merchant("mch3");
            third.open(KsherOrder.of("A1"));
            assertThat(third.merchantPublicKey()).isEqualTo(second.merchantPublicKey());
            assertThatThrownBy(third::merchantKey)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("mch3");
            Map<String, String> form = two.form("A1");
            form.put("appid", "mch3");
            assertThat(new Merchant(other).post("orderQuery", two.signed(form)).result())
                    .isEqualTo("NOTPAY");
        }
    }

    @Test
    void anUnknownOneIsNamed() {
        assertThatThrownBy(() -> ksher.merchant("mch99"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("mch99");
        assertThatThrownBy(() -> KsherSimulator.builder().merchant(" ")).hasMessageContaining("appid");
    }

    @Test
    void theComponentIsPointedAtTheSimulatorAsAnyOfThem() {
        assertThat(second.componentProperties("camel.component.ksher."))
                .containsEntry("camel.component.ksher.appId", "mch2")
                .containsEntry("camel.component.ksher.privateKey", second.merchantKey())
                .containsEntry("camel.component.ksher.apiUrl", ksher.apiUrl())
                .containsEntry("camel.component.ksher.gatewayUrl", ksher.gatewayUrl())
                .containsEntry("camel.component.ksher.ksherPublicKey", ksher.publicKey())
                .hasSize(5);
        assertThat(ksher.componentProperties("")).containsEntry("appId", "mch10001");
    }

    @Test
    void theControlApiNamesTheMerchantInBodyOrQuery() throws Exception {
        JsonNode opened = control("POST", "/orders", "{\"appid\":\"mch2\",\"mch_order_no\":\"A1\"}");
        assertThat(opened.get("appid").asText()).isEqualTo("mch2");
        control("POST", "/orders", "[{\"mch_order_no\":\"A1\"},{\"appid\":\"mch2\",\"mch_order_no\":\"B1\"}]");
        control("POST", "/orders?appid=mch2", "[{\"mch_order_no\":\"C1\"}]");
        assertThat(control("GET", "/orders?appid=mch2", "")).hasSize(3);
        assertThat(control("GET", "/orders", "")).hasSize(1);
        control("POST", "/orders/A1/pay?appid=mch2", "");
        control("POST", "/orders/B1/pay", "{\"appid\":\"mch2\"}");
        assertThat(second.order("A1").state()).isEqualTo(State.SUCCESS);
        assertThat(second.order("B1").state()).isEqualTo(State.SUCCESS);
        assertThat(ksher.order("A1").state()).isEqualTo(State.NOTPAY);
        assertThat(control("GET", "/orders/A1?appid=mch2", "").get("state").asText())
                .isEqualTo("SUCCESS");
        two.orderQuery("A1");
        assertThat(control("GET", "/calls?appid=mch2", "").get("calls")).hasSize(1);
        assertThat(control("GET", "/calls?appid=mch10001", "").get("calls")).isEmpty();
        assertThat(control("GET", "/keys", "").get("merchants").get("mch2").asText())
                .isEqualTo(second.merchantPublicKey());
        assertThat(one.control("GET", "/orders?appid=mch99", "").http().statusCode())
                .isEqualTo(404);
        assertThat(one.control("GET", "/orders?apid=mch2", "").http().statusCode())
                .isEqualTo(400);
    }

    private JsonNode control(String method, String path, String body) throws Exception {
        Merchant.Received reply = one.control(method, path, body);
        assertThat(reply.http().statusCode()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }
}
