/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The SQL of worker: the processes that work on orders, and their heartbeats. */
record Workers(Sql sql) {

    private static final String HOLDS_NOTHING =
            "NOT EXISTS (SELECT 1 FROM batch b JOIN order_row r ON r.batch_id = b.id"
                    + " AND r.state = 'H' WHERE b.state = 'OPEN' AND r.owner = worker.id)";

    long insert(Lease.Worker worker) throws SQLException {
        return sql.of("INSERT INTO worker (name, target, call_timeout_ms, renewed_at)"
                        + " VALUES (:name, :target, :callTimeout, :start)")
                .set("name", worker.name())
                .set("target", worker.target().key())
                .set("callTimeout", worker.callTimeout().toMillis())
                .insertedKeys("id")
                .get(0);
    }

    /** How long ago the worker renewed, by the journal's clock; null if it is not there. */
    @Nullable
    Long sinceRenewed(long id) throws SQLException {
        return sql.of("SELECT :start - renewed_at FROM worker WHERE id = :id")
                .set("id", id)
                .first(row -> row.getLong(1));
    }

    void renew(long id) throws SQLException {
        sql.of("UPDATE worker SET renewed_at = :start WHERE id = :id")
                .set("id", id)
                .update();
    }

    /** The clock jumped ahead: no heartbeat must look older because of it. */
    void clockJumped(long by) throws SQLException {
        sql.of("UPDATE worker SET renewed_at = LEAST(renewed_at + :by, :start)")
                .set("by", by)
                .update();
    }

    /** The clock was set back: no heartbeat may be in the future. */
    void resetFutureTimestamps() throws SQLException {
        sql.of("UPDATE worker SET renewed_at = :start WHERE renewed_at > :start")
                .update();
    }

    /** Deletes others that have not renewed for so long, or all of them, unless they hold a row. */
    void deleteDead(long self, @Nullable Long expiresMillis) throws SQLException {
        sql.of("DELETE FROM worker WHERE id <> :self AND "
                        + (expiresMillis == null ? "TRUE" : "renewed_at < :start - :expires") + " AND " + HOLDS_NOTHING)
                .set("self", self)
                .setNumber("expires", expiresMillis)
                .update();
    }

    /** Deletes the worker, unless it holds a row. */
    void delete(long id) throws SQLException {
        sql.of("DELETE FROM worker WHERE id = :id AND " + HOLDS_NOTHING)
                .set("id", id)
                .update();
    }
}
