/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.KsherReply;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** Never close a paid order, and believe no outcome but a signed one. The body is the merchant's order number. */
@Component
class CloseRoutes extends RouteBuilder {

    /** Set as soon as a close may have reached Ksher. */
    private static final String CLOSE_SENT = "closeSent";

    @Override
    public void configure() {
        onException(KsherException.class)
                .handled(true)
                .log("${exception.message}")
                .setBody(exchange -> Answer.of(
                        exchange.getProperty(Exchange.EXCEPTION_CAUGHT, KsherException.class), closeSent(exchange)));

        from("direct:look")
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .to("ksher:orderQuery")
                .setBody(exchange -> Answer.of(order(exchange), reply(exchange), closeSent(exchange)));

        from("direct:close")
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .to("ksher:orderQuery")
                .choice()
                .when(simple("${body.result} in 'NOTPAY,PAYERROR,PENDING,USERPAYING'"))
                .to("direct:closeOpen")
                .end()
                .setBody(exchange -> Answer.of(order(exchange), reply(exchange), closeSent(exchange)));

        from("direct:closeOpen")
                .errorHandler(noErrorHandler())
                .setProperty(CLOSE_SENT, constant(true))
                .doTry()
                // Its reply is signed: a close that succeeds needs no further proof.
                .to("ksher:orderClose")
                .doCatch(KsherException.class)
                // Paid meanwhile, closed with the reply lost, or not closed: only a signed query tells.
                .log("${exception.message}")
                .delay(simple("{{orders.pace}}"))
                .to("ksher:orderQuery");
    }

    private static String order(Exchange exchange) {
        return exchange.getMessage().getHeader(KsherConstants.MCH_ORDER_NO, String.class);
    }

    private static KsherReply reply(Exchange exchange) {
        return (KsherReply) exchange.getMessage().getBody();
    }

    private static boolean closeSent(Exchange exchange) {
        return exchange.getProperty(CLOSE_SENT, false, Boolean.class);
    }
}
