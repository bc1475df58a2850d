/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.CallOutcome;
import io.github.camelksher.client.KsherClient;
import io.github.camelksher.client.OrderRequest;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Map, call, map: nothing else. */
final class KsherProducer extends DefaultProducer {

    private final KsherEndpoint created;

    KsherProducer(KsherEndpoint endpoint) {
        super(endpoint);
        this.created = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        long started = System.nanoTime();
        ExchangeMapping.clear(exchange.getMessage());
        KsherEndpoint endpoint = created.current();
        KsherClient client = endpoint.client();
        OrderRequest request = ExchangeMapping.request(endpoint.getOperation(), endpoint.getConfiguration(), exchange);
        CallOutcome outcome = client.call(request, started);
        endpoint.calls.add(outcome);
        ExchangeMapping.apply(outcome, exchange.getMessage());
        if (outcome.failure() != null) {
            throw outcome.failure();
        }
    }
}
