/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.quarkus.it;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** The routes of an application as a merchant writes it. */
@ApplicationScoped
public class Routes extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:query").setHeader(KsherConstants.MCH_ORDER_NO, body()).to("ksher:orderQuery");

        from("direct:json").to("direct:query").marshal().json(JsonLibrary.Jackson);

        from("direct:close")
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .to("ksher:orderQuery")
                .choice()
                .when(simple("${body.result.open}"))
                .to("ksher:orderClose")
                .setBody(simple("closed: ${body.closed}"))
                .otherwise()
                .setBody(simple("left: ${body.result}"));

        from("direct:handled")
                .onException(KsherException.class)
                .handled(true)
                .setBody(simple("${exception.operation}, retryable: ${exception.retryable}, ${exception.reason}"))
                .end()
                .setHeader(KsherConstants.MCH_ORDER_NO, body())
                .to("ksher:orderQuery");
    }
}
