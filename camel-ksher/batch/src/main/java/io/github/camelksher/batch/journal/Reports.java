/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What reports are made of: reads only. */
final class Reports {

    private static final String FINAL_ROWS =
            "SELECT line, operation, mch_order_no, ksher_order_no, channel_order_no, channel, outcome, detail, code,"
                    + " error_code, calls, finished_at, others FROM order_row WHERE batch_id = :batch AND state = 'F' AND ";

    private final Sql sql;

    Reports(Sql sql) {
        this.sql = sql;
    }

    Map<Outcome, Long> outcomes(long batch) throws SQLException {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        sql.of("SELECT outcome, COUNT(*) FROM order_row WHERE batch_id = :batch AND state = 'F' GROUP BY outcome")
                .set("batch", batch)
                .list(row -> counts.put(Outcome.valueOf(row.getString(1)), row.getLong(2)));
        return counts;
    }

    long calls(long batch) throws SQLException {
        return number("SELECT COALESCE(SUM(calls), 0) FROM order_row WHERE batch_id = :batch", batch);
    }

    long openRows(long batch) throws SQLException {
        return number("SELECT COUNT(*) FROM order_row WHERE batch_id = :batch AND state IN ('P', 'W', 'H')", batch);
    }

    @Nullable
    Instant lastFinishedAt(long batch) throws SQLException {
        long last = number("SELECT COALESCE(MAX(finished_at), 0) FROM order_row WHERE batch_id = :batch", batch);
        return last == 0 ? null : Instant.ofEpochMilli(last);
    }

    private long number(String text, long batch) throws SQLException {
        return Objects.requireNonNull(sql.of(text).set("batch", batch).first(row -> row.getLong(1)));
    }

    /** Final rows in input order, from behind a line. */
    List<ReportedRow> page(long batch, long after, boolean onlyWithOthers, int limit) throws SQLException {
        String which = "line > :after" + (onlyWithOthers ? " AND others IS NOT NULL" : "");
        return sql.of(FINAL_ROWS + which + " ORDER BY line LIMIT :limit")
                .set("batch", batch)
                .set("after", after)
                .set("limit", limit)
                .list(Reports::reported);
    }

    List<ReportedRow> withOutcome(long batch, Collection<Outcome> outcomes, int limit) throws SQLException {
        return sql.of(FINAL_ROWS + "outcome IN (:outcomes) ORDER BY line LIMIT :limit")
                .set("batch", batch)
                .setAll("outcomes", outcomes)
                .set("limit", limit)
                .list(Reports::reported);
    }

    private static ReportedRow reported(ResultSet r) throws SQLException {
        Long code = Sql.getLong(r, "code");
        Long finished = Sql.getLong(r, "finished_at");
        return new ReportedRow(
                r.getLong("line"),
                r.getString("operation"),
                r.getString("mch_order_no"),
                r.getString("ksher_order_no"),
                r.getString("channel_order_no"),
                r.getString("channel"),
                Outcome.valueOf(r.getString("outcome")),
                Objects.requireNonNullElse(r.getString("detail"), ""),
                code == null ? null : code.intValue(),
                Objects.requireNonNullElse(r.getString("error_code"), ""),
                r.getInt("calls"),
                finished == null ? null : Instant.ofEpochMilli(finished),
                OtherColumns.read(r.getString("others")));
    }
}
