/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import java.util.EnumMap;
import java.util.Map;

/** Builds rows of the input; at first every cell is empty. */
public final class OrderRowBuilder {

    private final long line;
    private final Map<Column, String> cells = new EnumMap<>(Column.class);

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

    public OrderRowBuilder operation(String value) {
        return cell(Column.OPERATION, value);
    }

    public OrderRowBuilder mchOrderNo(String value) {
        return cell(Column.MCH_ORDER_NO, value);
    }

    public OrderRowBuilder ksherOrderNo(String value) {
        return cell(Column.KSHER_ORDER_NO, value);
    }

    public OrderRowBuilder channelOrderNo(String value) {
        return cell(Column.CHANNEL_ORDER_NO, value);
    }

    public OrderRowBuilder channel(String value) {
        return cell(Column.CHANNEL, value);
    }

    private OrderRowBuilder cell(Column column, String value) {
        cells.put(column, value);
        return this;
    }

    /** The same text in each number and the channel. */
    public OrderRowBuilder allCells(String value) {
        return mchOrderNo(value).ksherOrderNo(value).channelOrderNo(value).channel(value);
    }

    public OrderRow build() {
        return OrderRow.of(line, cells);
    }
}
