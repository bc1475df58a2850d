/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.component.KsherConstants;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Makes the calls, each on an exchange that has nothing but the row's numbers. Not through routes:
 * a reload of the context stops those, and a call must not wait for one longer than its row is
 * held.
 */
public final class KsherCalls implements Calls {

    private static final Map<String, Column> HEADERS = Map.of(
            KsherConstants.MCH_ORDER_NO, Column.MCH_ORDER_NO,
            KsherConstants.KSHER_ORDER_NO, Column.KSHER_ORDER_NO,
            KsherConstants.CHANNEL_ORDER_NO, Column.CHANNEL_ORDER_NO,
            KsherConstants.CHANNEL, Column.CHANNEL);

    private final ProducerTemplate template;
    private final Target target;
    private final Map<String, Endpoint> endpoints = new HashMap<>();

    /**
     * Starts an endpoint for each operation.
     *
     * @param target the one that the component is configured with
     * @throws Exception if the component's options cannot be used
     */
    public KsherCalls(CamelContext context, Target target) throws Exception {
        this.template = context.createProducerTemplate();
        this.target = target;
        Component ksher = context.getComponent("ksher");
        for (KsherOperation operation : KsherOperation.calls()) {
            // Under a name of its own: that of a route would end with the route.
            Endpoint endpoint = ksher.createEndpoint("ksher:" + operation + "?failOnResult=true&verifySignature=true");
            context.addEndpoint("ksher-batch:" + operation, endpoint);
            endpoints.put(operation.name(), endpoint);
        }
    }

    @Override
    public Event query(OrderRow row) {
        RowOperation operation = operation(row);
        return Events.ofQuery(send(operation.query(), row), operation, target.server(operation.atGateway()));
    }

    @Override
    public Event command(OrderRow row) {
        RowOperation operation = operation(row);
        String command = Objects.requireNonNull(operation.command(), "a query-only row has no command");
        return Events.ofCommand(send(command, row), operation, target.server(operation.atGateway()));
    }

    private static RowOperation operation(OrderRow row) {
        return Objects.requireNonNull(row.operation(), "only a row with an operation is worked on");
    }

    private Exchange send(String operation, OrderRow row) {
        return template.send(endpoints.get(operation), exchange -> {
            Map<String, Object> headers = new HashMap<>();
            HEADERS.forEach((header, column) -> headers.put(header, row.value(column)));
            exchange.getMessage().setHeaders(headers);
        });
    }

    /** After the last call has ended. */
    public void stop() throws Exception {
        template.close();
        for (Endpoint endpoint : endpoints.values()) {
            endpoint.getCamelContext().removeEndpoint(endpoint);
        }
    }
}
