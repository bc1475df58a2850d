/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/** A route {@code direct:query} that takes an order's number as the body, and what surrounds it. */
abstract class CamelVariant implements Variant {

    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;

    CamelVariant(Target target) throws Exception {
        if (target.tls()) {
            TrustManagersParameters trust = new TrustManagersParameters();
            trust.setTrustManager(target.trust());
            SSLContextParameters ssl = new SSLContextParameters();
            ssl.setTrustManagers(trust);
            context.setSSLContextParameters(ssl);
        }
        template = context.createProducerTemplate();
    }

    CamelContext context() {
        return context;
    }

    final void start(RoutesBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
    }

    /** The exchange after the route. */
    final Exchange send(String header, String order) throws Exception {
        Exchange exchange =
                template.send("direct:query", before -> before.getMessage().setHeader(header, order));
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    @Override
    public void close() {
        template.stop();
        context.stop();
    }
}
