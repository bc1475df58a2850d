/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.Orders.Locked;
import io.github.camelksher.batch.journal.Orders.RowId;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.Operation;
import io.github.camelksher.batch.life.Verdict;
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

/** The SQL of order_row while its orders are worked on. Every save of a held row is conditional on whose it is. */
final class OrderRows {

    private static final String INPUT =
            "r.batch_id, r.line, r.operation, r.mch_order_no, r.ksher_order_no, r.channel_order_no, r.channel,"
                    + " r.order_key, r.life, r.calls, r.begun_ran";

    private static final String SAVE = "UPDATE order_row SET state = :state, due_at = CASE WHEN :waits < 0 THEN NULL"
            // As late as wanted, but not later than the order's time is up, and never sooner than the pace allows.
            + " ELSE GREATEST(:now, CASE WHEN :queried THEN :now + 1 ELSE COALESCE(queried_at, 0) END + :interval,"
            + " LEAST(CASE WHEN :queried THEN :now + 1 ELSE COALESCE(queried_at, 0) END + :waits, :now + :left)) END,"
            // Rounded up: a wait may be too long by a millisecond, and never too short.
            + " queried_at = CASE WHEN :queried THEN :now + 1 ELSE queried_at END,"
            + " life = :life, commands = :commands, calls = :calls, outcome = :outcome, detail = :detail, code = :code,"
            + " error_code = :error, finished_at = CASE WHEN :state = 'F' THEN :now ELSE NULL END"
            + " WHERE batch_id = :batch AND line = :line AND owner = :owner AND state = 'H'";

    private final Sql sql;
    private final Orders orders;
    private final long interval;

    OrderRows(Sql sql, long interval) {
        this.sql = sql;
        this.orders = new Orders(sql);
        this.interval = interval;
    }

    // ---- claims ----

    /**
     * Takes up to {@code limit} rows that are due, those that were begun first, and announces a query of each.
     *
     * @param ran the run time of the target now
     */
    Claim claim(long owner, List<BatchInfo> batches, int limit, long ran) throws SQLException {
        List<HeldRow> rows = new ArrayList<>();
        for (String state : List.of("W", "P")) {
            for (BatchInfo batch : batches) {
                if (rows.size() < limit) {
                    rows.addAll(claim(owner, batch, state, limit - rows.size(), ran));
                }
            }
        }
        return new Claim(rows, rows.size() < limit ? nextIn(batches) : Duration.ZERO);
    }

