/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.Outcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    /** All rows in one statement, whose arrays are its columns: half the time of a row at a time, on both databases. */
    private static final String INSERT =
            "INSERT INTO order_row (batch_id, line, operation, mch_order_no, ksher_order_no, channel_order_no, channel,"
                    + " identity, order_key, outcome, detail, others, state, due_at, finished_at, commands, calls)"
                    // Due at once, in the order of lines.
                    + " SELECT CAST(:batch AS BIGINT), r.*, CASE WHEN outcome IS NULL THEN 'P' ELSE 'F' END,"
                    + " CASE WHEN outcome IS NULL THEN 0 END, CASE WHEN outcome IS NOT NULL THEN :start END, 0, 0"
                    + " FROM UNNEST(CAST(:lines AS BIGINT ARRAY), CAST(:operations AS VARCHAR ARRAY),"
                    + " CAST(:mch AS VARCHAR ARRAY), CAST(:ksher AS VARCHAR ARRAY), CAST(:channelOrder AS VARCHAR ARRAY),"
                    + " CAST(:channels AS VARCHAR ARRAY), CAST(:identities AS VARCHAR ARRAY), CAST(:keys AS VARCHAR ARRAY),"
                    + " CAST(:outcomes AS VARCHAR ARRAY), CAST(:details AS VARCHAR ARRAY), CAST(:others AS VARCHAR ARRAY))"
                    + " AS r (line, operation, mch_order_no, ksher_order_no, channel_order_no, channel, identity, order_key,"
                    // The first one of rows that are the same is to be the one that is worked on.
                    + " outcome, detail, others) ORDER BY r.line ON CONFLICT DO NOTHING";

    private final Sql sql;
    private final long batch;
    private final String appId;

    Intake(Sql sql, long batch, String appId) {
        this.sql = sql;
        this.batch = batch;
        this.appId = appId;
    }

    /** Takes rows into a batch, and counts those that are new. */
    static List<Taken> add(Sql sql, BatchInfo batch, List<OrderRow> rows) throws SQLException {
        Batches batches = new Batches(sql);
        // The batch's row is locked first, so that nobody finds the batch complete in between.
        batches.lock(batch.id());
        List<Taken> taken = new Intake(sql, batch.id(), batch.target().appId()).take(rows);
        long added = taken.stream().filter(Taken.ADDED::equals).count();
        if (added > 0) {
            batches.received(batch.id(), added);
        } else {
            batches.touch(batch.id());
        }
        return taken;
    }

    /** Makes a batch with a query of each closed gateway order of this one. */
    static BatchInfo planLate(Sql sql, BatchInfo batch, String name, int run) throws SQLException {
        Batches batches = new Batches(sql);
        BatchInfo late = batches.insert(batch.target(), name, Kind.LATE, "late:" + batch.id(), run, State.READING);
        if (late.kind() != Kind.LATE) {
            throw new JournalException("A batch of the name " + name + " came from a queue: it cannot be asked about.");
        }
        batches.received(late.id(), copyForLate(sql, batch.id(), late.id()));
        batches.release(late.id());
        return Objects.requireNonNull(batches.find(late.id()));
    }

    private static int copyForLate(Sql sql, long batch, long late) throws SQLException {
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
        return Set.copyOf(sql.of(INSERT)
                .set("batch", batch)
                .setArray("lines", "BIGINT", rows, OrderRow::line)
                .setArray("operations", "VARCHAR", rows, row -> Text.storable(row.operationText()))
                .setArray("mch", "VARCHAR", rows, row -> Text.storable(row.mchOrderNo()))
                .setArray("ksher", "VARCHAR", rows, row -> Text.storable(row.ksherOrderNo()))
                .setArray("channelOrder", "VARCHAR", rows, row -> Text.storable(row.channelOrderNo()))
                .setArray("channels", "VARCHAR", rows, row -> Text.storable(row.channel()))
                .setArray("identities", "VARCHAR", rows, row -> isOpen(row, duplicate) ? row.identity() : null)
                .setArray("keys", "VARCHAR", rows, row -> isOpen(row, duplicate) ? row.orderKey(appId) : null)
                .setArray(
                        "outcomes",
                        "VARCHAR",
                        rows,
                        row -> isOpen(row, duplicate)
                                ? null
                                : (row.problem() != null ? Outcome.INVALID : Outcome.DUPLICATE).name())
                .setArray(
                        "details",
                        "VARCHAR",
                        rows,
                        row -> isOpen(row, duplicate)
                                ? null
                                : Objects.requireNonNullElseGet(row.problem(), () -> Objects.requireNonNull(duplicate)
                                        .detail()))
                .setArray("others", "VARCHAR", rows, row -> OtherColumns.write(row.others()))
                .insertedKeys("line"));
    }

    private static boolean isOpen(OrderRow row, @Nullable Facts duplicate) {
        return row.problem() == null && duplicate == null;
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
