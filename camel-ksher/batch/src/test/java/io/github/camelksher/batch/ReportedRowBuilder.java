/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Builds final rows; at first every cell is empty and no call was made. */
public final class ReportedRowBuilder {

    private final long line;
    private final Outcome outcome;
    private final Map<String, String> cells = new HashMap<>(
            Map.of("operation", "", "mch_order_no", "", "ksher_order_no", "", "channel_order_no", "", "channel", ""));
    private String detail = "";
    private Integer code;
    private String errorCode;
    private int calls;
    private Instant finishedAt;
    private Map<String, String> others = Map.of();

    private ReportedRowBuilder(long line, Outcome outcome) {
        this.line = line;
        this.outcome = outcome;
    }

    public static ReportedRowBuilder row(long line, Outcome outcome) {
        return new ReportedRowBuilder(line, outcome);
    }

    public ReportedRowBuilder operation(String value) {
        return cell("operation", value);
    }

    public ReportedRowBuilder mchOrderNo(String value) {
        return cell("mch_order_no", value);
    }

    public ReportedRowBuilder ksherOrderNo(String value) {
        return cell("ksher_order_no", value);
    }

    public ReportedRowBuilder channelOrderNo(String value) {
        return cell("channel_order_no", value);
    }

    public ReportedRowBuilder channel(String value) {
        return cell("channel", value);
    }

    private ReportedRowBuilder cell(String column, String value) {
        cells.put(column, value);
        return this;
    }

    /** The same text in each cell. */
    public ReportedRowBuilder allCells(String value) {
        cells.replaceAll((column, cell) -> value);
        return this;
    }

    public ReportedRowBuilder detail(String text) {
        detail = text;
        return this;
    }

    public ReportedRowBuilder code(Integer value) {
        code = value;
        return this;
    }

    public ReportedRowBuilder errorCode(String value) {
        errorCode = value;
        return this;
    }

    public ReportedRowBuilder calls(int howMany) {
        calls = howMany;
        return this;
    }

    public ReportedRowBuilder finishedAt(Instant time) {
        finishedAt = time;
        return this;
    }

    public ReportedRowBuilder others(Map<String, String> columns) {
        others = columns;
        return this;
    }

    public ReportedRow build() {
        RowResult result = new RowResult(outcome, new CallDetails(detail, code, errorCode));
        return new ReportedRow(line, Map.copyOf(cells), result, calls, finishedAt, others);
    }
}
