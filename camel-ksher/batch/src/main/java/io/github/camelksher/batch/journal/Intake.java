/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.Outcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes rows into the journal, each (batch, line) once. */
final class Intake {

    /** What became of a row that came in. */
    enum Taken {
        ADDED,
        /** It was there already, the same: a redelivery, or a file that was read once more. */
        SAME,
        /** Another row is there. */
        OTHER
    }

    private static final String INSERT =
            "INSERT INTO order_row (batch_id, line, operation, mch_order_no, ksher_order_no, channel_order_no, channel,"
                    + " others, identity, order_key, state, due_at, commands, calls, outcome, detail, finished_at)"
                    + " VALUES (:batch, :line, :operation, :mch, :ksher, :channelOrder, :channel, :others, :identity, :key,"
                    + " :state, CASE WHEN :state = 'P' THEN 0 END, 0, 0, :outcome, :detail,"
                    + " CASE WHEN :state = 'F' THEN :start END) ON CONFLICT DO NOTHING";

    private final Sql sql;
    private final long batch;
    private final String appId;

    Intake(Sql sql, long batch, String appId) {
        this.sql = sql;
        this.batch = batch;
        this.appId = appId;
    }

    /** Plans a query of each closed gateway order of a batch for another batch; returns how many. */
    static int copyForLate(Sql sql, long batch, long late) throws SQLException {
        return sql.of(
                        "INSERT INTO order_row (batch_id, line, operation, mch_order_no, ksher_order_no, channel_order_no,"
                                + " channel, others, identity, order_key, state, due_at, commands, calls)"
                                + " SELECT CAST(:late AS BIGINT), line, operation, mch_order_no, ksher_order_no, channel_order_no,"
                                + " channel, others, identity, order_key, 'P', 0, 0, 0 FROM order_row"
                                + " WHERE batch_id = :batch AND outcome IN ('CLOSED', 'ALREADY_CLOSED')"
                                + " AND LOWER(operation) LIKE '%cancel%' ON CONFLICT DO NOTHING")
                .set("late", late)
                .set("batch", batch)
                .update();
    }

    /** In the order of the rows. */
    List<Taken> take(List<OrderRow> rows) throws SQLException {
        int[] counts = insert(rows, null);
        List<Taken> taken = new ArrayList<>(rows.size());
        for (int i = 0; i < counts.length; i++) {
            taken.add(counts[i] == 1 ? Taken.ADDED : notInserted(rows.get(i)));
        }
        return taken;
    }

    private Taken notInserted(OrderRow row) throws SQLException {
        Boolean same = isSame(row);
        if (same != null) {
            return same ? Taken.SAME : Taken.OTHER;
        }
        // Its line is free, so it is the same as another line's.
        Facts facts = Facts.of("the same as line " + lineOf(row.identity()));
        return insert(List.of(row), facts)[0] == 1 ? Taken.ADDED : notInserted(row);
    }

    private int[] insert(List<OrderRow> rows, @Nullable Facts duplicate) throws SQLException {
        Sql.Statement insert = sql.of(INSERT).set("batch", batch);
        for (OrderRow row : rows) {
            String problem = row.problem();
            Outcome outcome = problem != null ? Outcome.INVALID : duplicate != null ? Outcome.DUPLICATE : null;
            insert.set("line", row.line())
                    .set("operation", Text.storable(row.operationText()))
                    .set("mch", Text.storable(row.mchOrderNo()))
                    .set("ksher", Text.storable(row.ksherOrderNo()))
                    .set("channelOrder", Text.storable(row.channelOrderNo()))
                    .set("channel", Text.storable(row.channel()))
                    .set("others", OtherColumns.write(row.others()))
                    .set("identity", outcome == null ? row.identity() : null)
                    .set("key", outcome == null ? row.orderKey(appId) : null)
                    // Due at once, in the order of lines.
                    .set("state", outcome == null ? "P" : "F")
                    .set("outcome", outcome)
                    .set("detail", problem != null ? problem : duplicate != null ? duplicate.detail() : null)
                    .add();
        }
        return insert.updateAll();
    }

    /** Whether the row of this line is this one; null if there is none. */
    private @Nullable Boolean isSame(OrderRow row) throws SQLException {
        return sql.of("SELECT operation, mch_order_no, ksher_order_no, channel_order_no, channel, others FROM order_row"
                        + " WHERE batch_id = :batch AND line = :line")
                .set("batch", batch)
                .set("line", row.line())
                .first(r -> r.getString(1).equals(Text.storable(row.operationText()))
                        && r.getString(2).equals(Text.storable(row.mchOrderNo()))
                        && r.getString(3).equals(Text.storable(row.ksherOrderNo()))
                        && r.getString(4).equals(Text.storable(row.channelOrderNo()))
                        && r.getString(5).equals(Text.storable(row.channel()))
                        && OtherColumns.read(r.getString(6))
                                .equals(OtherColumns.read(OtherColumns.write(row.others()))));
    }

    private long lineOf(String identity) throws SQLException {
        Long line = sql.of("SELECT line FROM order_row WHERE batch_id = :batch AND identity = :identity")
                .set("batch", batch)
                .set("identity", identity)
                .first(row -> row.getLong(1));
        return Objects.requireNonNull(line, "a row that was not inserted is there, or one with its identity");
    }
}
