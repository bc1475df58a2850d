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
final class Batches {

    private final Sql sql;

    Batches(Sql sql) {
        this.sql = sql;
    }

    /** To be completed with its parameters. */
    Sql.Statement select(String where) {
        return sql.of("SELECT * FROM batch " + where);
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

    /** Held until the transaction ends: whoever adds rows and whoever finds that the last one is final take turns. */
    @Nullable
    BatchInfo lock(long id) throws SQLException {
        return first(select("WHERE id = :id FOR UPDATE").set("id", id));
    }

    /** The batch of this name; made if it is not there. */
    BatchInfo insert(Target target, String name, Kind kind, @Nullable String content, int run, State state)
            throws SQLException {
        sql.of(
                        "INSERT INTO batch (target, name, kind, content, run, state, received, created_at, touched_at)"
                                + " VALUES (:target, :name, :kind, :content, :run, :state, 0, :start, :start) ON CONFLICT DO NOTHING")
                .set("target", target.key())
                .set("name", name)
                .set("kind", kind)
                .set("content", content)
                .set("run", run)
                .set("state", state)
                .update();
        BatchInfo batch = first(select("WHERE target = :target AND name = :name")
                .set("target", target.key())
                .set("name", name));
        if (batch == null) {
            throw new SQLException("batch " + name + " was inserted and is not there");
        }
        return batch;
    }

    /** More rows came in: a batch that was done has something to do again. */
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

    /** Its last row is in: its orders may be worked on. */
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

    /** The clock jumped ahead by so much: how long nothing came for a batch is not changed by it. */
    void clockJumped(long by) throws SQLException {
        sql.of("UPDATE batch SET touched_at = LEAST(touched_at + :by, :start) WHERE state <> 'DONE'")
                .set("by", by)
                .update();
    }

    /** The clock may have been set back: how long nothing came is counted anew then. */
    void takeBackStampsAhead() throws SQLException {
        sql.of("UPDATE batch SET touched_at = :start WHERE touched_at > :start AND state <> 'DONE'")
                .update();
    }

    /** Takes back what was read of a file that turned out to be another one, or a batch that is no longer wanted. */
    void delete(long id) throws SQLException {
        sql.of("DELETE FROM order_row WHERE batch_id = :id").set("id", id).update();
        sql.of("DELETE FROM batch WHERE id = :id").set("id", id).update();
    }

    /** Whether all of its rows came in and are final. */
    boolean isComplete(long id, long quietMillis) throws SQLException {
        BatchInfo batch = find(id);
        if (batch == null || batch.state() != State.OPEN || hasOpenRows(id)) {
            return false;
        }
        Long total = batch.total();
        return total != null ? batch.received() >= total : batch.received() > 0 && isQuiet(batch, quietMillis);
    }

    private boolean isQuiet(BatchInfo batch, long quietMillis) throws SQLException {
        Long tick = new RunTimes(sql).sinceTick(batch.target().key());
        // A clock that jumped since the last heartbeat says nothing of how long it was quiet.
        boolean clockIsTrusted = tick == null || tick < 2 * Lease.RENEW_EVERY.toMillis();
        return clockIsTrusted && quietFor(batch.id()) >= quietMillis;
    }

    private boolean hasOpenRows(long id) throws SQLException {
        // One state at a time: with IN, H2 would pass over all rows that are final.
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
