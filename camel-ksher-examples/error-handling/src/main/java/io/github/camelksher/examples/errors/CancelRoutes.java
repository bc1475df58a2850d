/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.errors;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import org.apache.camel.builder.RouteBuilder;

/**
 * Cancels an unpaid order of a payment page, whatever goes wrong
 * on the way. The body is the order's number. It ends in {@code
 * direct:paid}, {@code direct:cancelled} or {@code direct:person}.
 *
 * <p>Only a signed query decides how an order ends, because neither a cancel nor a refusal is
 * proof. So the order is queried again after each cancel, whatever was answered.
 *
 * <p>{@code direct:person} gets two headers: {@code reason}, and {@code outcomeUnknown}, which is
 * true if a cancel was sent and no signed answer tells what became of it.
 */
public class CancelRoutes extends RouteBuilder {

    /** The exception is that of the last call. This remembers a cancel while later queries fail. */
    private static final String OUTCOME_UNKNOWN = "outcomeUnknown";

    @Override
    public void configure() {
        from("direct:cancelUnpaid")
                .routeId("cancelUnpaid")
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .setProperty(OUTCOME_UNKNOWN, constant(false))
                .setProperty("cancels", constant(0))
                .to("direct:look")
                .loopDoWhile(simple("${exchangeProperty.end} == 'open' && ${exchangeProperty.cancels} < 3"))
                .to("direct:cancel")
                // A delay is a block of its own: without this the end below would be its end, and
                // the choice part of the loop.
                .delay(simple("{{ksher.pace}}"))
                .end()
                .to("direct:look")
                .end()
                .choice()
                .when(simple("${exchangeProperty.end} == 'paid'"))
                .to("direct:paid")
                .when(simple("${exchangeProperty.end} == 'cancelled'"))
                .to("direct:cancelled")
                // Refunded, in a state that is new, or still open after the last cancel.
                .otherwise()
                .setHeader("reason", simple("it is ${body.result}, cancels sent: ${exchangeProperty.cancels}"))
                .setHeader(OUTCOME_UNKNOWN, exchangeProperty(OUTCOME_UNKNOWN))
                .to("direct:person");

        from("direct:look")
                .routeId("look")
                // A query changes nothing: it can be repeated.
                // Camel's own pace is one second, Ksher's is ten.
                .onException(KsherException.class)
                .onWhen(simple("${exception.retryable}"))
                .maximumRedeliveries(5)
                .redeliveryDelay("{{ksher.pace}}")
                .handled(true)
                .to("direct:deadLetter")
                .end()
                // Repeating does not help.
                .onException(KsherException.class)
                .handled(true)
                .to("direct:deadLetter")
                .end()
                .to("ksher:gatewayQuery")
                .setProperty(OUTCOME_UNKNOWN, constant(false))
                .choice()
                .when(simple("${body.result.paid}"))
                .setProperty("end", constant("paid"))
                .when(simple("${body.result} == 'CLOSED'"))
                .setProperty("end", constant("cancelled"))
                .when(simple("${body.result.open}"))
                .setProperty("end", constant("open"))
                .otherwise()
                .setProperty("end", constant("person"));

        from("direct:cancel")
                .routeId("cancel")
                // It was not carried out, and can work later.
                .onException(KsherException.class)
                .onWhen(simple("${exception.retryable} == true && ${exception.outcomeUnknown} == false"))
                .maximumRedeliveries(5)
                .redeliveryDelay("{{ksher.pace}}")
                .continued(true)
                .log("${exception.message}")
                .setProperty(OUTCOME_UNKNOWN, constant(false))
                .end()
                // All others: paid meanwhile (-4), cancelled before (-5), no reply, …
                // The query that follows tells. Without maximumRedeliveries and a step, Camel would
                // take those of the failure that was redelivered before.
                .onException(KsherException.class)
                .maximumRedeliveries(0)
                .continued(true)
                .log("${exception.message}")
                .setProperty(OUTCOME_UNKNOWN, simple("${exception.outcomeUnknown}"))
                .end()
                .process(cancel -> cancel.setProperty("cancels", cancel.getProperty("cancels", Integer.class) + 1))
                .setProperty(OUTCOME_UNKNOWN, constant(true))
                .to("ksher:gatewayCancel");

        from("direct:deadLetter")
                .routeId("deadLetter")
                .setHeader("reason", simple("${exception.message}"))
                .setHeader(OUTCOME_UNKNOWN, exchangeProperty(OUTCOME_UNKNOWN))
                .to("direct:person");
    }
}
