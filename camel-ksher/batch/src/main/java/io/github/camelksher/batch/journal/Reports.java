/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads rows for reports. Thread-safe. */
public final class Reports {

    private static final int PAGE = 2_000;
    private static final String FINAL_ROWS = "SELECT line, " + InputColumns.NAMES
            + ", outcome, detail, code, error_code, calls, finished_at, others FROM order_row WHERE batch_id = :batch"
            + " AND state = 'F' AND ";

    private final Journal journal;

    Reports(Journal journal) {
        this.journal = journal;
    }

    /** How many rows have each outcome that occurs, in the order of the outcomes. */
    public Map<Outcome, Long> outcomes(BatchInfo batch) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        journal.read(sql -> sql.of(
                                "SELECT outcome, COUNT(*) FROM order_row WHERE batch_id = :batch AND state = 'F' GROUP"
                                        + " BY outcome")
                        .set("batch", batch.id())
                        .list(row -> Map.entry(Outcome.valueOf(row.getString(1)), row.getLong(2))))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    /** Counted by one statement: of two, a row that becomes final in between is in both or in none. */
    static BatchProgress progress(Sql sql, BatchInfo batch) throws SQLException {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        long open = 0;
        for (Map.Entry<String, Long> count : sql.of("SELECT CASE WHEN state = 'F' THEN outcome ELSE '' END AS kind,"
                        + " COUNT(*) FROM order_row WHERE batch_id = :batch GROUP BY kind")
                .set("batch", batch.id())
                .list(row -> Map.entry(row.getString(1), row.getLong(2)))) {
            if (count.getKey().isEmpty()) {
                open = count.getValue();
            } else {
                outcomes.put(Outcome.valueOf(count.getKey()), count.getValue());
            }
        }
        return new BatchProgress(batch, open, outcomes);
    }

    /** How many calls were announced for the batch's rows. */
    public long calls(BatchInfo batch) {
        return number("SELECT COALESCE(SUM(calls), 0) FROM order_row WHERE batch_id = :batch", batch);
    }

    /** How many rows of the batch are not final. */
    public long openRows(BatchInfo batch) {
        return number("SELECT COUNT(*) FROM order_row WHERE batch_id = :batch AND state IN ('P', 'W', 'H')", batch);
    }

    /** When the latest row became final; null if none is. */
    public @Nullable Instant lastFinishedAt(BatchInfo batch) {
        long last = number("SELECT COALESCE(MAX(finished_at), 0) FROM order_row WHERE batch_id = :batch", batch);
        return last == 0 ? null : Instant.ofEpochMilli(last);
    }

    private long number(String text, BatchInfo batch) {
        return journal.read(sql ->
                Objects.requireNonNull(sql.of(text).set("batch", batch.id()).first(row -> row.getLong(1))));
    }

    /** Streams the final rows in input order, so that memory does not grow with the batch. */
    public void forEachFinal(BatchInfo batch, Consumer<ReportedRow> consumer) {
        pages(batch, "").forEach(page -> page.forEach(consumer));
    }

    /** The names of the final rows' other columns, in input order; at most {@code limit}. */
    public List<String> otherColumns(BatchInfo batch, int limit) {
        Set<String> names = new LinkedHashSet<>();
        pages(batch, " AND others IS NOT NULL")
                .forEach(page -> page.forEach(row -> row.others().keySet().stream()
                        .limit(Math.max(0, limit - names.size()))
                        .forEach(names::add)));
        return List.copyOf(names);
    }

    private Stream<List<ReportedRow>> pages(BatchInfo batch, String which) {
        return Stream.iterate(
                page(batch, -1, which),
                page -> !page.isEmpty(),
                page -> page(batch, page.get(page.size() - 1).line(), which));
    }

    private List<ReportedRow> page(BatchInfo batch, long after, String which) {
        return journal.read(sql -> sql.of(FINAL_ROWS + "line > :after" + which + " ORDER BY line LIMIT :limit")
                .set("batch", batch.id())
                .set("after", after)
                .set("limit", PAGE)
                .list(Reports::reported));
    }

    /** The first final rows of a batch with one of these outcomes, in input order. */
    public List<ReportedRow> finalRows(BatchInfo batch, Collection<Outcome> outcomes, int limit) {
        return journal.read(sql -> sql.of(FINAL_ROWS + "outcome IN (:outcomes) ORDER BY line LIMIT :limit")
                .set("batch", batch.id())
                .setAll("outcomes", outcomes)
                .set("limit", limit)
                .list(Reports::reported));
    }

    private static ReportedRow reported(ResultSet r) throws SQLException {
        Long code = Sql.getLong(r, "code");
        Long finished = Sql.getLong(r, "finished_at");
        Map<String, String> cells = new HashMap<>();
        InputColumns.read(r).forEach((column, cell) -> cells.put(column.text(), cell));
        CallDetails details = new CallDetails(
                Objects.requireNonNullElse(r.getString("detail"), ""),
                code == null ? null : code.intValue(),
                r.getString("error_code"));
        return new ReportedRow(
                r.getLong("line"),
                cells,
                new RowResult(Outcome.valueOf(r.getString("outcome")), details),
                r.getInt("calls"),
                finished == null ? null : Instant.ofEpochMilli(finished),
                OtherColumns.read(r.getString("others")));
    }
}
