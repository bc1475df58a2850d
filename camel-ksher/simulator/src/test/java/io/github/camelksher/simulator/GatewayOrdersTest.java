/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.simulator.KsherOrder.State;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The states of an order of the gateway, and which calls know it. */
class GatewayOrdersTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    private final KsherSimulator ksher = KSHER.simulator();
    private final Merchant merchant = new Merchant(ksher);

    @Test
    void beginsAsNotSureWithoutAWallet() throws Exception {
        KsherOrder order = ksher.open(KsherOrder.gateway("G1"));
        assertThat(order.state()).isEqualTo(State.NOTSURE);
        assertThat(order.isGateway()).isTrue();
        assertThat(order.isWalletChosen()).isFalse();
        assertThat(merchant.gatewayQuery("G1").data())
                .containsEntry("result", "NOTSURE")
                .containsEntry("channel", "")
                .containsEntry("pay_mch_order_no", order.payMchOrderNo());
    }

    @Test
    void isUserPayingOnceAWalletIsChosenAndThenPaid() throws Exception {
        ksher.open(KsherOrder.gateway("G1"));
        ksher.chooseWallet("G1", "alipay");
        assertThat(merchant.gatewayQuery("G1").data())
                .containsEntry("result", "USERPAYING")
                .containsEntry("channel", "alipay")
                .containsEntry("time_end", "");
        ksher.pay("G1");
        assertThat(merchant.gatewayQuery("G1").data())
                .containsEntry("result", "SUCCESS")
                .containsEntry("channel", "alipay")
                .containsEntry("rate", "1.000000");
    }

    @Test
    void payingChoosesAWalletIfNoneWasChosen() throws Exception {
        ksher.open(KsherOrder.gateway("G1").channel("promptpay"));
        ksher.pay("G1");
        assertThat(ksher.order("G1").isWalletChosen()).isTrue();
        assertThat(merchant.gatewayQuery("G1").data()).containsEntry("channel", "promptpay");
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"NOTPAY", "USERPAYING", "PENDING", "PAYERROR"})
    void oneOpenedInAnotherOpenStateHasAWallet(State state) throws Exception {
        ksher.open(KsherOrder.gateway("G1").state(state));
        assertThat(merchant.gatewayQuery("G1").data())
                .containsEntry("result", state.name())
                .containsEntry("channel", "wechat");
    }

    @Test
    void notSureCanHaveAWalletToo() throws Exception {
        ksher.open(KsherOrder.gateway("G1").walletChosen());
        assertThat(merchant.gatewayQuery("G1").data())
                .containsEntry("result", "NOTSURE")
                .containsEntry("channel", "wechat");
    }

    @Test
    void canBeCancelledBeforeAndAfterAWalletWasChosen() throws Exception {
        ksher.open(KsherOrder.gateway("G1"));
        ksher.open(KsherOrder.gateway("G2").walletChosen());
        for (String number : new String[] {"G1", "G2"}) {
            assertThat(merchant.gatewayCancel(number).code()).isZero();
            assertThat(merchant.gatewayQuery(number).data())
                    .containsEntry("result", "CLOSED")
                    .containsEntry("channel", "");
        }
    }

    @Test
    void eachPairOfCallsKnowsItsOwnOrdersOnly() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        ksher.open(KsherOrder.gateway("G1").walletChosen());
        assertThat(merchant.orderQuery("G1").error()).isEqualTo("KSHER_INVALID_ORDER_NO");
        assertThat(merchant.orderClose("G1").error()).isEqualTo("KSHER_INVALID_ORDER_NO");
        assertThat(merchant.gatewayQuery("A1").code()).isEqualTo(-3);
        assertThat(merchant.gatewayCancel("A1").code()).isEqualTo(-3);
        assertThat(ksher.order("A1").state()).isEqualTo(State.NOTPAY);
        assertThat(ksher.order("G1").state()).isEqualTo(State.NOTSURE);
    }

    @Test
    void ksherPayKnowsOneByItsPayNumberOnceAWalletWasChosen() throws Exception {
        KsherOrder order = ksher.open(KsherOrder.gateway("G1"));
        String number = order.payMchOrderNo();
        assertThat(merchant.orderQuery(number).error()).isEqualTo("KSHER_INVALID_ORDER_NO");
        assertThat(byKsherOrderNo(order).error()).isEqualTo("KSHER_INVALID_ORDER_NO");
        ksher.chooseWallet("G1");
        assertThat(merchant.orderQuery(number).data())
                .containsEntry("result", "USERPAYING")
                .containsEntry("mch_order_no", number);
        assertThat(byKsherOrderNo(order).data()).containsEntry("mch_order_no", number);
        assertThat(merchant.orderClose(number).data())
                .containsEntry("result", "SUCCESS")
                .containsEntry("mch_order_no", number);
        assertThat(merchant.gatewayQuery("G1").result()).isEqualTo("CLOSED");
        assertThat(ksher.calls()).extracting(CallRecord::order).contains("G1").doesNotContain("");
    }

    @Test
    void sharedOrdersAreKnownToAllFourCallsByTheNumberAskedFor() throws Exception {
        try (KsherSimulator shared = KsherSimulator.builder()
                .queryInterval(Duration.ZERO)
                .sharedOrders()
                .start()) {
            Merchant caller = new Merchant(shared);
            KsherOrder order = shared.open(KsherOrder.gateway("G1").walletChosen());
            shared.open(KsherOrder.of("A1"));
            assertThat(caller.gatewayQuery("A1").result()).isEqualTo("NOTPAY");
            assertThat(caller.orderQuery("G1").data()).containsEntry("mch_order_no", "G1");
            assertThat(caller.orderQuery(order.payMchOrderNo()).data())
                    .containsEntry("mch_order_no", order.payMchOrderNo());
            assertThat(caller.gatewayCancel("A1").code()).isZero();
        }
    }

    @Test
    void aNumberBelongsToOneOrderOfBothKinds() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        assertThatThrownBy(() -> ksher.open(KsherOrder.gateway("A1"))).hasMessageContaining("already open");
        ksher.open(KsherOrder.gateway("G1").payMchOrderNo("P1"));
        assertThatThrownBy(() ->
                        ksher.open(KsherOrder.gateway("G2").payMchOrderNo("P1").ksherOrderNo("K2")))
                .hasMessageContaining("pay_mch_order_no P1");
        // An order that was refused leaves none of its numbers behind.
        assertThat(ksher.open(KsherOrder.gateway("G2").ksherOrderNo("K2")).ksherOrderNo())
                .isEqualTo("K2");
    }

    @Test
    void aPaymentByCardHasAChannelNumberAsLongAsRealOnes() throws Exception {
        assertThat(ksher.open(KsherOrder.of("A1").channel("card")).channelOrderNo())
                .hasSize(46);
        String longest = "c".repeat(64);
        assertThat(ksher.open(KsherOrder.of("A2").channelOrderNo(longest)).channelOrderNo())
                .isEqualTo(longest);
        assertThatThrownBy(() -> KsherOrder.of("A3").channelOrderNo(longest + "c"))
                .hasMessageContaining("64");
        assertThatThrownBy(() -> KsherOrder.of("A3").ksherOrderNo("k".repeat(33)))
                .hasMessageContaining("32");
    }

    private Merchant.Received byKsherOrderNo(KsherOrder order) throws Exception {
        Map<String, String> form = merchant.form("");
        form.remove("mch_order_no");
        form.put("ksher_order_no", order.ksherOrderNo());
        return merchant.post("orderQuery", merchant.signed(form));
    }
}
