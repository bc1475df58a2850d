/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of batch. */
record Batches(Sql sql) {

    /** A query of batches, whose parameters are still to be set. */
    Sql.Statement select(String where) {
        return sql.of("SELECT * FROM batch " + where);
    }

    Sql.Statement named(Target target, String name) {
        return select("WHERE target = :target AND name = :name")
                .set("target", target.key())
                .set("name", name);
    }

    /** The runs with this content, the latest first. */
    Sql.Statement ofContent(Kind kind, Target target, String content) {
        return select("WHERE target = :target AND kind = :kind AND content = :content ORDER BY run DESC")
                .set("target", target.key())
                .set("kind", kind)
                .set("content", content);
    }

    List<BatchInfo> list(Sql.Statement select) throws SQLException {
        return select.list(Batches::read);
    }

    @Nullable
    BatchInfo first(Sql.Statement select) throws SQLException {
        return select.first(Batches::read);
    }

    @Nullable
    BatchInfo find(long id) throws SQLException {
        return first(select("WHERE id = :id").set("id", id));
    }

    List<BatchInfo> unfinished(Target target) throws SQLException {
        return list(
                select("WHERE target = :target AND state <> 'DONE' ORDER BY id").set("target", target.key()));
    }

    Optional<Duration> oldestUnfinished(Target target) throws SQLException {
        Long age = sql.of("SELECT :start - created_at FROM batch WHERE target = :target AND state <> 'DONE'"
                        + " ORDER BY id LIMIT 1")
                .set("target", target.key())
                .first(row -> row.getLong(1));
        return Optional.ofNullable(age).map(millis -> Duration.ofMillis(Math.max(0, millis)));
    }

    List<BatchInfo> waitingForRows(Target target, long quietMillis) throws SQLException {
        return list(select("WHERE target = :target AND state = 'OPEN' AND received < total"
                        + " AND touched_at < :start - :quiet ORDER BY id")
                .set("target", target.key())
                .set("quiet", quietMillis));
    }

    List<BatchInfo> doneFor(long millis) throws SQLException {
        return list(select("WHERE state = 'DONE' AND finished_at < :start - :millis ORDER BY id")
                .set("millis", millis));
    }

    /** Locks the batch, so that it is not found complete while rows are added. */
    @Nullable
    BatchInfo lock(long id) throws SQLException {
        return first(select("WHERE id = :id FOR UPDATE").set("id", id));
    }

    /** Creates a batch unless one of its name is there; returns the one that is there. */
    BatchInfo insert(NewBatch batch) throws SQLException {
        sql.of("INSERT INTO batch (target, name, kind, content, run, state, received, created_at, touched_at)"
                        + " VALUES (:target, :name, :kind, :content, :run, :state, 0, :start, :start) ON CONFLICT"
                        + " DO NOTHING")
                .set("target", batch.target().key())
                .set("name", batch.name())
                .set("kind", batch.kind())
                .set("content", batch.content())
                .set("run", batch.run())
                .set("state", batch.state())
                .update();
        BatchInfo there = first(named(batch.target(), batch.name()));
        if (there == null) {
            throw new SQLException("batch " + batch.name() + " was inserted and is not there");
        }
        return there;
    }

    /** More rows came in, so a batch that was done is open again. */
    void received(long id, long rows) throws SQLException {
        update(
                id,
                "received = received + :value, touched_at = :start,"
                        + " state = CASE WHEN state = 'DONE' THEN 'OPEN' ELSE state END,"
                        + " finished_at = CASE WHEN state = 'DONE' THEN NULL ELSE finished_at END WHERE id = :id",
                rows);
    }

    void touch(long id) throws SQLException {
        update(id, "touched_at = :start WHERE id = :id", null);
    }

    void total(long id, long total) throws SQLException {
        update(id, "total = :value, touched_at = :start WHERE id = :id", total);
    }

    /** The last row is in: its orders may be worked on. */
    void release(long id) throws SQLException {
        update(id, "state = 'OPEN', total = received, touched_at = :start WHERE id = :id AND state = 'READING'", null);
    }

    void done(long id) throws SQLException {
        update(id, "state = 'DONE', finished_at = :start WHERE id = :id", null);
    }

    private void update(long id, String what, @Nullable Long value) throws SQLException {
        sql.of("UPDATE batch SET " + what)
                .set("id", id)
                .setNumber("value", value)
                .update();
    }

    /** The clock jumped ahead: a batch must not count as quiet because of it. */
    void clockJumped(long by) throws SQLException {
        sql.of("UPDATE batch SET touched_at = LEAST(touched_at + :by, :start) WHERE state <> 'DONE'")
                .set("by", by)
                .update();
    }

    /** The clock was set back: the quiet time of a batch with a future timestamp begins anew. */
    void resetFutureTimestamps() throws SQLException {
        sql.of("UPDATE batch SET touched_at = :start WHERE touched_at > :start AND state <> 'DONE'")
                .update();
    }

    void delete(long id) throws SQLException {
        sql.of("DELETE FROM order_row WHERE batch_id = :id").set("id", id).update();
        sql.of("DELETE FROM batch WHERE id = :id").set("id", id).update();
    }

    boolean isComplete(long id, long quietMillis) throws SQLException {
        BatchInfo batch = find(id);
        if (batch == null || batch.state() != State.OPEN || hasOpenRows(id)) {
            return false;
        }
        Long total = batch.total();
        return total != null ? batch.received() >= total : batch.received() > 0 && isQuiet(batch, quietMillis);
    }

    private boolean isQuiet(BatchInfo batch, long quietMillis) throws SQLException {
        Long tick = new RunTimes(sql).sinceHeartbeat(batch.target().key());
        // If the clock jumped since the last heartbeat, the quiet time is not known.
        boolean clockIsTrusted = tick == null || tick < 2 * Lease.RENEW_EVERY.toMillis();
        return clockIsTrusted && quietFor(batch.id()) >= quietMillis;
    }

    private boolean hasOpenRows(long id) throws SQLException {
        // One state at a time: with IN, H2 would scan all final rows.
        for (String state : List.of("P", "W", "H")) {
            Boolean found = sql.of("SELECT 1 FROM order_row WHERE batch_id = :id AND state = :state LIMIT 1")
                    .set("id", id)
                    .set("state", state)
                    .first(row -> true);
            if (found != null) {
                return true;
            }
        }
        return false;
    }

    private long quietFor(long id) throws SQLException {
        Long quiet = sql.of("SELECT :start - touched_at FROM batch WHERE id = :id")
                .set("id", id)
                .first(row -> row.getLong(1));
        return quiet == null ? 0 : quiet;
    }

    private static BatchInfo read(ResultSet r) throws SQLException {
        Long finished = Sql.getLong(r, "finished_at");
        return new BatchInfo(
                r.getLong("id"),
                Target.ofKey(r.getString("target")),
                r.getString("name"),
                Kind.valueOf(r.getString("kind")),
                r.getString("content"),
                r.getInt("run"),
                State.valueOf(r.getString("state")),
                r.getLong("received"),
                Sql.getLong(r, "total"),
                Instant.ofEpochMilli(r.getLong("created_at")),
                Instant.ofEpochMilli(r.getLong("touched_at")),
                finished == null ? null : Instant.ofEpochMilli(finished));
    }
}
