/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Builds final rows; at first every cell is empty and no call was made. */
public final class ReportedRowBuilder extends CellsBuilder<ReportedRowBuilder> {

    private final long line;
    private final Outcome outcome;
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

    @Override
    ReportedRowBuilder self() {
        return this;
    }

    /** The operation too. */
    @Override
    public ReportedRowBuilder allCells(String value) {
        return super.allCells(value).operation(value);
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
        Map<String, String> texts = Arrays.stream(Column.values())
                .collect(Collectors.toMap(Column::text, column -> cells.getOrDefault(column, "")));
        return new ReportedRow(line, texts, result, calls, finishedAt, others);
    }
}
