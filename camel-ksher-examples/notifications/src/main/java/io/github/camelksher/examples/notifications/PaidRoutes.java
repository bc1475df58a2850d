/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import java.io.File;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.PredicateValidationException;
import org.apache.camel.support.processor.idempotent.FileIdempotentRepository;

/**
 * Takes Ksher's notifications of payments. Each order comes to {@code direct:deliver} or {@code direct:person}, once. Ksher is told
 * OK when that is done, and not before: until then it repeats the notification.
 */
public class PaidRoutes extends RouteBuilder {

    private final Orders orders;
    private final IdempotentRepository settled;

    /**
     * Makes the routes.
     *
     * @param settled the file of the orders that need no further notification; it survives a restart
     */
    public PaidRoutes(Orders orders, File settled) {
        this.orders = orders;
        this.settled = FileIdempotentRepository.fileIdempotentRepository(settled);
    }

    @Override
    public void configure() {
        // Not signed by Ksher for this merchant, or no payment. The answer gives no reason.
        onException(KsherException.class)
                .onException(PredicateValidationException.class)
                .handled(true)
                .log(LoggingLevel.WARN, "Refused a notification: ${exception.message}")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(400))
                .setBody(constant(""));
        // It was not settled, so Ksher has to send it again.
        onException(Exception.class)
                .handled(true)
                .log(LoggingLevel.WARN, "Not settled, so Ksher has to send it again: ${exception.message}")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(500))
                .setBody(constant(""));

        from("platform-http:/ksher/paid?httpMethodRestrict=POST")
                .routeId("paid")
                // None of the caller's headers is needed, and none is echoed.
                .removeHeaders("*")
                .to("ksher:verifyNotification?signVersion=V1")
                .validate()
                .simple("${body.result.paid}")
                .to("seda:settle?waitForTaskToComplete=Always")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .setBody(constant(KsherConstants.NOTIFICATION_OK));

        // One after the other: a copy that comes while the first is being delivered waits for its end.
        from("seda:settle")
                .routeId("settle")
                // A failure goes back to the route above, which answers Ksher.
                .errorHandler(noErrorHandler())
                // Remembered after the delivery: a process that is killed in between loses nothing.
                .idempotentConsumer(simple("${body.mchOrderNo}"), settled)
                .eager(false)
                .setProperty("verdict", method(orders, "verdict"))
                .choice()
                .when(simple("${exchangeProperty.verdict} == 'AS_AGREED'"))
                .to("direct:deliver")
                // It may be recorded in a moment. A repetition will then find it.
                .when(simple("${exchangeProperty.verdict} == 'UNKNOWN'"))
                .to("direct:person")
                .throwException(IllegalStateException.class, "There is no order ${body.mchOrderNo}")
                // No repetition makes it right: a person has it now, so Ksher is told OK.
                .otherwise()
                .to("direct:person");
    }
}
