/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    /** All rows in one statement: neither the driver nor the database begins anew for each. */
    private static final String INSERT =
            "INSERT INTO order_row (batch_id, line, operation, mch_order_no, ksher_order_no, channel_order_no, channel,"
                    + " identity, order_key, outcome, detail, others, state, due_at, finished_at, phase, age_ms, commands, done,"
                    + " failed_queries, repeats, open_after_command, calls)"
                    // Due at once, in the order of lines.
                    + " SELECT CAST(? AS BIGINT), r.*, CASE WHEN outcome IS NULL THEN 'P' ELSE 'F' END,"
                    + " CASE WHEN outcome IS NULL THEN 0 END, CASE WHEN outcome IS NOT NULL THEN CAST(? AS BIGINT) END,"
                    + " CASE WHEN outcome IS NULL THEN 'ASKING' ELSE 'SETTLED' END, 0, 0, 0, 0, 0, FALSE, 0"
                    + " FROM UNNEST(CAST(? AS BIGINT ARRAY)" + ", CAST(? AS VARCHAR ARRAY)".repeat(10)
                    + ") AS r (line, operation, mch_order_no, ksher_order_no, channel_order_no, channel, identity, order_key,"
                    // The first one of rows that are the same is to be the one that is worked on.
                    + " outcome, detail, others) ORDER BY r.line ON CONFLICT DO NOTHING";

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
        Set<Long> inserted = insert(rows, null);
        List<Taken> taken = new ArrayList<>(rows.size());
        for (OrderRow row : rows) {
            taken.add(inserted.contains(row.line()) ? Taken.ADDED : notInserted(row));
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
        return insert(List.of(row), facts).isEmpty() ? notInserted(row) : Taken.ADDED;
    }

    /** The lines of those that were not there. */
    private Set<Long> insert(List<OrderRow> rows, @Nullable Facts duplicate) throws SQLException {
        Long[] lines = new Long[rows.size()];
        String[][] texts = new String[10][rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            OrderRow row = rows.get(i);
            lines[i] = row.line();
            texts[0][i] = Text.storable(row.operationText());
            texts[1][i] = Text.storable(row.mchOrderNo());
            texts[2][i] = Text.storable(row.ksherOrderNo());
            texts[3][i] = Text.storable(row.channelOrderNo());
            texts[4][i] = Text.storable(row.channel());
            if (row.problem() != null) {
                texts[7][i] = Outcome.INVALID.name();
                texts[8][i] = row.problem();
            } else if (duplicate != null) {
                texts[7][i] = Outcome.DUPLICATE.name();
                texts[8][i] = duplicate.detail();
            } else {
                texts[5][i] = row.identity();
                texts[6][i] = row.orderKey(appId);
            }
            texts[9][i] = OtherColumns.write(row.others());
        }
        Set<Long> inserted = new HashSet<>();
        try (PreparedStatement s = c.prepareStatement(INSERT, new String[] {"line"})) {
            s.setLong(1, batch);
            s.setLong(2, now);
            s.setArray(3, c.createArrayOf("BIGINT", lines));
            for (int i = 0; i < texts.length; i++) {
                s.setArray(4 + i, c.createArrayOf("VARCHAR", texts[i]));
            }
            s.executeUpdate();
            try (ResultSet keys = s.getGeneratedKeys()) {
                while (keys.next()) {
                    inserted.add(keys.getLong(1));
                }
            }
        }
        return inserted;
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
