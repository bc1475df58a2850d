/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.Orders.Locked;
import io.github.camelksher.batch.journal.Orders.RowId;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.batch.life.RowResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of order_row. Each save of a held row is conditional on its owner. */
record OrderRows(Sql sql, Orders orders, long interval) {

    /** What {@link #read} needs. */
    static final String COLUMNS = "r.batch_id, r.line, order_key, life, calls, begun_ran, " + InputColumns.NAMES;

    private static final String SAVE = "UPDATE order_row SET state = :state, due_at = CASE WHEN :delay < 0 THEN NULL"
            // After the delay, but not after the order's time is up, and never sooner than the pace
            // allows.
            + " ELSE GREATEST(:now, CASE WHEN :queried THEN :now + 1 ELSE COALESCE(queried_at, 0) END + :interval,"
            + " LEAST(CASE WHEN :queried THEN :now + 1 ELSE COALESCE(queried_at, 0) END + :delay, :now + :left)) END,"
            // Rounded up, so that a wait is never too short.
            + " queried_at = CASE WHEN :queried THEN :now + 1 ELSE queried_at END, stamped_at = :now,"
            + " life = :life, commands = :commands, calls = :calls, outcome = :outcome, detail = :detail, code = :code,"
            + " error_code = :error, finished_at = CASE WHEN :state = 'F' THEN :now ELSE NULL END"
            + " WHERE batch_id = :batch AND line = :line AND owner = :owner AND state = 'H'";

    /** Who claims rows: a fencing token, and the run time of its target now. */
    record Claimant(long owner, long ran) {}

    OrderRows(Sql sql, long interval) {
        this(sql, new Orders(sql), interval);
    }

    Claim claim(Claimant claimant, List<BatchInfo> batches, int limit) throws SQLException {
        List<HeldRow> rows = new ArrayList<>();
        for (String state : List.of("W", "P")) {
            for (BatchInfo batch : batches) {
                if (rows.size() < limit) {
                    rows.addAll(claim(claimant, batch, state, limit - rows.size()));
                }
            }
        }
        return new Claim(rows, rows.size() < limit ? nextIn(batches) : Duration.ZERO);
    }

    private List<HeldRow> claim(Claimant claimant, BatchInfo batch, String state, int limit) throws SQLException {
        List<HeldRow> due = sql.of("SELECT " + COLUMNS + " FROM order_row r"
                        + " WHERE r.batch_id = :batch AND r.state = :state AND r.due_at <= :start"
                        // All columns of the index: without the first two, H2 would read and sort
                        // every row.
                        + " ORDER BY r.batch_id, r.state, r.due_at, r.line LIMIT :limit"
                        + sql.database().skipLocked)
                .set("batch", batch.id())
                .set("state", state)
                .set("limit", limit)
                .list(row -> {
                    HeldRow held = read(row, batch.name(), batch.kind(), claimant);
                    return held.withCalls(held.calls() + 1);
                });
        if (due.isEmpty()) {
            return due;
        }
        Map<String, RowId> first = new LinkedHashMap<>();
        due.forEach(row -> first.putIfAbsent(row.orderKey(), row.id()));
        Set<String> there = state.equals("P") ? orders.beginNew(first) : first.keySet();
        Map<String, Locked> locked = orders.lock(there);
        Map<String, RowId> begun = new HashMap<>();
        List<HeldRow> held = new ArrayList<>();
        Map<HeldRow, Long> later = new HashMap<>();
        List<String> future = new ArrayList<>();
        for (HeldRow row : due) {
            boolean isFirst = row.id().equals(first.get(row.orderKey()));
            Locked order = locked.get(row.orderKey());
            if (isFirst && !there.contains(row.orderKey())) {
                held.add(row);
            } else if (!isFirst) {
                later.put(row, interval);
            } else if (order != null && order.isFor(row.id())) {
                if (order.begun() == null) {
                    begun.put(row.orderKey(), row.id());
                }
                held.add(row.commandedBy(commandedLine(order, row)));
            } else if (order != null) {
                // Another row of the order is being worked on, or ended less than an interval ago.
                later.put(row, order.begun() == null ? Math.min(order.waitMillis(), interval) : interval);
                if (order.begun() == null && order.waitMillis() > interval + 1) {
                    future.add(row.orderKey());
                }
            }
        }
        orders.begin(begun);
        orders.resetFutureTimestamps(future, interval);
        hold(claimant, held);
        defer(later);
        return held;
    }

    /** The line of another row of the batch that sent the order a command; null if none did. */
    private static @Nullable Long commandedLine(Locked order, HeldRow row) {
        RowId commanded = order.commanded();
        boolean another = commanded != null && commanded.batchId() == row.batchId() && !commanded.equals(row.id());
        return commanded != null && another ? Long.valueOf(commanded.line()) : null;
    }

    private void hold(Claimant claimant, List<HeldRow> rows) throws SQLException {
        Sql.Statement update =
                sql.of("UPDATE order_row SET state = 'H', owner = :owner, due_at = NULL, calls = calls + 1,"
                        + " begun_ran = COALESCE(begun_ran, :ran) WHERE batch_id = :batch AND line = :line");
        for (HeldRow row : rows) {
            update.set("owner", claimant.owner())
                    .set("ran", claimant.ran())
                    .set("batch", row.batchId())
                    .set("line", row.row().line())
                    .add();
        }
        update.updateAll();
    }

