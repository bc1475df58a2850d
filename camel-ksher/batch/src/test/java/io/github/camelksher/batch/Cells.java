/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.ReportedRow;
import java.util.function.Function;

/** Single cells of rows, for assertions. */
public final class Cells {

    private Cells() {}

    public static String operation(OrderRow row) {
        return row.cell(Column.OPERATION);
    }

    public static String mchOrderNo(OrderRow row) {
        return row.cell(Column.MCH_ORDER_NO);
    }

    public static String ksherOrderNo(OrderRow row) {
        return row.cell(Column.KSHER_ORDER_NO);
    }

    public static String channelOrderNo(OrderRow row) {
        return row.cell(Column.CHANNEL_ORDER_NO);
    }

    public static String channel(OrderRow row) {
        return row.cell(Column.CHANNEL);
    }

    public static Function<ReportedRow, String> reported(Column column) {
        return row -> row.cell(column.text());
    }

    public static String detail(ReportedRow row) {
        return row.result().details().text();
    }
}
