/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.fault.FaultKind;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dead letter of the recipe in docs/error-handling.md knows of a command. */
class DeadLetterTest extends CloseAndCancelTestSupport {

    /** The dead letter must have the outcome of the command, not of the query after it. */
    @ParameterizedTest
    @CsvSource({
        "direct:close, LOST_REPLY",
        "direct:close, BAD_SIGNATURE",
        "direct:close, HTML",
        "direct:cancel, LOST_REPLY",
        "direct:cancel, LOST_REQUEST",
        "direct:cancel, HTML",
    })
    void theDeadLetterRemembersACommandThatNobodyHasAnswered(String route, FaultKind kind) throws Exception {
        ksher.open(order(route));
        ksher.faults().next(fault(kind), command(route));
        failTheQueriesAfterTheFirst(route);

        Message dead = endsIn(route, "dead");

        assertThat(dead.getHeader("outcomeUnknown")).isEqualTo(true);
        assertThat(dead.getBody()).isEqualTo("A-1");
        assertThat(dead.getHeader("reason", String.class))
                .contains(query(route))
                .contains("503");
    }

    @Test
    void aCancelThatSucceededIsUnknownUntilASignedQuerySaysSo() throws Exception {
        ksher.open(order("direct:cancel"));
        failTheQueriesAfterTheFirst("direct:cancel");

        assertThat(endsIn("direct:cancel", "dead").getHeader("outcomeUnknown")).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:close", "direct:cancel"})
    void theDeadLetterKnowsThatACommandWasNotCarriedOut(String route) throws Exception {
        ksher.open(order(route));
        ksher.faults().next(Fault.status(429), command(route));
        failTheQueriesAfterTheFirst(route);

        assertThat(endsIn(route, "dead").getHeader("outcomeUnknown")).isEqualTo(false);
    }

    /** As if the exchange of one order were used for the next one. */
    @ParameterizedTest
    @ValueSource(strings = {"direct:query", "direct:close", "direct:cancel"})
    void theDeadLetterHasNothingOfAnEarlierOrder(String route) throws Exception {
        MockEndpoint dead = expect("dead", 1);

        template().send(route, exchange -> {
            exchange.setProperty("outcomeUnknown", true);
            exchange.getMessage().setBody("unknown");
        });

        MockEndpoint.assertIsSatisfied(context());
        assertThat(dead.getExchanges().get(0).getMessage().getHeader("outcomeUnknown"))
                .isEqualTo(false);
    }

    @Test
    void aLaterQueryDecidesWhatTheDeadLetterCouldNot() throws Exception {
        ksher.open(order("direct:cancel").state(State.CLOSED));
        expect("closed", 1);

        template().sendBodyAndHeaders("direct:queryLater", "A-1", Map.of("outcomeUnknown", true));

        MockEndpoint.assertIsSatisfied(context());
        assertThat(operations("A-1")).containsExactly("gatewayQuery");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLaterQueryThatFailsAsWellForgetsNothing(boolean unknown) throws Exception {
        ksher.faults().forOrder("A-1", Fault.status(503), "gatewayQuery", Faults.ALWAYS);
        MockEndpoint dead = expect("dead", 1);

        template().sendBodyAndHeaders("direct:queryLater", "A-1", Map.of("outcomeUnknown", unknown));

        MockEndpoint.assertIsSatisfied(context());
        assertThat(dead.getExchanges().get(0).getMessage().getHeader("outcomeUnknown"))
                .isEqualTo(unknown);
    }

    private static void failTheQueriesAfterTheFirst(String route) {
        ksher.faults().next(Fault.delay(Duration.ZERO), query(route));
        ksher.faults().forOrder("A-1", Fault.status(503), query(route), Faults.ALWAYS);
    }
}
