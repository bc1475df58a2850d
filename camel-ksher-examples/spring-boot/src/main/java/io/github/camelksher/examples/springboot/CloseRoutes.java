/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.KsherReply;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Closes an order only if a signed query says that it is open, and reports only what Ksher has
 * signed. The body is the merchant's order number.
 */
@Component
class CloseRoutes extends RouteBuilder {

    /** True from before a close is sent until its own failure says that it was not carried out. */
    private static final String OUTCOME_UNKNOWN = "outcomeUnknown";

    @Override
    public void configure() {
        onException(KsherException.class)
                .handled(true)
                .log("${exception.message}")
                .setBody(exchange -> Answer.of(
                        exchange.getProperty(Exchange.EXCEPTION_CAUGHT, KsherException.class),
                        outcomeUnknown(exchange)));

        from("direct:look")
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .setProperty(OUTCOME_UNKNOWN, constant(false))
                .to("ksher:orderQuery")
                .setBody(exchange -> Answer.of(order(exchange), reply(exchange), outcomeUnknown(exchange)));

        from("direct:close")
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .setProperty(OUTCOME_UNKNOWN, constant(false))
                .to("ksher:orderQuery")
                .filter(simple("${body.result.open}"))
                .to("direct:closeOpen")
                .end()
                .setBody(exchange -> Answer.of(order(exchange), reply(exchange), outcomeUnknown(exchange)));

        from("direct:closeOpen")
                .errorHandler(noErrorHandler())
                .setProperty(OUTCOME_UNKNOWN, constant(true))
                .doTry()
                // Its reply is signed: a close that succeeds needs no further proof.
                .to("ksher:orderClose")
                .doCatch(KsherException.class)
                // Paid meanwhile, closed with the reply lost,
                // or not closed: only a signed query tells.
                .log("${exception.message}")
                .setProperty(OUTCOME_UNKNOWN, simple("${exception.outcomeUnknown}"))
                .delay(simple("{{orders.pace}}"))
                .to("ksher:orderQuery");
    }

    private static String order(Exchange exchange) {
        return exchange.getMessage().getHeader(KsherConstants.MCH_ORDER_NO, String.class);
    }

    private static KsherReply reply(Exchange exchange) {
        return (KsherReply) exchange.getMessage().getBody();
    }

    private static boolean outcomeUnknown(Exchange exchange) {
        return exchange.getProperty(OUTCOME_UNKNOWN, false, Boolean.class);
    }
}
