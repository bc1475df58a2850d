/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.zaxxer.hikari.HikariDataSource;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.journal.Intake.Taken;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of batches and orders, on disk. What a method has returned, or a future has completed with, survives a killed
 * process. Thread-safe. Every method may throw {@link JournalException}.
 */
public final class Journal implements AutoCloseable {

    private final Database database;
    private final HikariDataSource pool;
    private final Outage outage = new Outage();
    private final Reader reader;
    private final GroupWriter writer;
    private final Reports reports = new Reports(this);

    Journal(Database database, HikariDataSource pool, LongSupplier h2Clock) {
        this.database = database;
        this.pool = pool;
        this.reader = new Reader(database, pool, h2Clock, outage);
        this.writer = new GroupWriter(database, pool, h2Clock, outage);
    }

    /**
     * Opens a journal, and creates its tables if they are not there.
     *
     * @param url {@code jdbc:h2:file:…} or {@code jdbc:postgresql:…}
     * @throws JournalException if that cannot be, with what to do
     */
    public static Journal open(String url, @Nullable String user, @Nullable String password) {
        return open(url, user, password, evenClock());
    }

    static Journal open(String url, @Nullable String user, @Nullable String password, LongSupplier h2Clock) {
        Database database = Database.of(url);
        return new Journal(database, database.open(url, user, password), h2Clock);
    }

