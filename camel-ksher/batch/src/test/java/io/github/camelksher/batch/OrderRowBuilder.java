/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.OrderRow;

/** Builds rows of the input; at first every cell is empty. */
public final class OrderRowBuilder extends CellsBuilder<OrderRowBuilder> {

    private final long line;

    private OrderRowBuilder(long line) {
        this.line = line;
    }

    public static OrderRowBuilder order(long line) {
        return new OrderRowBuilder(line);
    }

    /** Begins with the line and the cells of this row. */
    public static OrderRowBuilder like(OrderRow row) {
        OrderRowBuilder builder = order(row.line());
        builder.cells.putAll(row.cells());
        return builder;
    }

    @Override
    OrderRowBuilder self() {
        return this;
    }

    public OrderRow build() {
        return OrderRow.of(line, cells);
    }
}
