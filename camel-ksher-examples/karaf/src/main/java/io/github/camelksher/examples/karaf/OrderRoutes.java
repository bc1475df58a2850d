/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.karaf;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.builder.RouteBuilder;

/**
 * Files with one order number each, of orders made as a payment page. The
 * state of an order in {@code query} is written to {@code replies}. An order
 * in {@code cancel} is cancelled if it is open, and its state afterwards is
 * written to {@code replies}. {@code failures} explains what failed.
 */
final class OrderRoutes extends RouteBuilder {

    /**
     * True from before a cancel is sent, until its
     * failure or a signed query tells what became of it.
     */
    private static final String OUTCOME_UNKNOWN = "outcomeUnknown";

    private final String folder;
    private final long pace;

    /** {@code pace}: milliseconds between two queries of one order. */
    OrderRoutes(String folder, long pace) {
        this.folder = folder;
        this.pace = pace;
    }

    @Override
    public void configure() {
        onException(KsherException.class)
                .handled(true)
                .setBody(OrderRoutes::explain)
                .to(into("failures"));

        from(files("query"))
                .routeId("query")
                .process(OrderRoutes::orderNumber)
                .to("ksher:gatewayQuery")
                // Ksher's own JSON, with the payer's openid masked.
                .convertBodyTo(String.class)
                .to(into("replies"));

        from(files("cancel"))
                .routeId("cancel")
                .process(OrderRoutes::orderNumber)
                .to("ksher:gatewayQuery")
                .filter(simple("${body.result.open}"))
                .to("direct:cancelOpen")
                .end()
                .marshal()
                .json()
                .to(into("replies"));

        from("direct:cancelOpen")
                .routeId("cancelOpen")
                .setProperty(OUTCOME_UNKNOWN, constant(true))
                .doTry()
                .to("ksher:gatewayCancel")
                .doCatch(KsherException.class)
                .log("${exception.message}")
                .setProperty(OUTCOME_UNKNOWN, simple("${exception.outcomeUnknown}"))
                .end()
                // Whatever was answered: only a signed query tells how the order stands.
                .delay(pace)
                .syncDelayed()
                .to("ksher:gatewayQuery")
                .setProperty(OUTCOME_UNKNOWN, constant(false));
    }

    private static String explain(Exchange exchange) {
        boolean unknown = exchange.getProperty(OUTCOME_UNKNOWN, false, Boolean.class);
        return (unknown
                        ? "A cancel was sent, and no signed answer tells what became of it."
                                + " Query the order before anything else. "
                        : "")
                + exchange.getProperty(Exchange.EXCEPTION_CAUGHT, KsherException.class)
                        .getMessage();
    }

    private static void orderNumber(Exchange exchange) throws InvalidPayloadException {
        String number = exchange.getMessage().getMandatoryBody(String.class).strip();
        exchange.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, number);
    }

    private String files(String name) {
        return "file:" + folder + "/" + name + "?delete=true&antExclude=*.writing";
    }

    /** A file has its last name only when it is written. */
    private String into(String name) {
        return "file:" + folder + "/" + name + "?tempFileName=${file:onlyname}.writing";
    }
}
