/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.component.KsherConstants;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Makes the calls through the routes of the template {@code ksher-batch-call}.
 *
 * @param target the one that the component is configured with
 */
public record KsherCalls(ProducerTemplate template, Target target) implements Calls {

    private static final Map<String, Column> HEADERS = Map.of(
            KsherConstants.MCH_ORDER_NO, Column.MCH_ORDER_NO,
            KsherConstants.KSHER_ORDER_NO, Column.KSHER_ORDER_NO,
            KsherConstants.CHANNEL_ORDER_NO, Column.CHANNEL_ORDER_NO,
            KsherConstants.CHANNEL, Column.CHANNEL);

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
        return template.send("direct:ksher-batch-" + operation, exchange -> {
            Map<String, Object> headers = new HashMap<>();
            HEADERS.forEach((header, column) -> headers.put(header, row.value(column)));
            exchange.getMessage().setHeaders(headers);
        });
    }
}
