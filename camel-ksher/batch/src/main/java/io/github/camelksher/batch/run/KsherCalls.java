/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Operation;
import io.github.camelksher.component.KsherConstants;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** The calls, made through the routes of the template {@code ksher-batch-call}. */
public final class KsherCalls implements Calls {

    private final ProducerTemplate template;
    private final Target target;

    /** @param target that the component is set up with */
    public KsherCalls(ProducerTemplate template, Target target) {
        this.template = template;
        this.target = target;
    }

    @Override
    public Event query(OrderRow row) {
        Operation operation = operation(row);
        return Events.ofQuery(send(operation.query(), row), operation, target.server(operation.atGateway()));
    }

    @Override
    public Event command(OrderRow row) {
        Operation operation = operation(row);
        String command = Objects.requireNonNull(operation.command(), "is only asked about");
        return Events.ofCommand(send(command, row), operation, target.server(operation.atGateway()));
    }

    private static Operation operation(OrderRow row) {
        return Objects.requireNonNull(row.operation(), "only a row with an operation is worked on");
    }

    private Exchange send(String operation, OrderRow row) {
        return template.send("direct:ksher-batch-" + operation, exchange -> exchange.getMessage()
                .setHeaders(new HashMap<>(Map.of(
                        KsherConstants.MCH_ORDER_NO, OrderRow.value(row.mchOrderNo()),
                        KsherConstants.KSHER_ORDER_NO, OrderRow.value(row.ksherOrderNo()),
                        KsherConstants.CHANNEL_ORDER_NO, OrderRow.value(row.channelOrderNo()),
                        KsherConstants.CHANNEL, OrderRow.value(row.channel())))));
    }
}
