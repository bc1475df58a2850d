/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.zaxxer.hikari.HikariDataSource;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.journal.Intake.Taken;
import io.github.camelksher.batch.life.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of batches and orders, on disk. What a method has returned, or a future has completed with, survives a killed
 * process. Thread-safe. Every method may throw {@link JournalException}.
 */
public final class Journal implements AutoCloseable {

    private static final int PAGE = 2_000;

    private final Database database;
    private final HikariDataSource pool;
    private final GroupWriter writer;
    private final JournalClock clock = new JournalClock();

    private Journal(Database database, HikariDataSource pool) {
        this.database = database;
        this.pool = pool;
        this.writer = new GroupWriter(database, pool, Rows.SAVE);
    }

    /**
     * Opens a journal, and creates its tables if they are not there.
     *
     * @param url {@code jdbc:h2:file:…} or {@code jdbc:postgresql:…}
     * @throws JournalException if that cannot be, with what to do
     */
    public static Journal open(String url, @Nullable String user, @Nullable String password) {
        Database database = Database.of(url);
        Journal journal = new Journal(database, database.open(url, user, password));
        journal.read(journal::setClock);
        return journal;
    }

    /** Whether this process is the only one that can have it open. */
    boolean isExclusive() {
        return database == Database.H2;
    }

    /** Milliseconds since 1970, by the clock that all workers of this journal share: what it shows, or a moment less. */
    public long now() {
        return clock.earliest(System.nanoTime());
    }

    /** What that clock shows, or a moment more: when something ended that is to be followed by a wait. */
    public long nowAtLatest() {
        return clock.latest(System.nanoTime());
    }

    private long setClock(Connection c) throws SQLException {
        long asked = System.nanoTime();
        long millis = database.millis(c);
        clock.set(asked, millis, System.nanoTime());
        return millis;
    }

    /** Asks the database for the time. */
    long syncClock(Connection c) throws SQLException {
        // An H2 journal has no other clock to agree with, and this one can be set at any time.
        return isExclusive() ? now() : setClock(c);
    }

    // ---- batches ----

    /** The batch of this name; null if there is none. With no target the newest of any target. */
    public @Nullable BatchInfo find(@Nullable Target target, String name) {
        return target == null
                ? first("WHERE name = ? ORDER BY id DESC", name)
                : first("WHERE target = ? AND name = ?", target.key(), name);
    }

    /** The latest run of a file with this content; null if it never came. */
    public @Nullable BatchInfo findContent(Target target, String sha256) {
        return first("WHERE target = ? AND content = ? AND kind = 'FILE' ORDER BY run DESC", target.key(), sha256);
    }

    /** Those that are not done, oldest first. */
    public List<BatchInfo> unfinished(Target target) {
        return read(c -> Batches.select(c, "WHERE target = ? AND state <> 'DONE' ORDER BY id", target.key()));
    }

    /** All, oldest first. */
    public List<BatchInfo> all() {
        return read(c -> Batches.select(c, "ORDER BY id"));
    }

    /** The newest batch that asks once more about this one's orders; null if none does. */
    public @Nullable BatchInfo lateOf(BatchInfo batch) {
        return first(
                "WHERE target = ? AND kind = 'LATE' AND content = ? ORDER BY run DESC",
                batch.target().key(),
                "late:" + batch.id());
    }

    /** Makes a batch for a file, whose rows are yet to come; the same again if it is there. */
    public BatchInfo beginFile(Target target, String name, String sha256, int run) {
        return join(writer.write(c -> Batches.insert(c, target, name, Kind.FILE, sha256, run, State.READING, now())));
    }

    /** Adds rows of a file's batch; those that are there already change nothing. */
    public void addRows(BatchInfo batch, List<OrderRow> rows) {
        join(writer.write(c -> add(c, batch, rows)));
    }

    private List<Taken> add(Connection c, BatchInfo batch, List<OrderRow> rows) throws SQLException {
        // The batch's row is locked first, so that nobody finds the batch complete in between.
        Batches.lock(c, batch.id());
        List<Taken> taken = new Intake(c, batch.id(), batch.target().appId(), now()).take(rows);
        long added = taken.stream().filter(Taken.ADDED::equals).count();
        if (added > 0) {
            Batches.received(c, batch.id(), added, now());
        } else {
            Batches.touch(c, batch.id(), now());
        }
        return taken;
    }

    /** The file's last row is in. From now on its orders are worked on. */
    public void release(BatchInfo batch) {
        join(writer.write(c -> {
            Batches.release(c, batch.id(), now());
            return true;
        }));
    }

    /** Takes back a batch whose file changed while it was read. None of its orders was touched. */
    public void forget(BatchInfo batch) {
        join(writer.write(c -> {
            Batches.forget(c, batch.id());
            return true;
        }));
    }

