/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes what many threads want written, in groups: one commit, and on disk, for all that came while the last group was
 * written. A future is completed only when its work is on disk.
 */
final class GroupWriter implements AutoCloseable {

    /** Work inside the group's transaction. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Sets the parameters of the statement that all saves share. */
    @FunctionalInterface
    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private static final int MAX_GROUP = 1_000;
    private static final int IS_ALIVE_SECONDS = 2;

    private sealed interface Entry {
        CompletableFuture<?> future();
    }

    private record Free<T>(Work<T> work, CompletableFuture<T> future) implements Entry {}

    /** Done with all others of the group in one round trip; answered with whether a row was changed. */
    private record Save(Binder binder, CompletableFuture<Boolean> future) implements Entry {}

    private final Database database;
    private final DataSource pool;
    private final String saveSql;
    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "ksher-journal-writer");
    private volatile boolean closed;
    private @Nullable Connection connection;

    GroupWriter(Database database, DataSource pool, String saveSql) {
        this.database = database;
        this.pool = pool;
        this.saveSql = saveSql;
        thread.setDaemon(true);
        thread.start();
    }

    <T> CompletableFuture<T> write(Work<T> work) {
        return add(new Free<>(work, new CompletableFuture<>())).future();
    }

    CompletableFuture<Boolean> save(Binder binder) {
        return add(new Save(binder, new CompletableFuture<>())).future();
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
            disconnect();
        }
    }

    private void writeGroup(List<Entry> group) {
        try {
            Connection c = connect();
            try {
                transact(c, group).forEach(Runnable::run);
            } catch (SQLException | RuntimeException | Error e) {
                boolean alive = c.isValid(IS_ALIVE_SECONDS);
                disconnect();
                if (!alive || group.size() == 1) {
                    throw e;
                }
                // One that cannot be written must not keep the others from being written.
                group.forEach(entry -> writeGroup(List.of(entry)));
            }
        } catch (SQLException | RuntimeException | Error e) {
            group.forEach(entry -> entry.future().completeExceptionally(e));
        }
    }

    private List<Runnable> transact(Connection c, List<Entry> group) throws SQLException {
        List<Runnable> answers = new ArrayList<>(group.size());
        saveAll(c, group, answers);
        for (Entry entry : group) {
            if (entry instanceof Free<?> free) {
                answers.add(answer(c, free));
            }
        }
        c.commit();
        database.afterCommit(c);
        return answers;
    }

    private void saveAll(Connection c, List<Entry> group, List<Runnable> answers) throws SQLException {
        List<Save> saves = group.stream()
                .filter(Save.class::isInstance)
                .map(Save.class::cast)
                .toList();
        if (saves.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = c.prepareStatement(saveSql)) {
            for (Save save : saves) {
                save.binder().bind(statement);
                statement.addBatch();
            }
            int[] counts = statement.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                boolean changed = counts[i] == 1;
                CompletableFuture<Boolean> future = saves.get(i).future();
                answers.add(() -> future.complete(changed));
            }
        }
    }

    private static <T> Runnable answer(Connection c, Free<T> free) throws SQLException {
        T result = free.work().on(c);
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
                // Broken: the pool throws it away.
            }
            try {
                c.close();
            } catch (SQLException e) {
                // The same.
            }
        }
    }

    /** Writes what is queued, then ends. */
    @Override
    public void close() {
        closed = true;
        queue.add(new Free<>(c -> true, new CompletableFuture<>()));
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
