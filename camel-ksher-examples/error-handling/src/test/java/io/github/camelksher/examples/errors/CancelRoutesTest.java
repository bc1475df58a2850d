/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each order comes to exactly one end. */
class CancelRoutesTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final Main main = new Main();

    @BeforeEach
    void start(KsherSimulator ksher) throws Exception {
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addInitialProperty("ksher.pace", "1");
        main.addInitialProperty("camel.component.ksher.app-id", ksher.appId());
        main.addInitialProperty("camel.component.ksher.private-key", ksher.merchantKey());
        main.addInitialProperty("camel.component.ksher.ksher-public-key", ksher.publicKey());
        main.addInitialProperty("camel.component.ksher.gateway-url", ksher.gatewayUrl());
        main.configure().addRoutesBuilder(new CancelRoutes());
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                for (String end : List.of("paid", "cancelled", "person")) {
                    from("direct:" + end).process(exchange -> {
                        Object unknown = exchange.getMessage().getHeader("outcomeUnknown");
                        ends.add(unknown == null ? end : end + ", outcomeUnknown=" + unknown);
                    });
                }
            }
        });
        main.start();
    }

    @AfterEach
    void stop() {
        main.stop();
    }

    private void cancel() throws Exception {
        main.getCamelTemplate().sendBody("direct:cancelUnpaid", "A-1");
    }

    private static long cancels(KsherSimulator ksher) {
        return ksher.calls().stream()
                .filter(call -> call.operation().equals("gatewayCancel"))
                .count();
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,paid", "CLOSED,cancelled", "REFUND,'person, outcomeUnknown=false'"})
    void anOrderThatIsNotOpenIsNotCancelledAndComesToItsEnd(KsherOrder.State state, String end, KsherSimulator ksher)
            throws Exception {
        ksher.open(KsherOrder.gateway("A-1").state(state));
        cancel();
        assertThat(ends).containsExactly(end);
        assertThat(cancels(ksher)).isZero();
    }

    @Test
    void anOrderThatIsStillOpenGoesToAPersonAfterTheLastCancelAndNotBefore(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1"));
        ksher.faults().forOrder("A-1", Fault.lostRequest(), "gatewayCancel", 3);
        cancel();
        assertThat(ends).containsExactly("person, outcomeUnknown=false");
        assertThat(cancels(ksher)).isEqualTo(3);
    }

    @Test
    void anOrderThatIsCancelledAtLastNeedsNoPerson(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1"));
        ksher.faults().forOrder("A-1", Fault.lostRequest(), "gatewayCancel", 2);
        cancel();
        assertThat(ends).containsExactly("cancelled");
    }

    @Test
    void aQueryThatCannotBeTrustedAfterACancelGoesToAPersonOnce(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1"));
        ksher.faults().next(Fault.state("NOTSURE"), "gatewayQuery");
        ksher.faults().next(Fault.badSignature(), "gatewayQuery");
        cancel();
        assertThat(ends).containsExactly("person, outcomeUnknown=true");
        assertThat(cancels(ksher)).isEqualTo(1);
    }

    @Test
    void aCancelIsNotRepeatedOnceItsOutcomeIsUnknownAlsoIfItWasRepeatedBefore(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1"));
        ksher.faults().next(Fault.status(429), "gatewayCancel");
        ksher.faults().next(Fault.lostReply(), "gatewayCancel");
        cancel();
        assertThat(ksher.calls())
                .extracting(CallRecord::operation)
                .containsExactly("gatewayQuery", "gatewayCancel", "gatewayCancel", "gatewayQuery");
        assertThat(ends).containsExactly("cancelled");
    }

    @ParameterizedTest
    @EnumSource(
            value = KsherOrder.State.class,
            names = {"NOTSURE", "NOTPAY", "PAYERROR", "PENDING", "USERPAYING"})
    void anOpenOrderIsCancelled(KsherOrder.State state, KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1").state(state));
        cancel();
        assertThat(ends).containsExactly("cancelled");
        assertThat(cancels(ksher)).isEqualTo(1);
    }

    @Test
    void anOrderThatIsPaidBetweenQueryAndCancelIsDelivered(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1").paysAfterQueries(1));
        cancel();
        assertThat(ends).containsExactly("paid");
        assertThat(cancels(ksher)).isEqualTo(1);
    }

    @Test
    void aRefusalIsNotTakenForTheStateOfTheOrder(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1"));
        ksher.faults().next(Fault.refusal(-4), "gatewayCancel");
        ksher.faults().next(Fault.refusal(-5), "gatewayCancel");
        cancel();
        assertThat(ends).containsExactly("cancelled");
        assertThat(cancels(ksher)).isEqualTo(3);
    }

    @Test
    void aPersonIsToldOfACancelWhoseReplyIsLostAlsoIfTheQueriesAfterItFail(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1"));
        ksher.faults().next(Fault.lostReply(), "gatewayCancel");
        failTheQueriesAfterTheFirst(ksher);
        cancel();
        assertThat(ends).containsExactly("person, outcomeUnknown=true");
    }

    @Test
    void aPersonIsToldThatACancelWasNotCarriedOut(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("A-1"));
        ksher.faults().forOrder("A-1", Fault.status(429), "gatewayCancel", Faults.ALWAYS);
        failTheQueriesAfterTheFirst(ksher);
        cancel();
        assertThat(ends).containsExactly("person, outcomeUnknown=false");
    }

    @Test
    void aPersonIsToldNothingOfAnEarlierOrder(KsherSimulator ksher) throws Exception {
        ksher.faults().next(Fault.badSignature(), "gatewayQuery");
        main.getCamelTemplate().send("direct:cancelUnpaid", exchange -> {
            exchange.setProperty("outcomeUnknown", true);
            exchange.getMessage().setBody("A-1");
        });
        assertThat(ends).containsExactly("person, outcomeUnknown=false");
    }

    private static void failTheQueriesAfterTheFirst(KsherSimulator ksher) {
        ksher.faults().next(Fault.delay(Duration.ZERO), "gatewayQuery");
        ksher.faults().forOrder("A-1", Fault.status(503), "gatewayQuery", Faults.ALWAYS);
    }
}
