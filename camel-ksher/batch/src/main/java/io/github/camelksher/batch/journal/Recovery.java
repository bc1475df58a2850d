/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.OrderLife.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL that recovers rows of dead workers and resets timestamps after a clock was set back. */
record Recovery(Sql sql, long interval) {

    private static final CallDetails NOT_SEEN =
            CallDetails.of("the process that sent it was stopped before the answer");

    /**
     * A row whose worker is gone, or that a worker holds without knowing it.
     *
     * @param inFlightForMillis how long from now a call of its last owner may still be in flight
     */
    record OrphanedRow(HeldRow row, long inFlightForMillis) {

        /** No call of its last owner can be in flight. */
        OrphanedRow notInFlight() {
            return new OrphanedRow(row, 0);
        }
    }

    /**
     * Rows that are held by this worker, by an unknown one, or by one that has not renewed for so
     * long.
     *
     * @param expiresMillis null if all other workers are gone
     * @param callTimeout of a worker that is not known
     */
    List<OrphanedRow> orphans(long worker, @Nullable Long expiresMillis, Duration callTimeout) throws SQLException {
        String dead = expiresMillis == null ? "TRUE" : "w.renewed_at < :start - :expires";
        return sql.of("SELECT " + OrderRows.COLUMNS + ", r.owner, b.name, b.kind,"
                        + " COALESCE(w.renewed_at + :callWithin +"
                        + " w.call_timeout_ms - :start, :callTimeout) AS"
                        + " in_flight_for FROM batch b JOIN order_row r ON"
                        + " r.batch_id = b.id AND r.state = 'H' LEFT JOIN"
                        + " worker w ON w.id = r.owner WHERE b.state ="
                        + " 'OPEN' AND (r.owner = :worker OR w.id IS NULL"
                        + " OR (" + dead + "))"
                        + sql.database().skipLockedRows)
                .set("worker", worker)
                // So long after its last heartbeat a worker may still begin a call.
                .set("callWithin", JournalLease.CALL_WITHIN_MILLIS)
                .set("callTimeout", callTimeout.toMillis())
                .setNumber("expires", expiresMillis)
                .list(row -> new OrphanedRow(
                        OrderRows.read(
                                row,
                                row.getString("name"),
                                BatchInfo.Kind.valueOf(row.getString("kind")),
                                new OrderRows.Claimant(row.getLong("owner"), 0)),
                        Math.max(0, row.getLong("in_flight_for"))));
    }

    /** A sentence for each worker that holds rows of these batches and is silent for so long. */
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
     * Lets an orphaned row wait, until no call of its last owner can be in flight and the pace
     * allows the next query. An announced command counts as sent and not answered.
     */
    void putBack(OrphanedRow orphan) throws SQLException {
        HeldRow row = orphan.row();
        OrderLife life = row.life();
        boolean query = life.phase() != Phase.COMMANDING;
        if (!query) {
            life = life.after(new Event.NoAnswer(NOT_SEEN, Duration.ZERO)).life();
        }
        sql.of("UPDATE order_row SET state = 'W', life = :life, commands = :commands,"
                        // A query may still be in flight. Its end is not known, and no timestamp
                        // may be in the future.
                        + " queried_at = CASE WHEN :query THEN :start ELSE queried_at END, stamped_at = :start,"
                        + " due_at = GREATEST(:start + :inFlight,"
                        + " CASE WHEN :query THEN :start + 1 + :inFlight ELSE COALESCE(queried_at, 0) END + :interval)"
                        + " WHERE batch_id = :batch AND line = :line AND owner = :owner AND state = 'H'")
                .set("life", OrderLifeJson.write(life))
                .set("commands", life.commands().sent())
                .set("query", query)
                .set("inFlight", orphan.inFlightForMillis())
                .set("interval", interval)
                .set("batch", row.batchId())
                .set("line", row.row().line())
                .set("owner", row.owner())
                .update();
    }

    /**
     * Plans waiting rows again if their target has no worker and no command was sent for them, and
     * frees their orders. Otherwise a run with a wrong address would hold its orders for ever.
     */
    void planAbandoned() throws SQLException {
        List<Long> abandoned = sql.of("SELECT b.id FROM batch b WHERE b.state = 'OPEN'"
                        + " AND NOT EXISTS (SELECT 1 FROM worker w WHERE w.target = b.target)")
                .list(row -> row.getLong(1));
        if (!abandoned.isEmpty()) {
            int planned = sql.of("UPDATE order_row SET state = 'P' WHERE batch_id IN (:batches) AND state = 'W'"
                            // Not if a call of its last owner may still be in flight.
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
     * Resets timestamps that a clock wrote before it was set back. A waiting row begins its wait
     * anew, so it is delayed by no more than that wait.
     */
    void resetFutureTimestamps(String target) throws SQLException {
        Batches batches = new Batches(sql);
        for (BatchInfo batch : batches.list(
                batches.select("WHERE target = :target AND state = 'OPEN'").set("target", target))) {
            for (String state : List.of("P", "W")) {
                sql.of("UPDATE order_row SET queried_at = CASE WHEN queried_at > :start THEN :start ELSE"
                                + " queried_at END, stamped_at = CASE WHEN stamped_at > :start THEN :start ELSE"
                                + " stamped_at END, due_at = :start + GREATEST(:interval, CASE WHEN stamped_at >"
                                + " :start THEN due_at - stamped_at WHEN queried_at > :start THEN due_at -"
                                + " queried_at ELSE 0 END)"
                                // The index serves this condition: few rows with correct timestamps
                                // are due so far ahead.
                                + " WHERE batch_id = :batch AND state = :state AND due_at > :start + 1 +"
                                + " :interval AND (state = 'P' OR stamped_at > :start OR queried_at > :start)")
                        .set("interval", interval)
                        .set("batch", batch.id())
                        .set("state", state)
                        .update();
            }
        }
    }
}
