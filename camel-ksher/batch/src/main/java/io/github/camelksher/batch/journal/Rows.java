/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.Operation;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.OrderLife.Answer;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of order_row while its orders are worked on. Every change of a row in somebody's hands is conditional on whose they are. */
final class Rows {

    /** All that changes in a row's life; its parameters are set by {@link #bind}. */
    static final String SAVE =
            "UPDATE order_row SET state = ?, owner = ?, active_key = ?, due_at = ?, queried_at = ?, age_ms = ?,"
                    + " counted_at = ?, phase = ?, commands = ?, done = ?, failed_queries = ?, repeats = ?, answer = ?, told = ?,"
                    + " told_code = ?, told_error = ?, open_after_command = ?, failure = ?, failure_code = ?, failure_error = ?,"
                    + " calls = ?, outcome = ?, detail = ?, code = ?, error_code = ?, finished_at = ?"
                    + " WHERE batch_id = ? AND line = ? AND owner = ?";

    private static final String READ =
            "SELECT r.batch_id, b.name, r.line, r.operation, r.mch_order_no, r.ksher_order_no,"
                    + " r.channel_order_no, r.channel, r.order_key, r.phase, r.commands, r.done, r.failed_queries, r.repeats, r.answer,"
                    + " r.told, r.told_code, r.told_error, r.open_after_command, r.failure, r.failure_code, r.failure_error, r.calls,"
                    + " r.queried_at, r.age_ms, r.counted_at, b.kind";

    private Rows() {}

    /** Takes up to {@code limit} rows that are due into the owner's hands, those that were begun first, and announces a query of each. */
    static Claim claim(
            Connection c, Database database, long owner, List<Long> batches, int limit, long now, long interval)
            throws SQLException {
        List<HeldRow> rows = new ArrayList<>();
        for (String state : List.of("W", "P")) {
            for (long batch : batches) {
                if (rows.size() < limit) {
                    rows.addAll(due(c, database, owner, batch, state, limit - rows.size(), now, interval));
                }
            }
        }
        return new Claim(rows, rows.size() < limit ? nextDue(c, batches) : Long.valueOf(now));
    }

