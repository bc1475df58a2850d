/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the work of many threads in groups: all that came while the last group was written shares
 * one commit. A future is completed when its work is on disk. Work that fails because the database
 * is away, or because of a conflicting transaction, is repeated, so it must have the same result
 * when it is done twice.
 */
final class GroupWriter implements AutoCloseable {

    /** Work inside the group's transaction. */
    @FunctionalInterface
    interface Work<T> {
        T on(Sql sql) throws SQLException;
    }

    private static final int MAX_GROUP = 1_000;

    private sealed interface Entry {
        CompletableFuture<?> future();
    }

    private record Free<T>(Work<T> work, CompletableFuture<T> future) implements Entry {}

    /**
     * A save; all saves of a group take one round trip.
     *
     * @param whenWritten runs before other work of the same transaction
     */
    private record Saving(Save save, long interval, Runnable whenWritten, CompletableFuture<Boolean> future)
            implements Entry {}

    private final Database database;
    private final HikariDataSource pool;
    private final LongSupplier h2Clock;
    private final Outage outage;
    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "ksher-journal-writer");
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean closed;
    private @Nullable Connection connection;

    GroupWriter(Database database, HikariDataSource pool, LongSupplier h2Clock, Outage outage) {
        this.database = database;
        this.pool = pool;
        this.h2Clock = h2Clock;
        this.outage = outage;
        thread.setDaemon(true);
        thread.start();
    }

    <T> CompletableFuture<T> write(Work<T> work) {
        return add(new Free<>(work, new CompletableFuture<>())).future();
    }

    CompletableFuture<Boolean> save(Save save, long interval, Runnable whenWritten) {
        return add(new Saving(save, interval, whenWritten, new CompletableFuture<>()))
                .future();
    }

    private <E extends Entry> E add(E entry) {
        if (closed) {
            throw new JournalException("The journal is closed.");
        }
        queue.add(entry);
        return entry;
    }

    private void run() {
        try {
            do {
                List<Entry> group = new ArrayList<>();
                group.add(queue.take());
                queue.drainTo(group, MAX_GROUP - 1);
                writeGroup(group);
            } while (!closed || !queue.isEmpty());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread: it would break the journal's file", e);
        } finally {
            try {
                disconnect();
            } finally {
                ended.complete(null);
            }
        }
    }

    private void writeGroup(List<Entry> group) {
        Throwable failure = tryToWrite(group);
        boolean away = failure instanceof SQLException sql && Database.kind(sql) == Database.Failure.AWAY;
        if (failure != null && group.size() > 1 && !away) {
            // One entry that cannot be written must not keep the others from being written.
            group.forEach(entry -> writeGroup(List.of(entry)));
        } else if (failure != null) {
            group.forEach(entry -> entry.future().completeExceptionally(failure));
        }
    }

    /** Writes the group; returns the failure, or null if all of it is written. */
    private @Nullable Throwable tryToWrite(List<Entry> group) {
        for (int attempt = 1; ; attempt++) {
            try {
                outage.check();
                List<Runnable> answers = transact(connect(), group, attempt > 1);
                outage.isOver();
                answers.forEach(Runnable::run);
                return null;
            } catch (SQLException e) {
                disconnect();
                if (!outage.tryAgain(e, attempt)) {
                    return e;
                }
            } catch (RuntimeException | Error e) {
                disconnect();
                return e;
            }
        }
    }

    private List<Runnable> transact(Connection c, List<Entry> group, boolean repeated) throws SQLException {
        List<Runnable> answers = new ArrayList<>(group.size());
        Sql sql = new Sql(c, database, h2Clock);
        saveAll(sql, group, repeated, answers);
        for (Entry entry : group) {
            if (entry instanceof Free<?> free) {
                answers.add(answer(sql, free));
            }
        }
        c.commit();
        database.afterCommit(c);
        return answers;
    }

    private static void saveAll(Sql sql, List<Entry> group, boolean repeated, List<Runnable> answers)
            throws SQLException {
        Map<Long, List<Saving>> savings = group.stream()
                .filter(Saving.class::isInstance)
                .map(Saving.class::cast)
                .collect(Collectors.groupingBy(Saving::interval));
        for (Map.Entry<Long, List<Saving>> one : savings.entrySet()) {
            OrderRows rows = new OrderRows(sql, one.getKey());
            List<Saving> all = one.getValue();
            boolean[] saved = rows.save(all.stream().map(Saving::save).toList());
            for (int i = 0; i < saved.length; i++) {
                Saving saving = all.get(i);
                boolean there = saved[i] || (repeated && rows.isThere(saving.save()));
                saving.whenWritten().run();
                answers.add(() -> saving.future().complete(there));
            }
        }
    }

    private static <T> Runnable answer(Sql sql, Free<T> free) throws SQLException {
        T result = free.work().on(sql);
        return () -> free.future().complete(result);
    }

    private Connection connect() throws SQLException {
        if (connection == null) {
            connection = pool.getConnection();
            connection.setAutoCommit(false);
        }
        return connection;
    }

    private void disconnect() {
        Connection c = connection;
        connection = null;
        if (c != null) {
            try {
                c.rollback();
            } catch (SQLException e) {
                // A broken connection is thrown away as it is.
            }
            H2DataSource.evict(pool, c);
        }
    }

    /** Writes what is queued, then ends; work that fails is not repeated. */
    @Override
    public void close() {
        closed = true;
        outage.setPatience(Duration.ZERO);
        queue.add(new Free<>(sql -> true, new CompletableFuture<>()));
        // Does not end early if this thread is interrupted.
        ended.join();
    }
}
