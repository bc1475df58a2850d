/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of batch. */
final class Batches {

    private Batches() {}

    static List<BatchInfo> select(Connection c, String where, Object... parameters) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("SELECT * FROM batch " + where)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setObject(i + 1, parameters[i]);
            }
            List<BatchInfo> batches = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    batches.add(read(r));
                }
            }
            return batches;
        }
    }

    static @Nullable BatchInfo first(Connection c, String where, Object... parameters) throws SQLException {
        List<BatchInfo> batches = select(c, where, parameters);
        return batches.isEmpty() ? null : batches.get(0);
    }

    /** Held until the transaction ends: whoever adds rows and whoever finds that the last one is final take turns. */
    static @Nullable BatchInfo lock(Connection c, long id) throws SQLException {
        return first(c, "WHERE id = ? FOR UPDATE", id);
    }

    static BatchInfo insert(
            Connection c,
            Target target,
            String name,
            Kind kind,
            @Nullable String sha256,
            int run,
            State state,
            long now)
            throws SQLException {
        String sql = "INSERT INTO batch (target, name, kind, content, run, state, received, created_at, touched_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setString(1, target.key());
            s.setString(2, name);
            s.setString(3, kind.name());
            s.setString(4, sha256);
            s.setInt(5, run);
            s.setString(6, state.name());
            s.setLong(7, now);
            s.setLong(8, now);
            s.executeUpdate();
        }
        BatchInfo batch = first(c, "WHERE target = ? AND name = ?", target.key(), name);
        if (batch == null) {
            throw new SQLException("batch " + name + " was inserted and is not there");
        }
        return batch;
    }

    /** More rows came in: a batch that was done has something to do again. */
    static void received(Connection c, long id, long rows, long now) throws SQLException {
        update(
                c,
                "UPDATE batch SET received = received + ?, touched_at = ?,"
                        + " state = CASE WHEN state = 'DONE' THEN 'OPEN' ELSE state END,"
                        + " finished_at = CASE WHEN state = 'DONE' THEN NULL ELSE finished_at END WHERE id = ?",
                rows,
                now,
                id);
    }

    static void touch(Connection c, long id, long now) throws SQLException {
        update(c, "UPDATE batch SET touched_at = ? WHERE id = ?", now, id);
    }

    static void total(Connection c, long id, long total, long now) throws SQLException {
        update(c, "UPDATE batch SET total = ?, touched_at = ? WHERE id = ?", total, now, id);
    }

    /** Its last row is in: its orders may be worked on. */
    static void release(Connection c, long id, long now) throws SQLException {
        update(
                c,
                "UPDATE batch SET state = 'OPEN', total = received, touched_at = ? WHERE id = ? AND state = 'READING'",
                now,
                id);
    }

    static void done(Connection c, long id, long now) throws SQLException {
        update(c, "UPDATE batch SET state = 'DONE', finished_at = ? WHERE id = ?", now, id);
    }

    /** Takes back what was read of a file that turned out to be another one. */
    static void forget(Connection c, long id) throws SQLException {
        update(c, "DELETE FROM order_row WHERE batch_id = ?", id);
        update(c, "DELETE FROM batch WHERE id = ?", id);
    }

    static boolean hasOpenRows(Connection c, long id) throws SQLException {
        // One state at a time: with IN, H2 would pass over all rows that are final.
        String sql = "SELECT 1 FROM order_row WHERE batch_id = ? AND state = ? LIMIT 1";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (String state : List.of("P", "W", "H")) {
                s.setLong(1, id);
                s.setString(2, state);
                try (ResultSet r = s.executeQuery()) {
                    if (r.next()) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    static int update(Connection c, String sql, long... parameters) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setLong(i + 1, parameters[i]);
            }
            return s.executeUpdate();
        }
    }

    static long insertWorker(Connection c, String name, long now) throws SQLException {
        String sql = "INSERT INTO worker (name, renewed_at) VALUES (?, ?)";
        try (PreparedStatement s = c.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            s.setString(1, name);
            s.setLong(2, now);
            s.executeUpdate();
            try (ResultSet keys = s.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private static BatchInfo read(ResultSet r) throws SQLException {
        Long finished = Rows.getLong(r, "finished_at");
        return new BatchInfo(
                r.getLong("id"),
                Target.ofKey(r.getString("target")),
                r.getString("name"),
                Kind.valueOf(r.getString("kind")),
                r.getString("content"),
                r.getInt("run"),
                State.valueOf(r.getString("state")),
                r.getLong("received"),
                Rows.getLong(r, "total"),
                Instant.ofEpochMilli(r.getLong("created_at")),
                Instant.ofEpochMilli(r.getLong("touched_at")),
                finished == null ? null : Instant.ofEpochMilli(finished));
    }
}
