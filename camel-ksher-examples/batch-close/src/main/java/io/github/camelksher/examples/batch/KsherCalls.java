/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConstants;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** The calls, made by Camel routes on the Ksher component. */
final class KsherCalls implements Calls, AutoCloseable {

    private static final String[] OPERATIONS = {"orderQuery", "orderClose", "gatewayQuery", "gatewayCancel"};

    private final CamelContext camel;
    private final ProducerTemplate template;

    private KsherCalls(CamelContext camel) {
        this.camel = camel;
        this.template = camel.createProducerTemplate();
    }

    static KsherCalls start(Settings settings) throws UnusableFile {
        CamelContext camel = new DefaultCamelContext();
        try {
            KsherComponent ksher = new KsherComponent();
            settings.applyTo(ksher);
            camel.addComponent("ksher", ksher);
            camel.addRoutes(new Routes());
            camel.start();
            return new KsherCalls(camel);
        } catch (Exception e) {
            camel.stop();
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            // The component's innermost message names the option and never shows the key.
            throw new UnusableFile("The settings for Ksher cannot be used: " + cause.getMessage()
                    + "\nSettings are camel.component.ksher.app-id, .private-key, ... in a file (--config FILE), or in the environment"
                    + " (CAMEL_COMPONENT_KSHER_APP_ID, ...).");
        }
    }

    /** One call each, once: when to repeat which is for {@link OrderLife} to say, not for Camel's redelivery. */
    private static final class Routes extends RouteBuilder {
        @Override
        public void configure() {
            errorHandler(noErrorHandler());
            for (String operation : OPERATIONS) {
                from("direct:" + operation).routeId(operation).to("ksher:" + operation);
            }
        }
    }

    @Override
    public Event query(OrderRow row, Operation operation) {
        return Events.ofQuery(send(operation.query, row), operation);
    }

    @Override
    public Event command(OrderRow row, Operation operation) {
        return Events.ofCommand(send(operation.command, row), operation);
    }

    private Exchange send(String operation, OrderRow row) {
        return template.send("direct:" + operation, exchange -> exchange.getMessage()
                .setHeaders(new HashMap<>(Map.of(
                        KsherConstants.MCH_ORDER_NO, row.mchOrderNo(),
                        KsherConstants.KSHER_ORDER_NO, row.ksherOrderNo(),
                        KsherConstants.CHANNEL_ORDER_NO, row.channelOrderNo(),
                        KsherConstants.CHANNEL, row.channel()))));
    }

    @Override
    public void close() {
        try {
            template.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            camel.stop();
        }
    }
}
