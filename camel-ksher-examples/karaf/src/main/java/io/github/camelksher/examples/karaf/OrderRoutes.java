/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.karaf;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.builder.RouteBuilder;

/**
 * Files with one order number each. One in {@code query} is answered in {@code replies}; one in {@code cancel} is cancelled first. A
 * failure is explained in {@code failures}.
 */
final class OrderRoutes extends RouteBuilder {

    private final String folder;

    OrderRoutes(String folder) {
        this.folder = folder;
    }

    @Override
    public void configure() {
        onException(KsherException.class)
                .handled(true)
                .setBody(exceptionMessage())
                .to(into("failures"));

        from(files("query"))
                .routeId("query")
                .process(OrderRoutes::orderNumber)
                .to("ksher:orderQuery")
                // Ksher's own JSON, with the payer's openid masked.
                .convertBodyTo(String.class)
                .to(into("replies"));

        from(files("cancel"))
                .routeId("cancel")
                .process(OrderRoutes::orderNumber)
                .to("ksher:gatewayCancel")
                // Ksher does not sign what cancel answers: how the order stands is what a query says.
                .to("ksher:gatewayQuery")
                .marshal()
                .json()
                .to(into("replies"));
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
