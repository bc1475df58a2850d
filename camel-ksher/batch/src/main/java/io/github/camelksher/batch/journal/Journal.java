/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.zaxxer.hikari.HikariDataSource;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.Intake.Taken;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of all batches and orders, on disk. Once a method has returned, or its future has
 * completed, its changes survive a killed process. Thread-safe. Every method may throw
 * {@link JournalException}.
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
     * @throws JournalException if it cannot be opened; the message says what to do
     */
    public static Journal open(String url, @Nullable String user, @Nullable String password) {
        return open(url, user, password, evenClock());
    }

    static Journal open(String url, @Nullable String user, @Nullable String password, LongSupplier h2Clock) {
        Database database = Database.of(url);
        return new Journal(database, database.open(url, user, password), h2Clock);
    }

    /** Milliseconds since 1970 that do not jump when this machine's clock is set. */
    private static LongSupplier evenClock() {
        long nanos = System.nanoTime();
        long wall = System.currentTimeMillis();
        return () -> wall + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    /** Whether no other process can have the journal open. */
    public boolean isExclusive() {
        return database == Database.H2;
    }

    /** How long to wait for a database that is away; zero at first, null without end. */
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

    /** The batch of this name, without a target the newest one; null if there is none. */
    public @Nullable BatchInfo find(@Nullable Target target, String name) {
        return first(batches -> target == null
                ? batches.select("WHERE name = :name ORDER BY id DESC").set("name", name)
                : batches.named(target, name));
    }

    /** The latest run of a file with this content; null if there is none. */
    public @Nullable BatchInfo findContent(Target target, String sha256) {
        return first(batches -> batches.ofContent(Kind.FILE, target, sha256));
    }

    /** Batches that are not done, oldest first. */
    public List<BatchInfo> unfinished(Target target) {
        return read(sql -> new Batches(sql).unfinished(target));
    }

    /** Open batches with fewer rows than their known total for which nothing came for so long. */
    public List<BatchInfo> waitingForRows(Target target, Duration quiet) {
        return read(sql -> new Batches(sql).waitingForRows(target, quiet.toMillis()));
    }

    /** The age of the oldest unfinished batch or null. Fails at once if the database is away. */
    public @Nullable Duration oldestUnfinished(Target target) {
        return reader.readOnce(sql -> new Batches(sql).oldestUnfinished(target)).orElse(null);
    }

    public List<BatchInfo> all() {
        return read(sql -> {
            Batches batches = new Batches(sql);
            return batches.list(batches.select("ORDER BY id"));
        });
    }

    /**
     * How far the batches are: the unfinished ones of a target, or without a target all of the
     * journal, oldest first. Fails at once if the database is away.
     */
    public List<BatchProgress> progress(@Nullable Target target) {
        return reader.readOnce(sql -> {
            Batches batches = new Batches(sql);
            List<BatchProgress> progress = new ArrayList<>();
            for (BatchInfo batch :
                    target == null ? batches.list(batches.select("ORDER BY id")) : batches.unfinished(target)) {
                progress.add(Reports.progress(sql, batch));
            }
            return progress;
        });
    }

    /** The newest batch that checks this one for late payments; null if there is none. */
    public @Nullable BatchInfo lateOf(BatchInfo batch) {
        return first(batches -> batches.ofContent(Kind.LATE, batch.target(), NewBatch.contentOfLate(batch)));
    }

    /** Creates the batch of a file whose rows follow; returns it if it is there already. */
    public BatchInfo beginFile(Target target, String name, String sha256, int run) {
        return join(writer.write(sql -> new Batches(sql).insert(NewBatch.file(target, name, sha256, run))));
    }

    /** Adds rows to a file's batch; rows that are there already change nothing. */
    public void addRows(BatchInfo batch, List<OrderRow> rows) {
        join(writer.write(sql -> Intake.add(sql, batch, rows)));
    }

    /** The file's last row is in: from now on its orders are worked on. */
    public void release(BatchInfo batch) {
        change(batches -> batches.release(batch.id()));
    }

    /** Deletes a batch whose file changed while it was read. No order was touched yet. */
    public void forget(BatchInfo batch) {
        change(batches -> batches.delete(batch.id()));
    }

    /** Adds an order of a queue; completes with false if another row has its batch and line. */
    public CompletableFuture<Boolean> receive(Target target, String batchName, OrderRow row) {
        return writer.write(sql -> {
            BatchInfo batch = new Batches(sql).insert(NewBatch.queue(target, batchName));
            // The orders of a LATE batch are only queried, so it takes no order that is to be
            // closed.
            return batch.kind() != Kind.LATE
                    && Intake.add(sql, batch, List.of(row)).get(0) != Taken.OTHER;
        });
    }

    /** Sets the total of a queue's batch; completes with false if another total is known. */
    public CompletableFuture<Boolean> receiveTotal(Target target, String batchName, long total) {
        return writer.write(sql -> {
            Batches batches = new Batches(sql);
            BatchInfo batch = batches.insert(NewBatch.queue(target, batchName));
            BatchInfo locked = batches.lock(batch.id());
            Long known = locked == null ? null : locked.total();
            if (known == null) {
                batches.total(batch.id(), total);
            }
            return known == null || known == total;
        });
    }

    /** Creates a batch that queries each closed gateway order of this batch for a late payment. */
    public BatchInfo beginLate(BatchInfo batch, int run) {
        String name = batch.name() + ".late" + (run == 1 ? "" : "-" + run);
        return join(writer.write(sql -> Intake.planLate(sql, batch, name, run)));
    }

    /** Whether all rows are final, and nothing came for so long if the total is not known. */
    public boolean isComplete(BatchInfo batch, long quietMillis) {
        return read(sql -> new Batches(sql).isComplete(batch.id(), quietMillis));
    }

    /** Marks a batch as done if it is complete; returns whether it was not done before. */
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

    /** Deletes batches that were done so long ago, and their orders; returns how many batches. */
    public int prune(Duration age) {
        List<BatchInfo> old = read(sql -> new Batches(sql).doneFor(age.toMillis()));
        for (BatchInfo batch : old) {
            change(batches -> batches.delete(batch.id()));
        }
        join(writer.write(sql -> new Orders(sql).prune(age.toMillis())));
        return old.size();
    }

    CompletableFuture<Boolean> save(Save save, long interval, Runnable whenWritten) {
        return writer.save(save, interval, whenWritten);
    }

    <T> CompletableFuture<T> write(GroupWriter.Work<T> work) {
        return writer.write(work);
    }

    public Reports reports() {
        return reports;
    }

    /** Fails if the journal cannot be read now. */
    public void check() {
        reader.readOnce(Sql::now);
    }

    private @Nullable BatchInfo first(Function<Batches, Sql.Statement> select) {
        return read(sql -> {
                    Batches batches = new Batches(sql);
                    return Optional.ofNullable(batches.first(select.apply(batches)));
                })
                .orElse(null);
    }

    @FunctionalInterface
    private interface Change {
        void of(Batches batches) throws SQLException;
    }

    private void change(Change change) {
        join(writer.write(sql -> {
            change.of(new Batches(sql));
            return true;
        }));
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

    /** Closes the journal after what is queued was written. */
    @Override
    public void close() {
        writer.close();
        pool.close();
    }
}