    /**
     * Takes a queue's order in.
     *
     * @return false if another row has this batch and line
     */
    public boolean receive(Target target, String batchName, OrderRow row) {
        return join(writer.write(c -> {
            BatchInfo batch = Batches.insert(c, target, batchName, Kind.QUEUE, null, 1, State.OPEN, now());
            // The orders of a late batch are only asked about: one that is to be closed is none of them.
            return batch.kind() != Kind.LATE && add(c, batch, List.of(row)).get(0) != Taken.OTHER;
        }));
    }

    /**
     * Takes in how many rows a queue's batch has.
     *
     * @return false if another total is known
     */
    public boolean receiveTotal(Target target, String batchName, long total) {
        return join(writer.write(c -> {
            BatchInfo batch = Batches.insert(c, target, batchName, Kind.QUEUE, null, 1, State.OPEN, now());
            BatchInfo locked = Batches.lock(c, batch.id());
            Long known = locked == null ? null : locked.total();
            if (known == null) {
                Batches.total(c, batch.id(), total, now());
            }
            return known == null || known == total;
        }));
    }

    /** Makes a batch that asks once more about each closed gateway order of this one. */
    public BatchInfo beginLate(BatchInfo batch, int run) {
        String name = batch.name() + ".late" + (run == 1 ? "" : "-" + run);
        return join(writer.write(c -> {
            BatchInfo late =
                    Batches.insert(c, batch.target(), name, Kind.LATE, "late:" + batch.id(), run, State.READING, now());
            if (late.kind() != Kind.LATE) {
                throw new JournalException(
                        "A batch of the name " + name + " came from a queue: it cannot be asked about.");
            }
            String sql =
                    "INSERT INTO order_row (batch_id, line, operation, mch_order_no, ksher_order_no, channel_order_no,"
                            + " channel, identity, order_key, state, due_at, age_ms, phase, commands, done, failed_queries, repeats,"
                            + " open_after_command, calls, others) SELECT CAST(? AS BIGINT), line, operation, mch_order_no, ksher_order_no,"
                            + " channel_order_no, channel, identity, order_key, 'P', 0, 0, 'ASKING', 0, 0, 0, 0, FALSE, 0, others"
                            + " FROM order_row WHERE batch_id = ? AND outcome IN ('CLOSED', 'ALREADY_CLOSED')"
                            + " AND LOWER(operation) LIKE '%cancel%'";
            int rows = Batches.update(c, sql, late.id(), batch.id());
            Batches.received(c, late.id(), rows, now());
            Batches.release(c, late.id(), now());
            return Objects.requireNonNull(Batches.lock(c, late.id()));
        }));
    }

    /**
     * Whether all rows of a batch came in and are final.
     *
     * @param quietMillis how long nothing may have come for a batch whose total is not known
     */
    public boolean isComplete(BatchInfo batch, long quietMillis) {
        return read(c -> isComplete(c, batch.id(), quietMillis));
    }

    private boolean isComplete(Connection c, long id, long quietMillis) throws SQLException {
        BatchInfo batch = Batches.first(c, "WHERE id = ?", id);
        if (batch == null || batch.state() != State.OPEN || Batches.hasOpenRows(c, id)) {
            return false;
        }
        Long total = batch.total();
        return total != null
                ? batch.received() >= total
                : batch.received() > 0 && now() - batch.touchedAt().toEpochMilli() >= quietMillis;
    }

    /**
     * Marks a batch as done, if it still is complete and nobody did before.
     *
     * @return whether it was marked now
     */
    public boolean finish(BatchInfo batch, long quietMillis) {
        return join(writer.write(c -> {
            Batches.lock(c, batch.id());
            boolean complete = isComplete(c, batch.id(), quietMillis);
            if (complete) {
                Batches.done(c, batch.id(), now());
            }
            return complete;
        }));
    }

    // ---- rows ----

    Claim claim(long owner, Collection<BatchInfo> batches, int limit, long interval) {
        List<Long> ids = batches.stream().map(BatchInfo::id).toList();
        long now = now();
        return join(writer.write(c -> Rows.claim(c, database, owner, ids, limit, now, interval)));
    }

    CompletableFuture<Boolean> save(long owner, HeldRow row, RowState state) {
        return writer.save(s -> Rows.bind(s, owner, row, state));
    }

    <T> CompletableFuture<T> write(GroupWriter.Work<T> work) {
        return writer.write(work);
    }

    Database database() {
        return database;
    }

    /** The line of another row of the batch that sent this row's order a command; null if none did. */
    public @Nullable Long commandedByLine(HeldRow row) {
        return read(c -> Optional.ofNullable(Rows.commandedByLine(c, row))).orElse(null);
    }

    // ---- reports ----

    /** How many rows of the batch have each outcome, in the order of outcomes; only those that occur. */
    public Map<Outcome, Long> outcomes(BatchInfo batch) {
        return read(c -> {
            Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
            String sql = "SELECT outcome, COUNT(*) FROM order_row WHERE batch_id = ? AND state = 'F' GROUP BY outcome";
            try (PreparedStatement s = c.prepareStatement(sql)) {
                s.setLong(1, batch.id());
                try (ResultSet r = s.executeQuery()) {
                    while (r.next()) {
                        counts.put(Outcome.valueOf(r.getString(1)), r.getLong(2));
                    }
                }
            }
            return counts;
        });
    }

