/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The SQL of run_time: how long a target's orders were worked on, and what the clock showed then. */
final class RunTimes {

    private final Sql sql;

    RunTimes(Sql sql) {
        this.sql = sql;
    }

    /** Locked until the transaction ends: the heartbeats of a target's workers take turns. Returns what was counted so far. */
    long lock(String target) throws SQLException {
        sql.of("INSERT INTO run_time (target, ran_ms, ticked_at) VALUES (:target, 0, :start) ON CONFLICT DO NOTHING")
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

    void tick(String target, long ran) throws SQLException {
        sql.of("UPDATE run_time SET ran_ms = :ran, ticked_at = :start WHERE target = :target")
                .set("ran", ran)
                .set("target", target)
                .update();
    }

    /** How long ago the last tick was, by the journal's clock; null if there was none. */
    @Nullable
    Long sinceTick(String target) throws SQLException {
        return sql.of("SELECT :start - ticked_at FROM run_time WHERE target = :target")
                .set("target", target)
                .first(row -> row.getLong(1));
    }
}
