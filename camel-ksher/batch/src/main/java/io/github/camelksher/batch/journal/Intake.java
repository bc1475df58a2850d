/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
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
            "INSERT INTO order_row (batch_id, line, operation, mch_order_no, ksher_order_no,"
                    + " channel_order_no, channel, identity, order_key, state, due_at, age_ms, phase, commands, done, failed_queries,"
                    + " repeats, open_after_command, calls, outcome, detail, finished_at, others)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, 0, 0, FALSE, 0, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private final Connection c;
    private final long batch;
    private final String appId;
    private final long now;

    Intake(Connection c, long batch, String appId, long now) {
        this.c = c;
        this.batch = batch;
        this.appId = appId;
        this.now = now;
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
        try (PreparedStatement s = c.prepareStatement(INSERT)) {
            for (OrderRow row : rows) {
                Outcome outcome =
                        row.problem() != null ? Outcome.INVALID : duplicate != null ? Outcome.DUPLICATE : null;
                s.setLong(1, batch);
                s.setLong(2, row.line());
                s.setString(3, Text.storable(row.operationText()));
                s.setString(4, Text.storable(row.mchOrderNo()));
                s.setString(5, Text.storable(row.ksherOrderNo()));
                s.setString(6, Text.storable(row.channelOrderNo()));
                s.setString(7, Text.storable(row.channel()));
                s.setString(8, outcome == null ? row.identity() : null);
                s.setString(9, outcome == null ? row.orderKey(appId) : null);
                s.setString(10, outcome == null ? "P" : "F");
                if (outcome == null) {
                    // Due at once, in the order of lines.
                    s.setLong(11, 0);
                    s.setNull(15, Types.BIGINT);
                } else {
                    s.setNull(11, Types.BIGINT);
                    s.setLong(15, now);
                }
                s.setString(12, (outcome == null ? Phase.ASKING : Phase.SETTLED).name());
                s.setString(13, outcome == null ? null : outcome.name());
                s.setString(14, row.problem() != null ? row.problem() : duplicate != null ? duplicate.detail() : null);
                s.setString(16, OtherColumns.write(row.others()));
                s.addBatch();
            }
            return s.executeBatch();
        }
    }

    /** Whether the row of this line is this one; null if there is none. */
    private @Nullable Boolean isSame(OrderRow row) throws SQLException {
        String sql = "SELECT operation, mch_order_no, ksher_order_no, channel_order_no, channel, others FROM order_row"
                + " WHERE batch_id = ? AND line = ?";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setLong(1, batch);
            s.setLong(2, row.line());
            try (ResultSet r = s.executeQuery()) {
                if (!r.next()) {
                    return null;
                }
                return r.getString(1).equals(Text.storable(row.operationText()))
                        && r.getString(2).equals(Text.storable(row.mchOrderNo()))
                        && r.getString(3).equals(Text.storable(row.ksherOrderNo()))
                        && r.getString(4).equals(Text.storable(row.channelOrderNo()))
                        && r.getString(5).equals(Text.storable(row.channel()))
                        && OtherColumns.read(r.getString(6))
                                .equals(OtherColumns.read(OtherColumns.write(row.others())));
            }
        }
    }

    private long lineOf(String identity) throws SQLException {
        String sql = "SELECT line FROM order_row WHERE batch_id = ? AND identity = ?";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setLong(1, batch);
            s.setString(2, identity);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getLong(1);
            }
        }
    }
}
