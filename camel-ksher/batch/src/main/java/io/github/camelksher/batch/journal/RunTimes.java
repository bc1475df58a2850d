/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The SQL of run_time: a target's run time, and the clock at the last heartbeat of any worker. */
record RunTimes(Sql sql) {

    /** Locks the target, so that heartbeats exclude each other, and returns its run time. */
    long lock(String target) throws SQLException {
        sql.of("INSERT INTO run_time (target, ran_ms, heartbeat_at) VALUES (:target, 0, :start) ON CONFLICT DO NOTHING")
                .set("target", target)
                .update();
        Long ran = sql.of("SELECT ran_ms FROM run_time WHERE target = :target FOR UPDATE")
                .set("target", target)
                .first(row -> row.getLong(1));
        if (ran == null) {
            throw new SQLException("run_time was inserted and is not there");
        }
        return ran;
    }

    void save(String target, long ran) throws SQLException {
        sql.of("UPDATE run_time SET ran_ms = :ran, heartbeat_at = :start WHERE target = :target")
                .set("ran", ran)
                .set("target", target)
                .update();
    }

    /** How long ago the last heartbeat was, by the journal's clock; null if there was none. */
    @Nullable
    Long sinceHeartbeat(String target) throws SQLException {
        return sql.of("SELECT :start - heartbeat_at FROM run_time WHERE target = :target")
                .set("target", target)
                .first(row -> row.getLong(1));
    }
}