    private void defer(Map<HeldRow, Long> rows) throws SQLException {
        Sql.Statement update = sql.of(
                "UPDATE order_row SET due_at = :now + :wait, stamped_at = :now WHERE batch_id = :batch AND line ="
                        + " :line");
        for (Map.Entry<HeldRow, Long> row : rows.entrySet()) {
            update.set("wait", row.getValue())
                    .set("batch", row.getKey().batchId())
                    .set("line", row.getKey().row().line())
                    .add();
        }
        update.updateAll();
    }

    private @Nullable Duration nextIn(List<BatchInfo> batches) throws SQLException {
        Long next = null;
        for (BatchInfo batch : batches) {
            for (String state : List.of("W", "P")) {
                // One state at a time: the index has the answer as its first entry.
                Long wait = sql.of("SELECT due_at - :start FROM order_row WHERE batch_id = :batch AND state = :state"
                                + " ORDER BY batch_id, state, due_at LIMIT 1")
                        .set("batch", batch.id())
                        .set("state", state)
                        .first(row -> row.getLong(1));
                next = wait == null || (next != null && next <= wait) ? next : wait;
            }
        }
        return next == null ? null : Duration.ofMillis(Math.max(0, next));
    }

    /** For each save whether its owner held the row, so that it is written. */
    boolean[] save(List<Save> saves) throws SQLException {
        Sql.Statement update = sql.of(SAVE);
        for (Save save : saves) {
            bind(update, save).add();
        }
        int[] counts = update.updateAll();
        boolean[] saved = new boolean[counts.length];
        List<Save> ended = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            saved[i] = counts[i] == 1;
            if (saved[i] && saves.get(i).result() != null) {
                ended.add(saves.get(i));
            }
        }
        orders.free(ended, interval);
        return saved;
    }

    private Sql.Statement bind(Sql.Statement statement, Save save) {
        HeldRow row = save.row();
        RowResult result = save.result();
        CallDetails details = result == null ? null : result.details();
        Duration delay = save.delay();
        return statement
                .set("state", save.state())
                .set("delay", delay == null ? -1L : delay.toMillis())
                .set("left", Math.max(0, save.timeLeft().toMillis()))
                .set("queried", save.queryEnded())
                .set("interval", interval)
                .set("life", OrderLifeJson.write(row.life()))
                .set("commands", row.life().commands().sent())
                .set("calls", row.calls())
                .set("outcome", result == null ? null : result.outcome())
                .set("detail", details == null ? null : Text.storable(details.text()))
                .setNumber("code", details == null ? null : details.code())
                .set("error", details == null ? null : details.errorCode())
                .set("batch", row.batchId())
                .set("line", row.row().line())
                .set("owner", row.owner());
    }

    /** Whether a save was carried out although its commit was not answered. */
    boolean isThere(Save save) throws SQLException {
        HeldRow row = save.row();
        Boolean same = sql.of("SELECT owner, state FROM order_row WHERE batch_id = :batch AND line = :line")
                .set("batch", row.batchId())
                .set("line", row.row().line())
                .first(r -> r.getLong("owner") == row.owner()
                        && r.getString("state").equals(save.state()));
        return Boolean.TRUE.equals(same);
    }

    boolean anyCanGoOn(List<BatchInfo> batches) throws SQLException {
        for (BatchInfo batch : batches) {
            Boolean found = sql.of("SELECT 1 FROM order_row r LEFT JOIN ksher_order o ON o.order_key = r.order_key"
                            + " LEFT JOIN order_row h ON h.batch_id = o.batch_id AND h.line = o.line AND h.state = 'H'"
                            + " WHERE r.batch_id = :batch AND r.state IN ('P', 'W') AND h.line IS NULL LIMIT 1")
                    .set("batch", batch.id())
                    .first(row -> true);
            if (found != null) {
                return true;
            }
        }
        return false;
    }

    /** Batches at another target that have begun orders for which rows of these batches wait. */
    List<String> heldElsewhere(List<BatchInfo> batches) throws SQLException {
        Set<String> held = new HashSet<>();
        for (BatchInfo batch : batches) {
            held.addAll(sql.of("SELECT DISTINCT b.name, b.target FROM order_row r"
                            + " JOIN ksher_order o ON o.order_key = r.order_key JOIN batch b ON b.id = o.batch_id"
                            + " WHERE r.batch_id = :batch AND r.state IN ('P', 'W') AND b.target <> :target")
                    .set("batch", batch.id())
                    .set("target", batch.target().key())
                    .list(row -> row.getString("name") + " ("
                            + Target.ofKey(row.getString("target")).urls() + ")"));
        }
        return held.stream().sorted().toList();
    }

    static HeldRow read(ResultSet r, String batch, Kind kind, Claimant claimant) throws SQLException {
        Map<Column, String> cells = InputColumns.read(r);
        OrderRow row = OrderRow.of(r.getLong("line"), cells);
        row = kind == Kind.LATE ? row.withOperation(RowOperation.CHECK) : row;
        RowOperation operation = Objects.requireNonNull(row.operation(), "only valid rows are worked on");
        Long begun = Sql.getLong(r, "begun_ran");
        return new HeldRow(
                r.getLong("batch_id"),
                batch,
                row,
                r.getString("order_key"),
                OrderLifeJson.read(r.getString("life"), operation),
                r.getInt("calls"),
                begun == null ? claimant.ran() : begun,
                null,
                claimant.owner());
    }
}
