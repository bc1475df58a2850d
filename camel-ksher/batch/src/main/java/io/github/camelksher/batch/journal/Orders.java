/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The SQL of ksher_order, which lets one row of an order be worked on at a time. */
record Orders(Sql sql) {

    record RowId(long batchId, long line) {

        static @Nullable RowId read(ResultSet row, String batch, String line) throws SQLException {
            Long id = Sql.getLong(row, batch);
            return id == null ? null : new RowId(id, row.getLong(line));
        }
    }

    /**
     * An order that this transaction has locked.
     *
     * @param begun its row that is being worked on; null if none is
     * @param waitMillis how long until the pace allows another row to begin
     * @param commanded the last row that ended after it had sent a command; null if none did
     */
    record Locked(@Nullable RowId begun, long waitMillis, @Nullable RowId commanded) {

        /** Whether this row may go on, or begin. */
        boolean isFor(RowId row) {
            return begun == null ? waitMillis <= 0 : begun.equals(row);
        }
    }

    /** Begins orders with these rows; returns the orders that are in the table already. */
    Set<String> beginNew(Map<String, RowId> rows) throws SQLException {
        Sql.Statement insert = sql.of(
                "INSERT INTO ksher_order (order_key, batch_id, line, free_at) VALUES (:key, :batch, :line, :start)"
                        + " ON CONFLICT DO NOTHING");
        // Sorted, so that two workers that insert the same orders cannot deadlock.
        Map<String, RowId> sorted = new TreeMap<>(rows);
        for (Map.Entry<String, RowId> row : sorted.entrySet()) {
            bind(insert, row.getKey(), row.getValue()).add();
        }
        int[] inserted = insert.updateAll();
        Set<String> there = new HashSet<>();
        int i = 0;
        for (String key : sorted.keySet()) {
            if (inserted[i++] != 1) {
                there.add(key);
            }
        }
        return there;
    }

    private static Sql.Statement bind(Sql.Statement statement, String key, RowId row) {
        return statement.set("key", key).set("batch", row.batchId()).set("line", row.line());
    }

    /** Locks these orders, except those that another transaction has locked. */
    Map<String, Locked> lock(Collection<String> keys) throws SQLException {
        Map<String, Locked> locked = new HashMap<>();
        if (!keys.isEmpty()) {
            String select =
                    "SELECT order_key, batch_id, line, free_at - :start AS wait, commanded_batch, commanded_line"
                            + " FROM ksher_order WHERE order_key IN (:keys)" + sql.database().skipLocked;
            sql.of(select)
                    .setAll("keys", keys)
                    .list(row -> locked.put(
                            row.getString("order_key"),
                            new Locked(
                                    RowId.read(row, "batch_id", "line"),
                                    row.getLong("wait"),
                                    RowId.read(row, "commanded_batch", "commanded_line"))));
        }
        return locked;
    }

    /** Begins orders that are locked and that no row is being worked on for. */
    void begin(Map<String, RowId> rows) throws SQLException {
        Sql.Statement update = sql.of("UPDATE ksher_order SET batch_id = :batch, line = :line WHERE order_key = :key");
        for (Map.Entry<String, RowId> row : rows.entrySet()) {
            bind(update, row.getKey(), row.getValue()).add();
        }
        update.updateAll();
    }

    /** Frees the orders of final rows for the next row of each. */
    void free(List<Save> ended, long interval) throws SQLException {
        Sql.Statement update =
                sql.of("UPDATE ksher_order SET batch_id = NULL, line = NULL, free_at = :now + 1 + :interval,"
                        + " commanded_batch = CASE WHEN :commanded THEN :batch ELSE commanded_batch END,"
                        + " commanded_line = CASE WHEN :commanded THEN :line ELSE commanded_line END"
                        + " WHERE order_key = :key AND batch_id = :batch AND line = :line"
                        // Not if another worker saved the row meanwhile.
                        + " AND EXISTS (SELECT 1 FROM order_row r WHERE r.batch_id = :batch AND r.line = :line AND"
                        + " r.state = 'F')");
        for (Save save : ended) {
            HeldRow row = save.row();
            bind(update, row.orderKey(), row.id())
                    .set("interval", interval)
                    .set("commanded", row.life().commands().sent() > 0)
                    .add();
        }
        update.updateAll();
    }

    /** Frees the orders of these batches whose row was planned again. */
    void freePlanned(List<Long> batches, long interval) throws SQLException {
        sql.of("UPDATE ksher_order SET batch_id = NULL, line = NULL, free_at = GREATEST(free_at, :start + 1 +"
                        + " :interval) WHERE batch_id IN (:batches) AND EXISTS (SELECT 1 FROM order_row r WHERE"
                        + " r.batch_id = ksher_order.batch_id AND r.line = ksher_order.line AND r.state = 'P')")
                .setAll("batches", batches)
                .set("interval", interval)
                .update();
    }

    /** Resets the timestamps of these orders, which a clock wrote before it was set back. */
    void resetFutureTimestamps(List<String> keys, long interval) throws SQLException {
        if (!keys.isEmpty()) {
            sql.of("UPDATE ksher_order SET free_at = :start + :interval WHERE order_key IN (:keys)")
                    .set("interval", interval)
                    .setAll("keys", keys)
                    .update();
        }
    }

    /** Resets all future timestamps; scans the whole table. */
    void resetFutureTimestamps(long interval) throws SQLException {
        sql.of("UPDATE ksher_order SET free_at = :start + :interval WHERE free_at > :start + 1 + :interval")
                .set("interval", interval)
                .update();
    }

    /** Deletes orders that no row began for so long. */
    int prune(long millis) throws SQLException {
        return sql.of("DELETE FROM ksher_order WHERE batch_id IS NULL AND free_at < :start - :millis"
                        // Another row of that batch may still need to know which row sent a
                        // command.
                        + " AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = commanded_batch)")
                .set("millis", millis)
                .update();
    }
}