    /** Milliseconds since 1970, that go on evenly when this machine's clock is set. */
    private static LongSupplier evenClock() {
        long nanos = System.nanoTime();
        long wall = System.currentTimeMillis();
        return () -> wall + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Whether this process is the only one that can have it open. */
    public boolean isExclusive() {
        return database == Database.H2;
    }

    /**
     * How long the database may be away before what needs it fails; zero at first. While it is away, whatever needs it waits.
     *
     * @param patience null for as long as it takes
     */
    public void setPatience(@Nullable Duration patience) {
        outage.setPatience(patience);
    }

    /** Why the journal cannot be used now; null if it can. */
    public @Nullable String outage() {
        return outage.reason();
    }

    /** Milliseconds since 1970, by the clock that all workers of this journal share. */
    public long now() {
        return reader.readOnce(Sql::now);
    }

    // ---- batches ----

    /** The batch of this name; null if there is none. With no target the newest of any target. */
    public @Nullable BatchInfo find(@Nullable Target target, String name) {
        return target == null
                ? first("WHERE name = :name ORDER BY id DESC", select -> select.set("name", name))
                : first("WHERE target = :target AND name = :name", select -> of(target, select)
                        .set("name", name));
    }

    /** The latest run of a file with this content; null if it never came. */
    public @Nullable BatchInfo findContent(Target target, String sha256) {
        return first(
                "WHERE target = :target AND content = :content AND kind = 'FILE' ORDER BY run DESC",
                select -> of(target, select).set("content", sha256));
    }

    private static Sql.Statement of(Target target, Sql.Statement select) {
        return select.set("target", target.key());
    }

    /** Those that are not done, oldest first. */
    public List<BatchInfo> unfinished(Target target) {
        return read(sql -> new Batches(sql).unfinished(target));
    }

    /** Open batches that have fewer rows than their known total, and to which nothing came for so long. */
    public List<BatchInfo> waitingForRows(Target target, Duration quiet) {
        return read(sql -> new Batches(sql).waitingForRows(target, quiet.toMillis()));
    }

    /** How long ago the oldest batch began that is not done; null if there is none. Fails at once if the database is away. */
    public @Nullable Duration oldestUnfinished(Target target) {
        return reader.readOnce(sql -> new Batches(sql).oldestUnfinished(target)).orElse(null);
    }

    /** All, oldest first. */
    public List<BatchInfo> all() {
        return read(sql -> {
            Batches batches = new Batches(sql);
            return batches.list(batches.select("ORDER BY id"));
        });
    }

    /** The newest batch that asks once more about this one's orders; null if none does. */
    public @Nullable BatchInfo lateOf(BatchInfo batch) {
        return first(
                "WHERE target = :target AND kind = 'LATE' AND content = :content ORDER BY run DESC",
                select -> of(batch.target(), select).set("content", "late:" + batch.id()));
    }

    /** Makes a batch for a file, whose rows are yet to come; the same again if it is there. */
    public BatchInfo beginFile(Target target, String name, String sha256, int run) {
        return join(writer.write(sql -> new Batches(sql).insert(target, name, Kind.FILE, sha256, run, State.READING)));
    }

    /** Adds rows of a file's batch; those that are there already change nothing. */
    public void addRows(BatchInfo batch, List<OrderRow> rows) {
        join(writer.write(sql -> Intake.add(sql, batch, rows)));
    }

    /** The file's last row is in. From now on its orders are worked on. */
    public void release(BatchInfo batch) {
        join(writer.write(sql -> {
            new Batches(sql).release(batch.id());
            return true;
        }));
    }

    /** Takes back a batch whose file changed while it was read. None of its orders was touched. */
    public void forget(BatchInfo batch) {
        join(writer.write(sql -> {
            new Batches(sql).delete(batch.id());
            return true;
        }));
    }

    /**
     * Takes a queue's order in.
     *
     * @return completed when it is on disk; false if another row has this batch and line
     */
    public CompletableFuture<Boolean> receive(Target target, String batchName, OrderRow row) {
        return writer.write(sql -> {
            BatchInfo batch = new Batches(sql).insert(target, batchName, Kind.QUEUE, null, 1, State.OPEN);
            // The orders of a late batch are only asked about: one that is to be closed is none of them.
            return batch.kind() != Kind.LATE
                    && Intake.add(sql, batch, List.of(row)).get(0) != Taken.OTHER;
        });
    }

    /**
     * Takes in how many rows a queue's batch has.
     *
     * @return completed when it is on disk; false if another total is known
     */
    public CompletableFuture<Boolean> receiveTotal(Target target, String batchName, long total) {
        return writer.write(sql -> {
            Batches batches = new Batches(sql);
            BatchInfo batch = batches.insert(target, batchName, Kind.QUEUE, null, 1, State.OPEN);
            BatchInfo locked = batches.lock(batch.id());
            Long known = locked == null ? null : locked.total();
            if (known == null) {
                batches.total(batch.id(), total);
            }
            return known == null || known == total;
        });
    }

    /** Makes a batch that asks once more about each closed gateway order of this one. */
    public BatchInfo beginLate(BatchInfo batch, int run) {
        String name = batch.name() + ".late" + (run == 1 ? "" : "-" + run);
        return join(writer.write(sql -> Intake.planLate(sql, batch, name, run)));
    }

    /**
     * Whether all rows of a batch came in and are final.
     *
     * @param quietMillis how long nothing may have come for a batch whose total is not known
     */
    public boolean isComplete(BatchInfo batch, long quietMillis) {
        return read(sql -> new Batches(sql).isComplete(batch.id(), quietMillis));
    }

    /**
     * Marks a batch as done, if it still is complete and nobody did before.
     *
     * @return whether it was marked now
     */
    public boolean finish(BatchInfo batch, long quietMillis) {
        return join(writer.write(sql -> {
            Batches batches = new Batches(sql);
            batches.lock(batch.id());
            boolean complete = batches.isComplete(batch.id(), quietMillis);
            if (complete) {
                batches.done(batch.id());
            }
            return complete;
        }));
    }

    /**
     * Deletes batches that were done so long ago, and what is known of their orders.
     *
     * @return how many batches
     */
    public int prune(Duration age) {
        List<BatchInfo> old = read(sql -> new Batches(sql).doneFor(age.toMillis()));
        for (BatchInfo batch : old) {
            join(writer.write(sql -> {
                new Batches(sql).delete(batch.id());
                return true;
            }));
        }
        join(writer.write(sql -> new Orders(sql).prune(age.toMillis())));
        return old.size();
    }

    // ---- for the lease ----

    CompletableFuture<Boolean> save(Save save, long interval, Runnable whenWritten) {
        return writer.save(save, interval, whenWritten);
    }

    <T> CompletableFuture<T> write(GroupWriter.Work<T> work) {
        return writer.write(work);
    }

    /** What is known of rows: for reports. */
    public Reports reports() {
        return reports;
    }

    /** Throws if the journal cannot be read now. */
    public void check() {
        reader.readOnce(Sql::now);
    }

    // ---- plumbing ----

    private @Nullable BatchInfo first(String where, Consumer<Sql.Statement> parameters) {
        return read(sql -> {
                    Batches batches = new Batches(sql);
                    Sql.Statement select = batches.select(where);
                    parameters.accept(select);
                    return Optional.ofNullable(batches.first(select));
                })
                .orElse(null);
    }

    <T> T read(GroupWriter.Work<T> work) {
        return reader.read(work);
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
