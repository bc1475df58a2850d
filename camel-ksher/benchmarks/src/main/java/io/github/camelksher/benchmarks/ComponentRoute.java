/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.reply.OrderQueryReply;
import java.io.IOException;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;

/** This component in a route. {@link #alone()} is the component without the route. */
final class ComponentRoute extends CamelVariant {

    static final String URI = "ksher:orderQuery";

    ComponentRoute(Target target, int connections) throws Exception {
        super(target);
        KsherComponent ksher = new KsherComponent();
        ksher.setUseGlobalSslContextParameters(target.tls());
        ksher.setMaxConnections(connections);
        ksher.getConfiguration().setAppId(Target.APP_ID);
        ksher.getConfiguration().setPrivateKey(target.merchantKeyText());
        ksher.getConfiguration().setKsherPublicKey(target.ksherPublicKeyText());
        ksher.getConfiguration().setApiUrl(target.baseUrl() + "/KsherPay");
        context().addComponent("ksher", ksher);
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:query").to(URI);
            }
        });
    }

    @Override
    public String query(String order) throws Exception {
        return result(send(KsherConstants.MCH_ORDER_NO, order));
    }

    private static String result(Exchange exchange) {
        return ((OrderQueryReply) exchange.getMessage().getBody()).result().toString();
    }

    /** The producer, called with a new exchange. */
    Variant alone() throws Exception {
        Endpoint endpoint = context().getEndpoint(URI);
        Producer producer = endpoint.createProducer();
        producer.start();
        return new Variant() {
            @Override
            public String query(String order) throws Exception {
                Exchange exchange = endpoint.createExchange();
                exchange.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, order);
                producer.process(exchange);
                return result(exchange);
            }

            @Override
            public void close() throws IOException {
                producer.close();
            }
        };
    }
}
