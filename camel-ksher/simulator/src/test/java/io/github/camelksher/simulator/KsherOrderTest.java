/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherOrder.State;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An order is an immutable record. */
class KsherOrderTest {

    static List<UnaryOperator<KsherOrder>> changes() {
        return List.of(
                order -> order.amount(1, "JPY"),
                order -> order.channel("alipay"),
                order -> order.ksherOrderNo("K1"),
                order -> order.channelOrderNo("C1"),
                order -> order.payMchOrderNo("P1"),
                order -> order.numbered("1"),
                KsherOrder::walletChosen,
                order -> order.attach("a"),
                order -> order.operatorId("o"),
                order -> order.openid("p"),
                order -> order.merchantRemark("r"),
                order -> order.state(State.CLOSED),
                order -> order.paidAt(Instant.EPOCH),
                order -> order.expiresAt(Instant.EPOCH),
                KsherOrder::paysAfterCancel,
                order -> order.paysAfterQueries(1),
                KsherOrder::otp,
                order -> order.notifyUrl("http://127.0.0.1/paid"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangeMakesAnotherOrderAndKeepsAllElse(UnaryOperator<KsherOrder> change) {
        KsherOrder order = KsherOrder.gateway("A1").attach("before").otp(-4);
        KsherOrder changed = change.apply(order);
        assertThat(order).isEqualTo(KsherOrder.gateway("A1").attach("before").otp(-4));
        assertThat(changed).isNotEqualTo(order).isEqualTo(change.apply(order));
        assertThat(changed.mchOrderNo()).isEqualTo("A1");
        assertThat(changed.isGateway()).isTrue();
    }

    @Test
    void showsNoPersonalData() {
        assertThat(KsherOrder.of("A1").openid("MARKER").attach("MARKER").merchantRemark("MARKER"))
                .hasToString("Order A1 NOTPAY");
    }
}
