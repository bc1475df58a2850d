/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.errors;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherRejectedException;
import org.apache.camel.builder.RouteBuilder;

/**
 * Cancels an unpaid order, whatever goes wrong on the way. The body is the order's number. It ends in {@code direct:paid},
 * {@code direct:cancelled} or {@code direct:person}.
 *
 * <p>A query decides, and nothing else: it is signed, a cancel is not. So after each cancel, also after one that may or may
 * not have been carried out, the order is looked at again.
 */
public class CancelRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:cancelUnpaid")
                .routeId("cancelUnpaid")
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .setProperty("cancels", constant(0))
                .to("direct:look")
                .loopDoWhile(simple("${exchangeProperty.end} == 'open' && ${exchangeProperty.cancels} < 3"))
                .to("direct:cancel")
                // A delay is a block of its own: without this the end below would be its end, and the choice part of
                // the loop.
                .delay(simple("{{ksher.pace}}"))
                .end()
                .to("direct:look")
                .end()
                .choice()
                .when(simple("${exchangeProperty.end} == 'open'"))
                .to("direct:person")
                .otherwise()
                .toD("direct:${exchangeProperty.end}");

        from("direct:look")
                .routeId("look")
                // A query changes nothing: it can be repeated. Camel's own pace is one second, Ksher's is ten.
                .onException(KsherException.class)
                .onWhen(simple("${exception.retryable}"))
                .maximumRedeliveries(5)
                .redeliveryDelay("{{ksher.pace}}")
                .handled(true)
                .to("direct:person")
                .end()
                // What no repetition cures.
                .onException(KsherException.class)
                .handled(true)
                .to("direct:person")
                .end()
                .to("ksher:gatewayQuery")
                .choice()
                .when(simple("${body.result.paid}"))
                .setProperty("end", constant("paid"))
                .when(simple("${body.result} == 'CLOSED'"))
                .setProperty("end", constant("cancelled"))
                .when(simple("${body.result} in 'NOTPAY,PAYERROR,PENDING,USERPAYING'"))
                .setProperty("end", constant("open"))
                // Refunded, or a state that is new.
                .otherwise()
                .setProperty("end", constant("person"));

        from("direct:cancel")
                .routeId("cancel")
                // Both with a step and maximumRedeliveries: else Camel takes those of the failure that was redelivered
                // before.
                // Cancelled before: a success, but not signed either, so it is looked at as the others are.
                .onException(KsherRejectedException.class)
                .onWhen(simple("${exception.code} == -5"))
                .maximumRedeliveries(0)
                .continued(true)
                .log("${exception.message}")
                .end()
                // It may have been carried out: never repeated before the order was looked at.
                .onException(KsherException.class)
                .onWhen(simple("${exception.outcomeUnknown}"))
                .maximumRedeliveries(0)
                .continued(true)
                .log("${exception.message}")
                .end()
                // It was not carried out, and can work later.
                .onException(KsherException.class)
                .onWhen(simple("${exception.retryable}"))
                .maximumRedeliveries(5)
                .redeliveryDelay("{{ksher.pace}}")
                .handled(true)
                .to("direct:person")
                .end()
                .onException(KsherException.class)
                .handled(true)
                .to("direct:person")
                .end()
                .process(cancel -> cancel.setProperty("cancels", cancel.getProperty("cancels", Integer.class) + 1))
                .to("ksher:gatewayCancel");
    }
}
