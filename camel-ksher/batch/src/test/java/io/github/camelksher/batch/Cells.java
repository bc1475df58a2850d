/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.ReportedRow;

/** Single cells of rows, for assertions. */
public final class Cells {

    private Cells() {}

    public static String operation(OrderRow row) {
        return row.cell(Column.OPERATION);
    }

    public static String operation(ReportedRow row) {
        return row.cell("operation");
    }

    public static String mchOrderNo(OrderRow row) {
        return row.cell(Column.MCH_ORDER_NO);
    }

    public static String mchOrderNo(ReportedRow row) {
        return row.cell("mch_order_no");
    }

    public static String ksherOrderNo(OrderRow row) {
        return row.cell(Column.KSHER_ORDER_NO);
    }

    public static String ksherOrderNo(ReportedRow row) {
        return row.cell("ksher_order_no");
    }

    public static String channelOrderNo(OrderRow row) {
        return row.cell(Column.CHANNEL_ORDER_NO);
    }

    public static String channelOrderNo(ReportedRow row) {
        return row.cell("channel_order_no");
    }

    public static String channel(OrderRow row) {
        return row.cell(Column.CHANNEL);
    }

    public static String channel(ReportedRow row) {
        return row.cell("channel");
    }

    public static String detail(ReportedRow row) {
        return row.result().details().text();
    }
}
