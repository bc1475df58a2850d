/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelksher.simulator.fault.FaultKind.Wait;
import io.github.camelksher.simulator.protocol.ApiCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    private final KsherSimulator ksher = KSHER.simulator();
    private final Merchant merchant = new Merchant(ksher);

    @Test
    void isHealthyAndShowsItsPublicKeys() throws Exception {
        assertThat(get("/health").json()).isEqualTo(Merchant.JSON.readTree("{\"status\":\"UP\"}"));
        JsonNode keys = get("/keys").json();
        assertThat(keys.get("appId").asText()).isEqualTo("mch10001");
        assertThat(keys.get("ksherV1").asText()).isEqualTo(ksher.publicKey());
        assertThat(keys.get("ksherV2").asText()).isEqualTo(ksher.publicKeyV2());
        assertThat(keys.toString()).doesNotContain("PRIVATE");
    }

    @Test
    void opensOneOrderOrMany() throws Exception {
        JsonNode one = post("/orders", "{\"mch_order_no\":\"A1\",\"amount\":12300,\"currency\":\"THB\"}")
                .json();
        assertThat(one.get("state").asText()).isEqualTo("NOTPAY");
        assertThat(one.get("ksher_order_no").asText()).isNotEmpty();
        assertThat(post("/orders", "[{\"mch_order_no\":\"B1\"},{\"mch_order_no\":\"C1\"}]")
                        .json())
                .hasSize(2);
        assertThat(get("/orders").json()).hasSize(3);
        assertThat(ksher.order("A1").amount()).isEqualTo(12300);
    }

    @Test
    void understandsEveryFieldOfAnOrder() throws Exception {
        String all =
                """
                {"mch_order_no":"A1","ksher_order_no":"K1","channel_order_no":"C1","channel":"promptpay","amount":5,
                 "currency":"THB","attach":"a","operator_id":"o","openid":"p","merchant_remark":"r","state":"SUCCESS",
                 "expires_at":"2026-01-31T12:00:00Z","pays_after_cancel":0,"pays_after_queries":1,"otp":-4}""";
        assertThat(post("/orders", all).http().statusCode()).isEqualTo(200);
        Map<String, Object> data = merchant.orderQuery("A1").data();
        assertThat(data)
                .containsEntry("attach", "a")
                .containsEntry("operator_id", "o")
                .containsEntry("openid", "p");
        assertThat(data).containsEntry("channel", "promptpay").containsEntry("ksher_order_no", "K1");
    }

    @Test
    void opensAnOrderOfTheGatewayAndChoosesItsWallet() throws Exception {
        String order = "{\"api\":\"gateway\",\"mch_order_no\":\"G1\",\"pay_mch_order_no\":\"P1\"}";
        JsonNode opened = post("/orders", order).json();
        assertThat(opened.get("api").asText()).isEqualTo("gateway");
        assertThat(opened.get("state").asText()).isEqualTo("NOTSURE");
        assertThat(opened.get("pay_mch_order_no").asText()).isEqualTo("P1");
        assertThat(opened.get("wallet_chosen").asBoolean()).isFalse();
        assertError(post("/orders/G1/choose-wallet", "{\"chanel\":\"alipay\"}"), 400);
        JsonNode chosen =
                post("/orders/G1/choose-wallet", "{\"channel\":\"alipay\"}").json();
        assertThat(chosen.get("state").asText()).isEqualTo("USERPAYING");
        assertThat(chosen.get("channel").asText()).isEqualTo("alipay");
        assertThat(chosen.get("wallet_chosen").asBoolean()).isTrue();
        String looked = "{\"api\":\"gateway\",\"mch_order_no\":\"G2\",\"wallet_chosen\":true}";
        assertThat(post("/orders", looked).json().get("wallet_chosen").asBoolean())
                .isTrue();
        assertThat(post("/orders", "{\"mch_order_no\":\"A1\"}")
                        .json()
                        .get("api")
                        .asText())
                .isEqualTo("ksherpay");
        assertError(post("/orders/A1/choose-wallet", ""), 400);
        ksher.close("G1");
        assertError(post("/orders/G1/choose-wallet", ""), 400);
        assertError(post("/orders/none/choose-wallet", ""), 404);
    }

    @Test
    void movesAnOrderThroughItsStates() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        assertThat(post("/orders/A1/pay", "").json().get("state").asText()).isEqualTo("SUCCESS");
        assertThat(post("/orders/A1/refund", "").json().get("state").asText()).isEqualTo("REFUND");
        ksher.open(KsherOrder.of("B1"));
        assertThat(post("/orders/B1/close", "").json().get("state").asText()).isEqualTo("CLOSED");
        ksher.open(KsherOrder.of("C1"));
        assertThat(post("/orders/C1/expire", "").json().get("state").asText()).isEqualTo("CLOSED");
        assertThat(get("/orders/C1").json().get("state").asText()).isEqualTo("CLOSED");
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a%2Fb",
        "with space, with%20space",
        "测试, %E6%B5%8B%E8%AF%95",
        "50%, 50%25",
        "a+b, a+b",
        "a;b?c#d, a%3Bb%3Fc%23d",
        "a%2Fb, a%252Fb",
        "'a\\b', a%5Cb"
    })
    void orderNumbersMayHaveAnyCharacterWhenPercentEncoded(String number, String encoded) throws Exception {
        ksher.open(KsherOrder.of(number));
        assertThat(get("/orders/" + encoded).json().path("mch_order_no").asText())
                .isEqualTo(number);
        assertThat(post("/orders/" + encoded + "/pay", "").http().statusCode()).isEqualTo(200);
        assertThat(merchant.orderQuery(number).result()).isEqualTo("SUCCESS");
        assertThat(get("/calls?order=" + encoded.replace("+", "%2B")).json().get("calls"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "{}",
                "{\"mch_order_no\":\"\"}",
                "{\"mch_order_no\":\"A1\",\"amout\":1}",
                "{\"mch_order_no\":\"A1\",\"amount\":1.5}",
                "{\"mch_order_no\":\"A1\",\"amount\":-1}",
                "{\"mch_order_no\":\"A1\",\"state\":\"PAID\"}",
                "{\"mch_order_no\":\"A1\",\"api\":\"other\"}",
                "{\"mch_order_no\":\"A1\",\"pay_mch_order_no\":\"P1\"}",
                "{\"mch_order_no\":\"A1\",\"wallet_chosen\":\"yes\"}",
                "{\"mch_order_no\":\"A1\",\"expires_at\":\"soon\"}",
                "{\"mch_order_no\":\"A1\",\"pays_after_queries\":4294967297}",
                "[{\"mch_order_no\":\"A1\"},{\"mch_order_no\":\"\"}]",
                "[1]",
                "\"A1\"",
                ""
            })
    void aWrongOrderIsRefusedWithAReasonAndOpensNothing(String body) throws Exception {
        assertError(post("/orders", body), 400);
        assertThat(ksher.orders()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"BOOM\"}",
                "{}",
                "",
                "[]",
                "{\"kind\":\"HTML\",\"operation\":\"orderPay\"}",
                "{\"kind\":\"HTML\",\"times\":0}",
                "{\"kind\":\"HTML\",\"rate\":2}",
                "{\"kind\":\"HTML\",\"rate\":\"0.5\"}",
                "{\"kind\":\"HTML\",\"rate\":0.5,\"order\":\"A1\"}",
                "{\"kind\":\"HTML\",\"rate\":0.5,\"operation\":\"orderClose\"}",
                "{\"kind\":\"HTML\",\"rate\":0.5,\"times\":2}",
                "{\"kind\":\"HTML\",\"seed\":2}",
                "{\"kind\":\"HTML\",\"carriedOut\":\"yes\"}",
                "{\"kind\":\"DELAY\",\"millis\":86400001}",
                "{\"kind\":\"STATUS\",\"retryAfter\":-1}",
                "{\"kind\":\"HTML\",\"oder\":\"A1\"}",
                "{\"kind\":\"STATUS\",\"status\":99}",
                "{\"kind\":\"DELAY\",\"millis\":-1}",
                "{\"kind\":\"REFUSAL\"}",
                "{\"kind\":\"HTML\",\"appid\":\"mch2\"}",
                "{\"kind\":\"REFUSAL\",\"code\":0}"
            })
    void aWrongFaultIsRefusedWithAReason(String body) throws Exception {
        assertError(post("/faults", body), 400);
    }

    @Test
    void armsAndDisarmsFaults() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        String fault =
                """
                {"kind":"STATUS","status":429,"retryAfter":3,"carriedOut":true,"order":"A1","operation":"orderClose"}""";
        assertThat(post("/faults", fault).http().statusCode()).isEqualTo(200);
        Merchant.Received reply = merchant.orderClose("A1");
        assertThat(reply.http().statusCode()).isEqualTo(429);
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.CLOSED);
        post("/faults", "{\"kind\":\"HTML\",\"rate\":1,\"seed\":3}");
        assertThat(merchant.orderQuery("A1").text()).startsWith("<html>");
        post("/faults", "{\"kind\":\"REFUSAL\",\"code\":-6}");
        assertThat(merchant.orderQuery("A1").code()).isEqualTo(-6);
        post("/faults", "{\"kind\":\"RESULT\",\"errCode\":\"E\"}");
        assertThat(merchant.orderQuery("A1").error()).isEqualTo("E");
        post("/faults", "{\"kind\":\"STATE\",\"result\":\"BRAND_NEW\"}");
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("BRAND_NEW");
        ksher.open(KsherOrder.gateway("G1"));
        post("/faults", "{\"kind\":\"SIGNED_CANCEL\"}");
        assertThat(merchant.gatewayCancel("G1").result()).isEqualTo("SUCCESS");
        post("/faults", "{\"kind\":\"SINGLE_QUOTES\"}");
        assertThat(merchant.gatewayCancel("G1").text()).startsWith("{'");
        merchant.control("DELETE", "/faults", "");
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("CLOSED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"min\":-1}",
                "{\"min\":2,\"max\":1}",
                "{\"min\":1,\"max\":86400001}",
                "{\"min\":1,\"sed\":7}",
                "{\"min\":\"1\"}"
            })
    void aWrongLatencyIsRefusedWithAReason(String body) throws Exception {
        assertError(post("/latency", body), 400);
    }

    @Test
    void aLatencyLastsUntilTheFaultsAreCleared() throws Exception {
        assertThat(post("/latency", "{\"min\":20,\"max\":300,\"seed\":7}")
                        .http()
                        .statusCode())
                .isEqualTo(200);
        Faults same = new Faults();
        same.latency(Duration.ofMillis(20), Duration.ofMillis(300), 7);
        Wait wait = ksher.faults().pickWait(ApiCall.ORDER_QUERY, "A1", 0);
        assertThat(wait).isEqualTo(same.pickWait(ApiCall.ORDER_QUERY, "A1", 0));
        merchant.control("DELETE", "/faults", "");
        wait = ksher.faults().pickWait(ApiCall.ORDER_QUERY, "A1", 0);
        assertThat(wait).isEqualTo(new Wait(0, 0));
    }

    @Test
    void whatIsNotThereIs404AndWhatCannotBeDoneIs400() throws Exception {
        assertError(get("/orders/none"), 404);
        assertError(post("/orders/none/pay", ""), 404);
        assertError(get("/nothing"), 404);
        assertError(merchant.control("DELETE", "/orders", ""), 404);
        ksher.open(KsherOrder.of("A1"));
        assertError(post("/orders/A1/explode", ""), 404);
        assertError(post("/orders/A1/refund", ""), 400);
        assertError(post("/orders", "{\"mch_order_no\":\"A1\"}"), 400);
        assertError(get("/calls?limit=x"), 400);
        assertError(get("/calls?after=-1"), 400);
        assertError(get("/calls?ordr=A1"), 400);
        assertError(post("/orders/A1/pay", "{\"amount\":1}"), 400);
        assertError(post("/orders/A1/pay", "[]"), 400);
    }

    @Test
    void theCallLogShowsWhatHappenedToWhichOrder() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        merchant.orderQuery("A1");
        merchant.orderClose("A1");
        merchant.orderQuery("none");
        assertThat(ksher.calls())
                .extracting(CallRecord::operation)
                .containsExactly("orderQuery", "orderClose", "orderQuery");
        JsonNode calls = get("/calls?order=A1").json().get("calls");
        assertThat(calls).hasSize(2);
        assertThat(Instant.parse(calls.get(1).get("arrived").asText()))
                .isBetween(
                        Instant.parse(calls.get(0).get("time").asText()),
                        Instant.parse(calls.get(1).get("time").asText()));
        assertThat(calls.get(1).get("stateBefore").asText()).isEqualTo("NOTPAY");
        assertThat(calls.get(1).get("stateAfter").asText()).isEqualTo("CLOSED");
        assertThat(get("/calls?limit=1").json().get("calls").get(0).get("error").asText())
                .isEqualTo("KSHER_INVALID_ORDER_NO");
    }

    @Test
    void theCallLogCanBeReadPageByPage() throws Exception {
        for (String order : List.of("1", "2", "1", "1", "2")) {
            merchant.orderQuery(order);
        }
        assertThat(pages("")).containsExactly("12", "11", "2", "");
        assertThat(pages("&order=1")).containsExactly("11", "1", "");
        assertThat(pages("&order=2")).containsExactly("22", "");
        // A reader with a number from before a reset reads on from the end.
        assertThat(get("/calls?after=99").json().get("last").asLong()).isEqualTo(5);
    }

    /** The orders on each page of two calls, up to the first page without any. */
    private List<String> pages(String filter) throws Exception {
        List<String> pages = new ArrayList<>();
        long last = 0;
        do {
            JsonNode page = get("/calls?after=" + last + "&limit=2" + filter).json();
            last = page.get("last").asLong();
            pages.add(page.get("calls").findValuesAsText("order").stream().collect(Collectors.joining()));
        } while (!pages.get(pages.size() - 1).isEmpty());
        assertThat(last).isEqualTo(5);
        return pages;
    }

    @Test
    void manyOrdersAreOpenedAtOnce() throws Exception {
        String list = IntStream.range(0, 100_000)
                .mapToObj(i -> "{\"mch_order_no\":\"M" + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(post("/orders", list).json()).hasSize(100_000);
        assertThat(get("/orders").json()).hasSize(100_000);
    }

    @Test
    void theCallLogForgetsTheOldestCallsAndCountsThem() throws Exception {
        try (KsherSimulator small = KsherSimulator.builder().callLogSize(2).start()) {
            Merchant caller = new Merchant(small);
            for (String order : List.of("1", "2", "3")) {
                caller.orderQuery(order);
            }
            assertThat(small.calls()).extracting(CallRecord::order).containsExactly("2", "3");
            assertThat(small.droppedCalls()).isEqualTo(1);
            JsonNode page = caller.control("GET", "/calls?after=0&limit=1", "").json();
            assertThat(page.get("calls").findValuesAsText("order")).containsExactly("2");
            assertThat(page.get("last").asLong()).isEqualTo(2);
        }
    }

    @Test
    void resetForgetsEverythingButKeysAndPort() throws Exception {
        String key = ksher.publicKey();
        ksher.open(KsherOrder.of("A1"));
        merchant.orderQuery("A1");
        ksher.faults().next(Fault.html());
        assertThat(post("/reset", "").http().statusCode()).isEqualTo(200);
        assertThat(ksher.orders()).isEmpty();
        assertThat(ksher.calls()).isEmpty();
        assertThat(ksher.publicKey()).isEqualTo(key);
        assertThat(merchant.orderQuery("A1").error()).isEqualTo("KSHER_INVALID_ORDER_NO");
    }

    private Merchant.Received get(String path) throws Exception {
        return merchant.control("GET", path, "");
    }

    private Merchant.Received post(String path, String body) throws Exception {
        return merchant.control("POST", path, body);
    }

    private static void assertError(Merchant.Received reply, int status) {
        assertThat(reply.http().statusCode()).isEqualTo(status);
        assertThat(reply.json().path("error").asText()).isNotBlank();
    }
}