    /** How many calls were announced for the batch's rows. */
    public long calls(BatchInfo batch) {
        return read(c -> single(c, "SELECT COALESCE(SUM(calls), 0) FROM order_row WHERE batch_id = ?", batch.id()));
    }

    /** How many rows of the batch are not final. */
    public long openRows(BatchInfo batch) {
        return read(c -> single(
                c, "SELECT COUNT(*) FROM order_row WHERE batch_id = ? AND state IN ('P', 'W', 'H')", batch.id()));
    }

    private static long single(Connection c, String sql, long id) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setLong(1, id);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getLong(1);
            }
        }
    }

    /** Hands over the final rows of a batch in input order, page by page, so that a long batch needs no memory. */
    public void forEachFinal(BatchInfo batch, Consumer<ReportedRow> consumer) {
        long after = -1;
        String which = "line > ?";
        for (List<ReportedRow> page = page(batch, which, after); !page.isEmpty(); page = page(batch, which, after)) {
            page.forEach(consumer);
            after = page.get(page.size() - 1).line();
        }
    }

    /** The names of the other columns of a batch's final rows, in the order in which they come; at most {@code limit}. */
    public List<String> otherColumns(BatchInfo batch, int limit) {
        Set<String> names = new LinkedHashSet<>();
        String which = "line > ? AND others IS NOT NULL";
        long after = -1;
        for (List<ReportedRow> page = page(batch, which, after); !page.isEmpty(); page = page(batch, which, after)) {
            page.forEach(row -> row.others().keySet().stream()
                    .limit(Math.max(0, limit - names.size()))
                    .forEach(names::add));
            after = page.get(page.size() - 1).line();
        }
        return List.copyOf(names);
    }

    private List<ReportedRow> page(BatchInfo batch, String which, long after) {
        return read(c -> finalRows(c, which, PAGE, batch.id(), after));
    }

    /** The first final rows of a batch that have one of these outcomes, in input order. */
    public List<ReportedRow> finalRows(BatchInfo batch, Collection<Outcome> outcomes, int limit) {
        // Names of constants, so nothing that needs a parameter.
        String names =
                outcomes.stream().map(outcome -> "'" + outcome.name() + "'").collect(Collectors.joining(", "));
        return read(c -> finalRows(c, "outcome IN (" + names + ")", limit, batch.id()));
    }

    private static List<ReportedRow> finalRows(Connection c, String which, int limit, long... parameters)
            throws SQLException {
        String sql =
                "SELECT line, operation, mch_order_no, ksher_order_no, channel_order_no, channel, outcome, detail, code,"
                        + " error_code, calls, finished_at, others FROM order_row WHERE batch_id = ? AND state = 'F' AND "
                        + which
                        + " ORDER BY line LIMIT " + limit;
        List<ReportedRow> rows = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setLong(i + 1, parameters[i]);
            }
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.add(reported(r));
                }
            }
        }
        return rows;
    }

    /** When the latest row became final; null if none is. */
    public @Nullable Instant lastFinishedAt(BatchInfo batch) {
        long last = read(
                c -> single(c, "SELECT COALESCE(MAX(finished_at), 0) FROM order_row WHERE batch_id = ?", batch.id()));
        return last == 0 ? null : Instant.ofEpochMilli(last);
    }

    private static ReportedRow reported(ResultSet r) throws SQLException {
        Long code = Rows.getLong(r, "code");
        Long finished = Rows.getLong(r, "finished_at");
        return new ReportedRow(
                r.getLong("line"),
                r.getString("operation"),
                r.getString("mch_order_no"),
                r.getString("ksher_order_no"),
                r.getString("channel_order_no"),
                r.getString("channel"),
                Outcome.valueOf(r.getString("outcome")),
                orNothing(r.getString("detail")),
                code == null ? null : code.intValue(),
                orNothing(r.getString("error_code")),
                r.getInt("calls"),
                finished == null ? null : Instant.ofEpochMilli(finished),
                OtherColumns.read(r.getString("others")));
    }

    private static String orNothing(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Throws if the journal cannot be read. */
    public void check() {
        read(c -> Batches.select(c, "WHERE id = 0"));
    }

    // ---- plumbing ----

    private @Nullable BatchInfo first(String where, Object... parameters) {
        return read(c -> Optional.ofNullable(Batches.first(c, where, parameters)))
                .orElse(null);
    }

    /** Runs on a connection of its own; for reading only. */
    <T> T read(GroupWriter.Work<T> work) {
        try (Connection c = pool.getConnection()) {
            return work.on(c);
        } catch (SQLException e) {
            throw JournalException.of(e);
        }
    }

    static <T> T join(CompletableFuture<T> future) {
        try {
            return Objects.requireNonNull(future.join());
        } catch (CompletionException e) {
            throw JournalException.of(e);
        }
    }

    /** Writes what is under way, then closes. */
    @Override
    public void close() {
        writer.close();
        pool.close();
    }
}
