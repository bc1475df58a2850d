/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.life.Outcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes rows into the journal, each (batch, line) once. */
record Intake(Sql sql, long batch, String appId) {

    /** Whether a row that came in is new. */
    enum Taken {
        ADDED,
        /** The same row is there already: a redelivery, or a file that is read once more. */
        SAME,
        /** Another row has its batch and line. */
        OTHER
    }

    private static final List<String> ARRAYS = List.of("identity", "order_key", "outcome", "detail", "others");

    /** One statement with an array for each column takes half the time of one for each row. */
    private static final String INSERT = "INSERT INTO order_row (batch_id, line, " + InputColumns.NAMES
            + ", identity, order_key, outcome, detail, others, state, due_at, finished_at, commands, calls)"
            // Due at once, in the order of lines.
            + " SELECT CAST(:batch AS BIGINT), r.*, CASE WHEN outcome IS NULL THEN 'P' ELSE 'F' END,"
            + " CASE WHEN outcome IS NULL THEN 0 END, CASE WHEN outcome IS NOT NULL THEN :start END, 0, 0"
            + " FROM UNNEST(CAST(:line AS BIGINT ARRAY)"
            + Stream.concat(Arrays.stream(Column.values()).map(Column::text), ARRAYS.stream())
                    .map(name -> ", CAST(:" + name + " AS VARCHAR ARRAY)")
                    .collect(Collectors.joining())
            + ") AS r (line, " + InputColumns.NAMES + ", " + String.join(", ", ARRAYS)
            // Of rows with one identity, the first is worked on.
            + ") ORDER BY r.line ON CONFLICT DO NOTHING";

    /** Takes rows into a batch, and counts the new ones. */
    static List<Taken> add(Sql sql, BatchInfo batch, List<OrderRow> rows) throws SQLException {
        Batches batches = new Batches(sql);
        // Lock the batch first, so that nobody finds it complete before the rows are in.
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

    /** Creates the batch that checks this one's closed gateway orders for late payments. */
    static BatchInfo planLate(Sql sql, BatchInfo batch, String name, int run) throws SQLException {
        Batches batches = new Batches(sql);
        BatchInfo late = batches.insert(NewBatch.late(batch, name, run));
        if (late.kind() != Kind.LATE) {
            throw new JournalException("A batch of the name " + name + " came from a queue: it cannot be asked about.");
        }
        batches.received(late.id(), copyForLate(sql, batch.id(), late.id()));
        batches.release(late.id());
        return Objects.requireNonNull(batches.find(late.id()));
    }

    private static int copyForLate(Sql sql, long batch, long late) throws SQLException {
        return sql.of("INSERT INTO order_row (batch_id, line, " + InputColumns.NAMES
                        + ", others, identity, order_key, state, due_at, commands, calls)"
                        + " SELECT CAST(:late AS BIGINT), line, " + InputColumns.NAMES
                        + ", others, identity, order_key, 'P', 0, 0, 0 FROM order_row"
                        + " WHERE batch_id = :batch AND outcome IN ('CLOSED', 'ALREADY_CLOSED')"
                        + " AND LOWER(operation) LIKE '%cancel%' ON CONFLICT DO NOTHING")
                .set("late", late)
                .set("batch", batch)
                .update();
    }

    /** What became of each row, in the order of the rows. */
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
        // Its line is free, so another line has its identity.
        String duplicate = "the same as line " + lineOf(row.identity());
        return insert(List.of(row), duplicate).isEmpty() ? notInserted(row) : Taken.ADDED;
    }

    /**
     * Inserts the rows that are not there.
     *
     * @param duplicate why all of them are DUPLICATE; null if they are not
     * @return the lines of the inserted rows
     */
    private Set<Long> insert(List<OrderRow> rows, @Nullable String duplicate) throws SQLException {
        Sql.Statement insert = sql.of(INSERT).set("batch", batch).setArray("line", "BIGINT", rows, OrderRow::line);
        for (Column column : Column.values()) {
            insert.setArray(column.text(), "VARCHAR", rows, row -> Text.storable(row.cell(column)));
        }
        Predicate<OrderRow> isOpen = row -> row.problem() == null && duplicate == null;
        return Set.copyOf(insert.setArray("identity", "VARCHAR", rows, row -> isOpen.test(row) ? row.identity() : null)
                .setArray("order_key", "VARCHAR", rows, row -> isOpen.test(row) ? row.orderKey(appId) : null)
                .setArray(
                        "outcome",
                        "VARCHAR",
                        rows,
                        row -> row.problem() != null
                                ? Outcome.INVALID.name()
                                : duplicate != null ? Outcome.DUPLICATE.name() : null)
                .setArray("detail", "VARCHAR", rows, row -> row.problem() != null ? row.problem() : duplicate)
                .setArray("others", "VARCHAR", rows, row -> OtherColumns.write(row.others()))
                .insertedKeys("line"));
    }

    /** Whether the row of this line is this one; null if there is none. */
    private @Nullable Boolean isSame(OrderRow row) throws SQLException {
        return sql.of("SELECT " + InputColumns.NAMES + ", others FROM order_row"
                        + " WHERE batch_id = :batch AND line = :line")
                .set("batch", batch)
                .set("line", row.line())
                .first(stored -> InputColumns.areSame(stored, row)
                        && OtherColumns.read(stored.getString("others"))
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
