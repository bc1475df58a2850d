/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.fault.FaultKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallsTest {

    private static Instant now = Instant.parse("2026-11-23T12:00:00Z");

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension(
            KsherSimulator.builder().queryInterval(Duration.ZERO).clock(() -> now));

    private final KsherSimulator ksher = KSHER.simulator();
    private final Merchant merchant = new Merchant(ksher);

    @ParameterizedTest
    @EnumSource(KsherOrder.State.class)
    void bothQueriesAnswerEveryStateSigned(KsherOrder.State state) throws Exception {
        ksher.open(KsherOrder.of("A1").state(state));
        ksher.open(KsherOrder.gateway("G1").state(state));
        for (String operation : new String[] {"orderQuery", "gatewayQuery"}) {
            String number = operation.equals("orderQuery") ? "A1" : "G1";
            Merchant.Received reply = merchant.call(operation, number);
            assertThat(reply.result()).isEqualTo(state.name());
            assertThat(reply.data()).containsEntry("mch_order_no", number).containsEntry("appid", ksher.appId());
            assertThat(reply.verifies(ksher.publicKey())).isTrue();
        }
    }

    @Test
    void repliesVerifyWithTheSecondKeyOnlyWhenTheRequestAsksForV2() throws Exception {
        ksher.open(KsherOrder.of("A1").merchantRemark("测试 é 😀").attach("a=b&c"));
        Merchant.Received v2 =
                merchant.post("orderQuery", merchant.signed(merchant.form("A1")), "ksher-sign-version", "V2");
        assertThat(v2.verifies(ksher.publicKeyV2())).isTrue();
        assertThat(v2.verifies(ksher.publicKey())).isFalse();
        assertThat(v2.data()).containsEntry("merchant_remark", "测试 é 😀");
    }

    @Test
    void theOrderCallsEchoTheNonce() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        for (String operation : new String[] {"orderQuery", "orderClose"}) {
            Map<String, String> form = merchant.signed(merchant.form("A1"));
            assertThat(merchant.post(operation, form).data()).containsEntry("nonce_str", form.get("nonce_str"));
        }
    }

    @Test
    void findsAnOrderByAnyOfItsNumbersButNotByTwoOfDifferentOrders() throws Exception {
        KsherOrder a = ksher.open(KsherOrder.of("A1"));
        KsherOrder b = ksher.open(KsherOrder.of("B1"));
        Map<String, String> byKsher = merchant.form("");
        byKsher.remove("mch_order_no");
        byKsher.put("ksher_order_no", a.ksherOrderNo());
        assertThat(merchant.post("orderQuery", merchant.signed(byKsher)).data()).containsEntry("mch_order_no", "A1");
        Map<String, String> mixed = merchant.form("A1");
        mixed.put("channel_order_no", b.channelOrderNo());
        assertThat(merchant.post("orderQuery", merchant.signed(mixed)).error()).isEqualTo("KSHER_INVALID_ORDER_NO");
    }

    @Test
    void unknownOrdersAreSignedFailuresOnOrderCallsAndCodeMinusThreeOnTheGateway() throws Exception {
        for (String operation : new String[] {"orderQuery", "orderClose"}) {
            Merchant.Received reply = merchant.call(operation, "none");
            assertThat(reply.result()).isEqualTo("FAIL");
            assertThat(reply.error()).isEqualTo("KSHER_INVALID_ORDER_NO");
            assertThat(reply.verifies(ksher.publicKey())).isTrue();
        }
        assertThat(merchant.gatewayCancel("none").code()).isEqualTo(-3);
        assertThat(merchant.gatewayQuery("none").code()).isEqualTo(-3);
    }

    @Test
    void closeClosesOnceAndThenAnswersClosed() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        assertThat(merchant.orderClose("A1").result()).isEqualTo("SUCCESS");
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.CLOSED);
        Merchant.Received again = merchant.orderClose("A1");
        assertThat(again.result()).isEqualTo("CLOSED");
        assertThat(again.verifies(ksher.publicKey())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS", "REFUND"})
    void paidOrdersCannotBeClosedOrCancelled(KsherOrder.State state) throws Exception {
        ksher.open(KsherOrder.of("A1").state(state));
        ksher.open(KsherOrder.gateway("G1").state(state));
        assertThat(merchant.orderClose("A1").error()).isEqualTo("KSHER_ORDER_PAID");
        assertThat(merchant.gatewayCancel("G1").code()).isEqualTo(-4);
        assertThat(ksher.order("A1").state()).isEqualTo(state);
    }

    @Test
    void cancelSucceedsUnsignedAndOnlyOnce() throws Exception {
        ksher.open(KsherOrder.gateway("A1"));
        Merchant.Received reply = merchant.gatewayCancel("A1");
        assertThat(reply.code()).isZero();
        assertThat(reply.json().get("data").asText()).isEqualTo("取消成功");
        assertThat(reply.json().has("sign")).isFalse();
        assertThat(merchant.gatewayCancel("A1").code()).isEqualTo(-5);
        assertThat(merchant.gatewayQuery("A1").result()).isEqualTo("CLOSED");
    }

    @Test
    void cancelCanBeAnsweredWithASignedObject() throws Exception {
        try (KsherSimulator signing = KsherSimulator.builder()
                .queryInterval(Duration.ZERO)
                .signedCancels()
                .start()) {
            Merchant caller = new Merchant(signing);
            signing.open(KsherOrder.gateway("G1"));
            signing.open(KsherOrder.gateway("G2"));
            assertSignedCancel(caller.gatewayCancel("G1"), signing);
            assertThat(caller.gatewayCancel("G1").code()).isEqualTo(-5);
            signing.faults().next(Fault.result("SYSTEMERROR"));
            Merchant.Received failed = caller.gatewayCancel("G2");
            assertThat(failed.result()).isEqualTo("FAIL");
            assertThat(failed.verifies(signing.publicKey())).isTrue();
            signing.faults().next(Fault.otherOrder());
            assertThat(caller.gatewayCancel("G2").data().get("mch_order_no")).isNotEqualTo("G2");
        }
    }

    @Test
    void aSingleCancelCanBeAnsweredWithASignedObject() throws Exception {
        ksher.open(KsherOrder.gateway("G1"));
        ksher.faults().next(Fault.signedCancel());
        assertSignedCancel(merchant.gatewayCancel("G1"), ksher);
        assertThat(ksher.calls()).extracting(CallRecord::fault).containsExactly(FaultKind.SIGNED_CANCEL);
        ksher.faults().next(Fault.signedCancel());
        assertThat(merchant.gatewayCancel("G1").code()).isEqualTo(-5);
        assertThat(ksher.calls().get(1).fault()).isNull();
    }

    private static void assertSignedCancel(Merchant.Received reply, KsherSimulator signing) {
        assertThat(reply.code()).isZero();
        assertThat(reply.verifies(signing.publicKey())).isTrue();
        assertThat(reply.data())
                .containsOnlyKeys("appid", "mch_order_no", "nonce_str", "result")
                .containsEntry("appid", signing.appId())
                .containsEntry("mch_order_no", "G1")
                .containsEntry("result", "SUCCESS");
    }

    @ParameterizedTest
    @ValueSource(ints = {-4, -6})
    void aCardPaymentInItsPasswordStepCannotBeStopped(int code) throws Exception {
        ksher.open(KsherOrder.of("A1").otp(code));
        ksher.open(KsherOrder.gateway("G1").otp(code));
        assertThat(merchant.gatewayCancel("G1").code()).isEqualTo(code);
        assertThat(merchant.orderClose("A1").error()).isEqualTo("PAYMENT_IN_PROCESS");
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.USERPAYING);
        ksher.pay("A1");
        assertThat(merchant.orderClose("A1").error()).isEqualTo("KSHER_ORDER_PAID");
    }

    @Test
    void aSavedQrCodeIsPaidAfterTheCancel() throws Exception {
        ksher.open(KsherOrder.gateway("A1").paysAfterCancel());
        ksher.open(KsherOrder.of("B1").paysAfterCancel(1));
        assertThat(merchant.gatewayCancel("A1").code()).isZero();
        assertThat(merchant.gatewayQuery("A1").result()).isEqualTo("SUCCESS");
        assertThat(merchant.orderClose("B1").result()).isEqualTo("SUCCESS");
        assertThat(merchant.orderQuery("B1").result()).isEqualTo("CLOSED");
        assertThat(merchant.orderQuery("B1").result()).isEqualTo("SUCCESS");
    }

    @Test
    void aQuickCustomerPaysRightAfterTheQuery() throws Exception {
        ksher.open(KsherOrder.of("A1").paysAfterQueries(2));
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("NOTPAY");
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("NOTPAY");
        assertThat(merchant.orderClose("A1").error()).isEqualTo("KSHER_ORDER_PAID");
    }

    @Test
    void anUnpaidOrderExpiresAndAPaidOneDoesNot() throws Exception {
        ksher.open(KsherOrder.of("A1").expiresAt(now.plusSeconds(60)));
        ksher.open(KsherOrder.of("B1").state(KsherOrder.State.SUCCESS).expiresAt(now.plusSeconds(60)));
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("NOTPAY");
        now = now.plusSeconds(60);
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("CLOSED");
        assertThat(merchant.orderQuery("B1").result()).isEqualTo("SUCCESS");
        ksher.open(KsherOrder.gateway("C1"));
        ksher.expire("C1");
        assertThat(merchant.gatewayCancel("C1").code()).isEqualTo(-5);
    }

    @Test
    void oneOrderMayBeQueriedEveryTenSeconds() throws Exception {
        try (KsherSimulator strict = KsherSimulator.builder().clock(() -> now).start()) {
            Merchant eager = new Merchant(strict);
            strict.open(KsherOrder.of("A1"));
            strict.open(KsherOrder.of("B1"));
            strict.open(KsherOrder.gateway("G1"));
            assertThat(eager.orderQuery("A1").result()).isEqualTo("NOTPAY");
            Merchant.Received early = eager.orderQuery("A1");
            assertThat(early.error()).isEqualTo("KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS");
            assertThat(early.verifies(strict.publicKey())).isTrue();
            assertThat(eager.gatewayQuery("G1").result()).isEqualTo("NOTSURE");
            assertThat(eager.gatewayQuery("G1").code()).isEqualTo(-100);
            assertThat(eager.orderQuery("B1").result()).isEqualTo("NOTPAY");
            now = now.plusSeconds(10);
            assertThat(eager.orderQuery("A1").result()).isEqualTo("NOTPAY");
        }
    }
}