    private static List<HeldRow> due(
            Connection c, Database database, long owner, long batch, String state, int limit, long now, long interval)
            throws SQLException {
        boolean planned = state.equals("P");
        String sql = READ
                + (planned
                        ? ", (SELECT MAX(o.queried_at) FROM order_row o WHERE o.order_key = r.order_key) AS latest,"
                                + " (SELECT COUNT(*) FROM order_row o WHERE o.active_key = r.order_key) AS others"
                        : "")
                + " FROM order_row r JOIN batch b ON b.id = r.batch_id WHERE r.batch_id = ? AND r.state = ? AND r.due_at <= ?"
                // All columns of the index: H2 would read and sort every row without the first two.
                + " ORDER BY r.batch_id, r.state, r.due_at, r.line LIMIT ?" + database.skipLockedRows;
        List<HeldRow> rows = new ArrayList<>();
        List<Deferral> deferrals = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        try (PreparedStatement select = c.prepareStatement(sql)) {
            select.setLong(1, batch);
            select.setString(2, state);
            select.setLong(3, now);
            select.setInt(4, limit);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    HeldRow row = read(result);
                    long free = planned ? freeAt(result, taken, row, now, interval) : now;
                    if (free > now) {
                        deferrals.add(new Deferral(row, free));
                    } else {
                        taken.add(row.orderKey());
                        rows.add(row.with(
                                row.life(),
                                row.calls() + 1,
                                row.queriedAt(),
                                row.ageMillis(),
                                planned ? now : row.countedAt()));
                    }
                }
            }
        }
        hold(c, owner, rows);
        defer(c, deferrals);
        return rows;
    }

    /** When another row of the order is done with, as far as can be told, and the pace allows a query. */
    private static long freeAt(ResultSet result, Set<String> taken, HeldRow row, long now, long interval)
            throws SQLException {
        if (result.getInt("others") > 0 || taken.contains(row.orderKey())) {
            return now + interval;
        }
        long latest = result.getLong("latest");
        // It may lie ahead of now by what two clocks differ; by more only if a clock was set back.
        return result.wasNull() ? now : Math.min(latest, now + interval) + interval;
    }

    private record Deferral(HeldRow row, long until) {}

    private static void defer(Connection c, List<Deferral> deferrals) throws SQLException {
        if (deferrals.isEmpty()) {
            return;
        }
        String sql = "UPDATE order_row SET due_at = ? WHERE batch_id = ? AND line = ? AND state = 'P'";
        try (PreparedStatement update = c.prepareStatement(sql)) {
            for (Deferral deferral : deferrals) {
                update.setLong(1, deferral.until());
                update.setLong(2, deferral.row().batchId());
                update.setLong(3, deferral.row().row().line());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static void hold(Connection c, long owner, List<HeldRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql = "UPDATE order_row SET state = 'H', owner = ?, active_key = order_key, due_at = NULL, calls = ?,"
                + " counted_at = ? WHERE batch_id = ? AND line = ?";
        try (PreparedStatement update = c.prepareStatement(sql)) {
            for (HeldRow row : rows) {
                update.setLong(1, owner);
                update.setInt(2, row.calls());
                update.setLong(3, row.countedAt());
                update.setLong(4, row.batchId());
                update.setLong(5, row.row().line());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private static @Nullable Long nextDue(Connection c, List<Long> batches) throws SQLException {
        Long next = null;
        // Not MIN, for which H2 reads all of them. A row behind a held one of its order cannot go on, however long it
        // waits.
        String sql = "SELECT r.due_at FROM order_row r WHERE r.batch_id = ? AND r.state = ?"
                + " AND NOT EXISTS (SELECT 1 FROM order_row o WHERE o.active_key = r.order_key AND o.state = 'H')"
                + " ORDER BY r.batch_id, r.state, r.due_at LIMIT 1";
        try (PreparedStatement select = c.prepareStatement(sql)) {
            for (long batch : batches) {
                for (String state : List.of("W", "P")) {
                    select.setLong(1, batch);
                    select.setString(2, state);
                    try (ResultSet result = select.executeQuery()) {
                        if (result.next() && (next == null || result.getLong(1) < next)) {
                            next = result.getLong(1);
                        }
                    }
                }
            }
        }
        return next;
    }

    /** Sets the parameters of {@link #SAVE}. */
    static void bind(PreparedStatement s, long owner, HeldRow row, RowState state) throws SQLException {
        OrderLife life = row.life();
        int i = 1;
        s.setString(i++, state.code());
        set(s, i++, state.isHeld() ? Long.valueOf(owner) : null);
        s.setString(i++, state.verdict() == null ? row.orderKey() : null);
        set(s, i++, state.dueAt());
        set(s, i++, row.queriedAt());
        s.setLong(i++, row.ageMillis());
        s.setLong(i++, row.countedAt());
        s.setString(i++, life.phase().name());
        s.setInt(i++, life.commands());
        s.setInt(i++, life.done());
        s.setInt(i++, life.failedQueries());
        s.setInt(i++, life.repeats());
        s.setString(i++, life.answer() == null ? null : life.answer().name());
        i = setFacts(s, i, life.told());
        s.setBoolean(i++, life.openAfterCommand());
        i = setFacts(s, i, life.failure());
        s.setInt(i++, row.calls());
        s.setString(
                i++, state.verdict() == null ? null : state.verdict().outcome().name());
        i = setFacts(s, i, state.verdict() == null ? null : state.verdict().facts());
        set(s, i++, state.verdict() == null ? null : Long.valueOf(row.countedAt()));
        s.setLong(i++, row.batchId());
        s.setLong(i++, row.row().line());
        s.setLong(i, owner);
    }

    private static int setFacts(PreparedStatement s, int index, @Nullable Facts facts) throws SQLException {
        s.setString(index, facts == null ? null : Text.storable(facts.detail()));
        set(s, index + 1, facts == null || facts.code() == null ? null : Long.valueOf(facts.code()));
        s.setString(index + 2, facts == null ? null : facts.errorCode());
        return index + 3;
    }

    private static void set(PreparedStatement s, int index, @Nullable Long value) throws SQLException {
        if (value == null) {
            s.setNull(index, Types.BIGINT);
        } else {
            s.setLong(index, value);
        }
    }

    /** Rows that the owner holds: a call of each was announced, and nothing is known of its end. */
    static List<HeldRow> heldBy(Connection c, long owner) throws SQLException {
        String sql =
                READ + " FROM order_row r JOIN batch b ON b.id = r.batch_id WHERE b.state = 'OPEN' AND r.state = 'H'"
                        + " AND r.owner = ? ORDER BY r.batch_id, r.line";
        List<HeldRow> rows = new ArrayList<>();
        try (PreparedStatement select = c.prepareStatement(sql)) {
            select.setLong(1, owner);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rows.add(read(result));
                }
            }
        }
        return rows;
    }

    /** One row of an order is worked on at a time, so what another row sent was sent before. */
    static @Nullable Long commandedByLine(Connection c, HeldRow row) throws SQLException {
        String sql =
                "SELECT MAX(line) AS line FROM order_row WHERE order_key = ? AND batch_id = ? AND line <> ? AND commands > 0";
        try (PreparedStatement select = c.prepareStatement(sql)) {
            select.setString(1, row.orderKey());
            select.setLong(2, row.batchId());
            select.setLong(3, row.row().line());
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return getLong(result, "line");
            }
        }
    }

    /** Counts the time until then for the rows that wait: their next owner counts from now on only. */
    static void countWaiting(Connection c, long until, long now) throws SQLException {
        String sql = "UPDATE order_row SET age_ms = age_ms + GREATEST(0, ? - counted_at), counted_at = ?"
                + " WHERE state = 'W' AND batch_id IN (SELECT id FROM batch WHERE state = 'OPEN')";
        try (PreparedStatement update = c.prepareStatement(sql)) {
            update.setLong(1, until);
            update.setLong(2, now);
            update.executeUpdate();
        }
    }

    private static HeldRow read(ResultSet r) throws SQLException {
        String text = r.getString("operation");
        boolean late = r.getString("kind").equals(BatchInfo.Kind.LATE.name());
        Operation operation = late ? Operation.CHECK : Operation.ofInput(OrderRow.value(text));
        OrderRow row = new OrderRow(
                r.getLong("line"),
                text,
                operation,
                r.getString("mch_order_no"),
                r.getString("ksher_order_no"),
                r.getString("channel_order_no"),
                r.getString("channel"),
                null,
                // For the report, which reads them itself.
                Map.of());
        String answer = r.getString("answer");
        OrderLife life = new OrderLife(
                Phase.valueOf(r.getString("phase")),
                late,
                r.getInt("commands"),
                r.getInt("done"),
                r.getInt("failed_queries"),
                r.getInt("repeats"),
                answer == null ? null : Answer.valueOf(answer),
                facts(r, "told", "told_code", "told_error"),
                r.getBoolean("open_after_command"),
                facts(r, "failure", "failure_code", "failure_error"));
        return new HeldRow(
                r.getLong("batch_id"),
                r.getString("name"),
                row,
                r.getString("order_key"),
                life,
                r.getInt("calls"),
                getLong(r, "queried_at"),
                r.getLong("age_ms"),
                r.getLong("counted_at"));
    }

    static @Nullable Facts facts(ResultSet r, String detail, String code, String error) throws SQLException {
        String text = r.getString(detail);
        Long number = getLong(r, code);
        return text == null ? null : new Facts(text, number == null ? null : number.intValue(), r.getString(error));
    }

    static @Nullable Long getLong(ResultSet r, String column) throws SQLException {
        long value = r.getLong(column);
        return r.wasNull() ? null : value;
    }

    static @Nullable Outcome outcome(ResultSet r) throws SQLException {
        String outcome = r.getString("outcome");
        return outcome == null ? null : Outcome.valueOf(outcome);
    }
}
