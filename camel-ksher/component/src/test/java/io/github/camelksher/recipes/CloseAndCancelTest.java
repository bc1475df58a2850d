/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.fault.FaultKind;
import java.util.List;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The close and the cancel of docs/error-handling.md, with their queries and their dead letter. */
class CloseAndCancelTest extends CloseAndCancelTestSupport {

    static class CloseAndCancel extends RouteBuilder {
        @Override
        public void configure() {
            onException(KsherException.class)
                    .onWhen(simple("${exception.retryable}"))
                    .maximumRedeliveries(5)
                    .redeliveryDelay("{{ksher.pace:10000}}")
                    .handled(true)
                    .to("direct:deadLetter");
            onException(KsherException.class).handled(true).to("direct:deadLetter");

            from("direct:query")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .setProperty("outcomeUnknown", constant(false))
                    .to("ksher:orderQuery")
                    .to("direct:found");

            from("direct:deadLetter")
                    .filter(simple("${exception.order} != null"))
                    .setBody(simple("${exception.order}"))
                    .end()
                    .setHeader("reason", simple("${exception.message}"))
                    .setHeader("outcomeUnknown", exchangeProperty("outcomeUnknown"))
                    .to("direct:dead");

            from("direct:close")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .setProperty("outcomeUnknown", constant(false))
                    .to("ksher:orderQuery")
                    .choice()
                    .when(simple("${body.result.open}"))
                    .to("direct:closeOpen")
                    .otherwise()
                    .to("direct:decide");

            from("direct:closeOpen")
                    .onException(KsherException.class)
                    .handled(true)
                    .setProperty("outcomeUnknown", simple("${exception.outcomeUnknown}"))
                    .to("direct:queryAfterClose")
                    .end()
                    .setProperty("outcomeUnknown", constant(true))
                    .to("ksher:orderClose")
                    .setProperty("outcomeUnknown", constant(false))
                    .to("direct:closed");

            from("direct:queryAfterClose")
                    .delay(simple("{{ksher.pace:10000}}"))
                    .to("ksher:orderQuery")
                    .setProperty("outcomeUnknown", constant(false))
                    .to("direct:decide");

            from("direct:decide")
                    .choice()
                    .when(simple("${body.result.paid}"))
                    .to("direct:paid")
                    .when(simple("${body.result} == 'CLOSED'"))
                    .to("direct:closed")
                    .when(simple("${body.result.open}"))
                    .to("direct:again")
                    .otherwise()
                    .to("direct:person");

            from("direct:cancel")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .setProperty("outcomeUnknown", constant(false))
                    .to("ksher:gatewayQuery")
                    .choice()
                    .when(simple("${body.result.open}"))
                    .to("direct:cancelOpen")
                    .otherwise()
                    .to("direct:decide");

            from("direct:cancelOpen")
                    .onException(KsherException.class)
                    .continued(true)
                    .setProperty("outcomeUnknown", simple("${exception.outcomeUnknown}"))
                    .end()
                    .setProperty("outcomeUnknown", constant(true))
                    .to("ksher:gatewayCancel")
                    .to("direct:queryAfterCancel");

            from("direct:queryAfterCancel")
                    .delay(simple("{{ksher.pace:10000}}"))
                    .to("ksher:gatewayQuery")
                    .setProperty("outcomeUnknown", constant(false))
                    .to("direct:decide");

            from("direct:queryLater")
                    .setHeader(KsherConstants.MCH_ORDER_NO, body())
                    .setProperty("outcomeUnknown", header("outcomeUnknown"))
                    .to("direct:queryAfterCancel");
        }
    }

    @Test
    void aQueryIsRepeatedUntilItIsAnswered() throws Exception {
        ksher.open(order("direct:close"));
        ksher.faults().next(Fault.lostReply(), "orderQuery");
        ksher.faults().next(Fault.status(503), "orderQuery");

        endsIn("direct:query", "found");

        assertThat(operations("A-1")).hasSize(3);
    }

    /** Its exception has no order, which must not replace the body that names it. */
    @Test
    void anOrderWhoseNumberIsRefusedReachesTheDeadLetterWithItsBody() throws Exception {
        List<String> rows = List.of("A-1");
        MockEndpoint dead = expect("dead", 1);

        template.sendBody("direct:query", rows);

        dead.assertIsSatisfied();
        assertThat(dead.getExchanges().get(0).getMessage().getBody()).isEqualTo(rows);
    }

    @Test
    void aQueryThatCannotSucceedIsNotRepeated() throws Exception {
        ksher.faults().next(Fault.status(503), "orderQuery");

        Message dead = endsIn("direct:query", "dead");

        assertThat(operations("A-1")).hasSize(2);
        assertThat(dead.getHeader("outcomeUnknown")).isEqualTo(false);
    }

