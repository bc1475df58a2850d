/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The SQL of run_time: how long a target's orders were worked on, and what the clock showed then. */
final class RunTimes {

    /**
     * @param ranMillis how long its orders were worked on
     * @param clockBackMillis how far the clock is behind its last tick; not above 0 if it went on
     */
    record RunTime(long ranMillis, long clockBackMillis) {}

    private final Sql sql;

    RunTimes(Sql sql) {
        this.sql = sql;
    }

    /** Locked until the transaction ends: the heartbeats of a target's workers take turns. */
    RunTime lock(String target) throws SQLException {
        sql.of("INSERT INTO run_time (target, ran_ms, ticked_at) VALUES (:target, 0, :start) ON CONFLICT DO NOTHING")
                .set("target", target)
                .update();
        RunTime found = sql.of(
                        "SELECT ran_ms, ticked_at - :start AS back FROM run_time WHERE target = :target FOR UPDATE")
                .set("target", target)
                .first(row -> new RunTime(row.getLong("ran_ms"), row.getLong("back")));
        if (found == null) {
            throw new SQLException("run_time was inserted and is not there");
        }
        return found;
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