    private List<HeldRow> claim(long owner, BatchInfo batch, String state, int limit, long ran) throws SQLException {
        List<HeldRow> due = sql.of("SELECT " + INPUT + " FROM order_row r"
                        + " WHERE r.batch_id = :batch AND r.state = :state AND r.due_at <= :start"
                        // All columns of the index: H2 would read and sort every row without the first two.
                        + " ORDER BY r.batch_id, r.state, r.due_at, r.line LIMIT :limit"
                        + sql.database().skipLocked)
                .set("batch", batch.id())
                .set("state", state)
                .set("limit", limit)
                .list(row -> read(row, batch, owner, ran));
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
        List<String> ahead = new ArrayList<>();
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
                // Another row of the order is worked on, or was lately.
                later.put(row, order.begun() == null ? Math.min(order.waitMillis(), interval) : interval);
                if (order.begun() == null && order.waitMillis() > interval + 1) {
                    ahead.add(row.orderKey());
                }
            }
        }
        orders.begin(begun);
        orders.takeBackStampsAhead(ahead, interval);
        hold(owner, held, ran);
        defer(later);
        return held;
    }

    /** Of another row of the same batch that sent the order a command; null if none did. */
    private static @Nullable Long commandedLine(Locked order, HeldRow row) {
        RowId commanded = order.commanded();
        boolean another = commanded != null && commanded.batchId() == row.batchId() && !commanded.equals(row.id());
        return commanded != null && another ? Long.valueOf(commanded.line()) : null;
    }

    private void hold(long owner, List<HeldRow> rows, long ran) throws SQLException {
        Sql.Statement update =
                sql.of("UPDATE order_row SET state = 'H', owner = :owner, due_at = NULL, calls = calls + 1,"
                        + " begun_ran = COALESCE(begun_ran, :ran) WHERE batch_id = :batch AND line = :line");
        for (HeldRow row : rows) {
            update.set("owner", owner)
                    .set("ran", ran)
                    .set("batch", row.batchId())
                    .set("line", row.row().line())
                    .add();
        }
        update.updateAll();
    }

    private void defer(Map<HeldRow, Long> rows) throws SQLException {
        Sql.Statement update =
                sql.of("UPDATE order_row SET due_at = :now + :wait WHERE batch_id = :batch AND line = :line");
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

    // ---- saves ----

    /** For each save whether the row was held by its owner, and is written. */
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
            if (saved[i] && saves.get(i).verdict() != null) {
                ended.add(saves.get(i));
            }
        }
        orders.free(ended, interval);
        return saved;
    }

    private Sql.Statement bind(Sql.Statement statement, Save save) {
        HeldRow row = save.row();
        Verdict verdict = save.verdict();
        Facts facts = verdict == null ? null : verdict.facts();
        Duration waits = save.waits();
        return statement
                .set("state", save.state())
                .set("waits", waits == null ? -1L : waits.toMillis())
                .set("left", Math.max(0, save.timeLeft().toMillis()))
                .set("queried", save.queried())
                .set("interval", interval)
                .set("life", Lives.write(row.life()))
                .set("commands", row.life().commands())
                .set("calls", row.calls())
                .set("outcome", verdict == null ? null : verdict.outcome())
                .set("detail", facts == null ? null : Text.storable(facts.detail()))
                .setNumber("code", facts == null ? null : facts.code())
                .set("error", facts == null ? null : facts.errorCode())
                .set("batch", row.batchId())
                .set("line", row.row().line())
                .set("owner", row.owner());
    }

    /** Whether a save was carried out whose commit was not answered. */
    boolean isThere(Save save) throws SQLException {
        HeldRow row = save.row();
        Boolean same = sql.of("SELECT owner, state FROM order_row WHERE batch_id = :batch AND line = :line")
                .set("batch", row.batchId())
                .set("line", row.row().line())
                .first(r -> r.getLong("owner") == row.owner()
                        && r.getString("state").equals(save.state()));
        return Boolean.TRUE.equals(same);
    }

    // ---- taking over ----

    /**
     * A row that is held by a worker that is not there, or that this worker holds without knowing it.
     *
     * @param askedForMillis how long from now its order may still be asked
     */
    record Stray(HeldRow row, long askedForMillis) {}

    /**
     * Rows of open batches that are held by the looker itself, by nobody, or by a worker that has not renewed for so long.
     *
     * @param expiresMillis null if every other worker's are meant
     * @param callTimeout of a worker that is not known
     */
    List<Stray> strays(long looker, @Nullable Long expiresMillis, long callTimeout) throws SQLException {
        String dead = expiresMillis == null ? "TRUE" : "w.renewed_at < :start - :expires";
        Sql.Statement select = sql.of("SELECT " + INPUT + ", r.owner, b.name, b.kind,"
                        + " COALESCE(w.renewed_at + w.call_timeout_ms - :start, :callTimeout) AS asked_for"
                        + " FROM batch b JOIN order_row r ON r.batch_id = b.id AND r.state = 'H'"
                        + " LEFT JOIN worker w ON w.id = r.owner"
                        + " WHERE b.state = 'OPEN' AND (r.owner = :looker OR w.id IS NULL OR (" + dead + "))"
                        + sql.database().skipLockedRows)
                .set("looker", looker)
                .set("callTimeout", callTimeout);
        if (expiresMillis != null) {
            select.set("expires", expiresMillis);
        }
        return select.list(row -> new Stray(
                read(row, row.getString("name"), isLate(row.getString("kind")), row.getLong("owner"), 0),
                Math.max(0, row.getLong("asked_for"))));
    }

    /**
     * Lets a stray row wait: until its order cannot be asked by its last owner any more, and as long as the pace demands.
     *
     * @param queried whether a query of it may be under way until then
     */
    void putBack(HeldRow row, boolean queried, long askedForMillis) throws SQLException {
        sql.of("UPDATE order_row SET state = 'W', life = :life, commands = :commands,"
                        // Of a query that may be under way, its end is not known yet: no stamp lies ahead of the clock.
                        + " queried_at = CASE WHEN :queried THEN :start ELSE queried_at END,"
                        + " due_at = GREATEST(:start + :asked,"
                        + " CASE WHEN :queried THEN :start + 1 + :asked ELSE COALESCE(queried_at, 0) END + :interval)"
                        + " WHERE batch_id = :batch AND line = :line AND owner = :owner AND state = 'H'")
                .set("life", Lives.write(row.life()))
                .set("commands", row.life().commands())
                .set("queried", queried)
                .set("asked", askedForMillis)
                .set("interval", interval)
                .set("batch", row.batchId())
                .set("line", row.row().line())
                .set("owner", row.owner())
                .update();
    }

    /**
     * Plans rows again that wait in batches whose target has no worker, and frees their orders, if no command was sent for them: a
     * run with a wrong address would hold its orders for ever.
     */
    void planAbandoned() throws SQLException {
        List<Long> abandoned = sql.of("SELECT b.id FROM batch b WHERE b.state = 'OPEN'"
                        + " AND NOT EXISTS (SELECT 1 FROM worker w WHERE w.target = b.target)")
                .list(row -> row.getLong(1));
        if (!abandoned.isEmpty()) {
            int planned = sql.of("UPDATE order_row SET state = 'P' WHERE batch_id IN (:batches) AND state = 'W'"
                            + " AND commands = 0")
                    .setAll("batches", abandoned)
                    .update();
            if (planned > 0) {
                orders.freePlanned(abandoned, interval);
            }
        }
    }

    /**
     * Takes back stamps that lie ahead of the clock, which was set back since: what waits begins its wait anew, so it is delayed by no
     * more than that.
     */
    void takeBackStampsAhead(String target) throws SQLException {
        Batches batches = new Batches(sql);
        for (BatchInfo batch : batches.list(
                batches.select("WHERE target = :target AND state = 'OPEN'").set("target", target))) {
            for (String state : List.of("P", "W")) {
                sql.of(
                                "UPDATE order_row SET queried_at = CASE WHEN queried_at > :start THEN :start ELSE queried_at END,"
                                        + " due_at = :start + CASE WHEN queried_at > :start THEN GREATEST(:interval, due_at - queried_at)"
                                        + " ELSE :interval END"
                                        // The index serves this: a row whose stamps are right is seldom due so late.
                                        + " WHERE batch_id = :batch AND state = :state AND due_at > :start + 1 + :interval"
                                        + " AND (state = 'P' OR queried_at > :start OR queried_at IS NULL)")
                        .set("interval", interval)
                        .set("batch", batch.id())
                        .set("state", state)
                        .update();
            }
        }
    }

    /** Whether a row waits in one of these batches that can go on before any held row is saved. */
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

    /** Of the waiting rows of these batches, those whose order another batch has begun at another target. */
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

    // ---- reading ----

    private static HeldRow read(ResultSet row, BatchInfo batch, long owner, long ran) throws SQLException {
        HeldRow held = read(row, batch.name(), batch.kind() == BatchInfo.Kind.LATE, owner, ran);
        return held.withCalls(held.calls() + 1);
    }

    private static boolean isLate(String kind) {
        return kind.equals(BatchInfo.Kind.LATE.name());
    }

    private static HeldRow read(ResultSet r, String batch, boolean late, long owner, long ran) throws SQLException {
        String text = r.getString("operation");
        Operation operation = Objects.requireNonNull(
                late ? Operation.CHECK : Operation.ofInput(OrderRow.value(text)), "only valid rows are worked on");
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
        Long begun = Sql.getLong(r, "begun_ran");
        return new HeldRow(
                r.getLong("batch_id"),
                batch,
                row,
                r.getString("order_key"),
                Lives.read(r.getString("life"), operation),
                r.getInt("calls"),
                begun == null ? ran : begun,
                null,
                owner);
    }
}
