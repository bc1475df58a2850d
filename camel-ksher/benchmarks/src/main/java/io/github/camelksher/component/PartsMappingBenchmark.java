/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.benchmarks.PartsReply;
import io.github.camelksher.client.CallOutcome;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.OrderRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Here because only this package sees the mapping. */
@State(Scope.Benchmark)
public class PartsMappingBenchmark {

    private final KsherConfiguration options = new KsherConfiguration();
    private final Exchange exchange =
            new DefaultCamelContext().getEndpoint("direct:parts").createExchange();
    private final CallOutcome outcome =
            new CallOutcome(0, "SUCCESS", "SUCCESS", null, null, true, new PartsReply().typed(), null);

    @Setup
    public void setUp() {
        exchange.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "ORDER-1000001");
    }

    @Benchmark
    public OrderRequest headersToRequest() {
        return ExchangeMapping.request(KsherOperation.orderQuery, options, exchange);
    }

    @Benchmark
    public Message outcomeToMessage() {
        Message message = exchange.getMessage();
        ExchangeMapping.clear(message);
        ExchangeMapping.apply(outcome, message);
        return message;
    }
}