    @ParameterizedTest
    @CsvSource({
        "direct:close, NOTPAY, closed, CLOSED",
        "direct:close, NOTSURE, closed, CLOSED",
        "direct:close, USERPAYING, closed, CLOSED",
        "direct:close, CLOSED, closed, CLOSED",
        "direct:close, SUCCESS, paid, SUCCESS",
        "direct:close, REFUND, person, REFUND",
        "direct:cancel, NOTSURE, closed, CLOSED",
        "direct:cancel, NOTPAY, closed, CLOSED",
        "direct:cancel, USERPAYING, closed, CLOSED",
        "direct:cancel, CLOSED, closed, CLOSED",
        "direct:cancel, SUCCESS, paid, SUCCESS",
        "direct:cancel, REFUND, person, REFUND",
    })
    void anOpenOrderIsClosedAndNoOther(String route, State before, String end, State after) throws Exception {
        ksher.open(order(route).state(before));

        endsIn(route, end);

        assertThat(ksher.order("A-1").state()).isEqualTo(after);
        assertThat(operations("A-1").contains(command(route))).isEqualTo(before != after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:close", "direct:cancel"})
    void anOrderThatIsPaidBetweenQueryAndCommandIsDelivered(String route) throws Exception {
        ksher.open(order(route).paysAfterQueries(1));

        Message paid = endsIn(route, "paid");

        assertThat(operations("A-1")).containsExactly(query(route), command(route), query(route));
        assertThat(paid.getHeader(KsherConstants.SIGNED)).isEqualTo(true);
    }

    /** A refusal can be wrong: in each of these rows the order is open. */
    @ParameterizedTest
    @ValueSource(ints = {-1, -2, -3, -4, -5, -6, -100, 12345})
    void aRefusalOfACancelIsNotTakenForTheStateOfTheOrder(int code) throws Exception {
        ksher.open(order("direct:cancel"));
        ksher.faults().next(Fault.refusal(code), "gatewayCancel");

        endsIn("direct:cancel", "again");

        assertThat(operations("A-1")).containsExactly("gatewayQuery", "gatewayCancel", "gatewayQuery");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KSHER_ORDER_PAID",
                "KSHER_INVALID_ORDER_NO",
                "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS",
                "PAYMENT_IN_PROCESS",
                "SYSTEMERROR",
                "BRAND_NEW"
            })
    void aFailedCloseIsNotTakenForTheStateOfTheOrder(String errorCode) throws Exception {
        ksher.open(order("direct:close"));
        ksher.faults().next(Fault.result(errorCode), "orderClose");

        endsIn("direct:close", "again");

        assertThat(operations("A-1")).containsExactly("orderQuery", "orderClose", "orderQuery");
    }

    @Test
    void aCardPaymentInItsOneTimePasswordStepIsNotPaidThoughTheCancelIsRefusedWithMinus4() throws Exception {
        ksher.open(order("direct:cancel").otp(-4));

        endsIn("direct:cancel", "again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:close", "direct:cancel"})
    void anOrderThatIsClosedAlreadyIsASuccess(String route) throws Exception {
        ksher.open(order(route).state(State.CLOSED));
        ksher.faults().next(Fault.state("NOTSURE"), query(route));

        endsIn(route, "closed");

        assertThat(operations("A-1")).contains(command(route));
    }

    @ParameterizedTest
    @CsvSource({
        "direct:close, LOST_REPLY, closed",
        "direct:close, LOST_REQUEST, again",
        "direct:close, BAD_SIGNATURE, closed",
        "direct:cancel, LOST_REPLY, closed",
        "direct:cancel, LOST_REQUEST, again",
    })
    void afterACommandWithoutAnAnswerASignedQueryDecides(String route, FaultKind kind, String end) throws Exception {
        ksher.open(order(route));
        ksher.faults().next(fault(kind), command(route));

        Message message = endsIn(route, end);

        assertThat(operations("A-1")).containsExactly(query(route), command(route), query(route));
        assertThat(message.getHeader(KsherConstants.SIGNED)).isEqualTo(true);
    }

    @ParameterizedTest
    @CsvSource({
        "direct:close, direct:cancel, KSHER_INVALID_ORDER_NO",
        "direct:cancel, direct:close, -3",
    })
    void anOrderOfTheOtherPairIsNotFoundAndSaysWhy(String route, String other, String code) throws Exception {
        ksher.open(order(other));

        Message dead = endsIn(route, "dead");

        assertThat(dead.getHeader("reason", String.class)).contains(code);
        assertThat(dead.getHeader("outcomeUnknown")).isEqualTo(false);
        assertThat(operations("A-1")).containsExactly(query(route));
    }

    @Test
    void aGatewayQueryThatFailedWithMinus100IsRepeated() throws Exception {
        ksher.open(order("direct:cancel"));
        ksher.faults().next(Fault.refusal(-100), "gatewayQuery");

        endsIn("direct:cancel", "closed");
    }
}
