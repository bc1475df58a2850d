/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL that puts right what was left: rows that nobody works on any more, and stamps of a clock that was set back since. */
final class Recovery {

    private final Sql sql;
    private final long interval;

    Recovery(Sql sql, long interval) {
        this.sql = sql;
        this.interval = interval;
    }

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
        Sql.Statement select = sql.of("SELECT " + OrderRows.INPUT + ", r.owner, b.name, b.kind,"
                        + " COALESCE(w.renewed_at + :callWithin + w.call_timeout_ms - :start, :callTimeout) AS asked_for"
                        + " FROM batch b JOIN order_row r ON r.batch_id = b.id AND r.state = 'H'"
                        + " LEFT JOIN worker w ON w.id = r.owner"
                        + " WHERE b.state = 'OPEN' AND (r.owner = :looker OR w.id IS NULL OR (" + dead + "))"
                        + sql.database().skipLockedRows)
                .set("looker", looker)
                // So long after its last heartbeat a worker may still begin a call.
                .set("callWithin", JournalLease.CALL_WITHIN_MILLIS)
                .set("callTimeout", callTimeout);
        if (expiresMillis != null) {
            select.set("expires", expiresMillis);
        }
        return select.list(row -> new Stray(
                OrderRows.read(
                        row,
                        row.getString("name"),
                        row.getString("kind").equals(BatchInfo.Kind.LATE.name()),
                        row.getLong("owner"),
                        0),
                Math.max(0, row.getLong("asked_for"))));
    }

    /** One sentence for each worker that has not renewed for so long and holds rows of these batches. */
    List<String> heldBySilentWorkers(List<BatchInfo> batches, long silentMillis) throws SQLException {
        return sql.of("SELECT w.name, (:start - w.renewed_at) / 1000 AS silent, COUNT(*) AS orders FROM order_row r"
                        + " JOIN worker w ON w.id = r.owner WHERE r.batch_id IN (:batches) AND r.state = 'H'"
                        + " AND w.renewed_at < :start - :silent GROUP BY w.name, w.renewed_at ORDER BY w.name")
                .setAll("batches", batches.stream().map(BatchInfo::id).toList())
                .set("silent", silentMillis)
                .list(row -> row.getLong("orders") + " orders are in flight in the process " + row.getString("name")
                        + ", which has been silent for " + row.getLong("silent") + " s: they are taken over");
    }

    /**
     * Lets a stray row wait: until its order cannot be asked by its last owner any more, and as long as the pace demands.
     *
     * @param queried whether a query of it may be under way until then
     */
    void putBack(HeldRow row, boolean queried, long askedForMillis) throws SQLException {
        sql.of("UPDATE order_row SET state = 'W', life = :life, commands = :commands,"
                        // Of a query that may be under way, its end is not known yet: no stamp lies ahead of the clock.
                        + " queried_at = CASE WHEN :queried THEN :start ELSE queried_at END, stamped_at = :start,"
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
                            // Not one that its last owner may still be asking.
                            + " AND commands = 0 AND due_at <= :start + 1 + :interval")
                    .setAll("batches", abandoned)
                    .set("interval", interval)
                    .update();
            if (planned > 0) {
                new Orders(sql).freePlanned(abandoned, interval);
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
                                        + " stamped_at = CASE WHEN stamped_at > :start THEN :start ELSE stamped_at END,"
                                        + " due_at = :start + GREATEST(:interval, CASE WHEN stamped_at > :start THEN due_at - stamped_at"
                                        + " WHEN queried_at > :start THEN due_at - queried_at ELSE 0 END)"
                                        // The index serves this: a row whose stamps are right is seldom due so late.
                                        + " WHERE batch_id = :batch AND state = :state AND due_at > :start + 1 + :interval"
                                        + " AND (state = 'P' OR stamped_at > :start OR queried_at > :start)")
                        .set("interval", interval)
                        .set("batch", batch.id())
                        .set("state", state)
                        .update();
            }
        }
    }
}
