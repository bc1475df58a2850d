/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.OrderLife.Phase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's right to work on the rows that it owns. On PostgreSQL it is a heartbeat; on H2 the lock on the file is enough, and
 * the heartbeat only tells the next process until when this one ran. Whoever finds another worker's heartbeat expired takes its
 * rows over: an unanswered query is asked again, an unanswered command is asked about.
 */
public final class Lease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /** How often {@link #renew} is to be called. */
    public static final Duration RENEW_EVERY = Duration.ofSeconds(5);

    private static final long EXPIRES_MILLIS = 30_000;
    private static final long CALL_WITHIN_NANOS = Duration.ofSeconds(20).toNanos();
    /** Another worker took another row of an order at the same moment, or rows of two orders the other way round (a deadlock). */
    private static final Set<String> TAKEN_BY_ANOTHER = Set.of("23505", "40P01");

    private static final Facts NOT_SEEN = Facts.of("the process that sent it was stopped before the answer");

    private final Journal journal;
    private final long interval;
    private final long worker;
    private volatile long renewedAt;
    private volatile boolean lost;

    private Lease(Journal journal, long interval, long worker, long renewedAt) {
        this.journal = journal;
        this.interval = interval;
        this.worker = worker;
        this.renewedAt = renewedAt;
    }

    /**
     * Registers this process, and takes over what others left: all of it on H2, what has expired on PostgreSQL.
     *
     * @param name for people who look into the journal
     * @param queryInterval how long after its end an order's query may be repeated
     */
    public static Lease take(Journal journal, String name, Duration queryInterval) {
        long start = System.nanoTime();
        long interval = queryInterval.toMillis();
        long worker = Journal.join(journal.write(c -> {
            takeOver(c, journal, interval);
            return Batches.insertWorker(c, name, journal.syncClock(c));
        }));
        return new Lease(journal, interval, worker, start);
    }

    private record Dead(long id, long renewedAt) {}

    private static void takeOver(Connection c, Journal journal, long interval) throws SQLException {
        long now = journal.syncClock(c);
        long expired = journal.isExclusive() ? Long.MAX_VALUE : now - EXPIRES_MILLIS;
        List<Dead> dead = new ArrayList<>();
        String sql = "SELECT id, renewed_at FROM worker WHERE renewed_at < ?" + journal.database().skipLocked;
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setLong(1, expired);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    dead.add(new Dead(r.getLong(1), r.getLong(2)));
                }
            }
        }
        for (Dead worker : dead) {
            List<HeldRow> rows = Rows.heldBy(c, worker.id());
            for (HeldRow row : rows) {
                putBack(c, worker, row, now, interval);
            }
            if (!rows.isEmpty()) {
                LOG.info(
                        "{} orders were in flight when another process ended: they are asked about first", rows.size());
            }
            Batches.update(c, "DELETE FROM worker WHERE id = ?", worker.id());
        }
        if (!dead.isEmpty() && isAlone(c)) {
            Rows.countWaiting(c, dead.stream().mapToLong(Dead::renewedAt).max().orElse(0), now);
        }
    }

    private static void putBack(Connection c, Dead worker, HeldRow row, long now, long interval) throws SQLException {
        boolean command = row.life().phase() == Phase.COMMANDING;
        Long queried = command ? row.queriedAt() : Long.valueOf(now);
        long age = row.ageMillis() + Math.max(0, worker.renewedAt() - row.countedAt());
        HeldRow next = row.with(
                command
                        ? row.life()
                                .after(new Event.NoAnswer(NOT_SEEN, Duration.ZERO))
                                .life()
                        : row.life(),
                row.calls(),
                queried,
                age,
                now);
        long due = queried == null ? now : Math.max(now, Math.min(queried, now) + interval);
        try (PreparedStatement save = c.prepareStatement(Rows.SAVE)) {
            Rows.bind(save, worker.id(), next, RowState.waitingUntil(due));
            save.executeUpdate();
        }
    }

    private static boolean isAlone(Connection c) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("SELECT 1 FROM worker LIMIT 1");
                ResultSet r = s.executeQuery()) {
            return !r.next();
        }
    }

    /**
     * Renews the lease, and takes over what has expired.
     *
     * @return false if it is lost: another process has taken this one's rows over
     */
    public boolean renew() {
        long start = System.nanoTime();
        boolean renewed = Journal.join(journal.write(c -> {
            long now = journal.syncClock(c);
            boolean mine = Batches.update(c, "UPDATE worker SET renewed_at = ? WHERE id = ?", now, worker) == 1;
            if (mine && !journal.isExclusive()) {
                takeOver(c, journal, interval);
            }
            return mine;
        }));
        if (renewed) {
            renewedAt = start;
        } else {
            lost = true;
        }
        return renewed;
    }

    /** Whether a call may be made now: the lease was renewed lately, by this process's own clock. */
    public boolean allowsCall() {
        return !lost && (journal.isExclusive() || System.nanoTime() - renewedAt < CALL_WITHIN_NANOS);
    }

    /** Takes rows that are due into this process's hands and announces a query of each: see {@link Claim}. */
    public Claim claim(Collection<BatchInfo> batches, int limit) {
        try {
            return journal.claim(worker, batches, limit, interval);
        } catch (JournalException e) {
            if (e.getCause() instanceof SQLException sql && TAKEN_BY_ANOTHER.contains(sql.getSQLState())) {
                return new Claim(List.of(), journal.now());
            }
            throw e;
        }
    }

    /**
     * Writes what became of a row.
     *
     * @return completed when it is on disk; false if the row is not in this process's hands any more
     */
    public CompletableFuture<Boolean> save(HeldRow row, RowState state) {
        return journal.save(worker, row, state);
    }

    /** The same, and waits until it is on disk. */
    public boolean saveNow(HeldRow row, RowState state) {
        return Journal.join(save(row, state));
    }

    /**
     * Gives the lease back, when no call is in flight any more. Rows whose end could not be saved are put back: they would be
     * nobody's then, and never be looked at again.
     */
    @Override
    public void close() {
        Journal.join(journal.write(c -> {
            long now = journal.syncClock(c);
            Dead self = new Dead(worker, now);
            for (HeldRow row : Rows.heldBy(c, worker)) {
                putBack(c, self, row, now, interval);
            }
            Batches.update(c, "DELETE FROM worker WHERE id = ?", worker);
            if (isAlone(c)) {
                Rows.countWaiting(c, now, now);
            }
            return true;
        }));
    }

    /** What tells the workers of one journal apart. */
    public static String processName() {
        return ProcessHandle.current().pid() + "@" + hostName();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that does not know its own name is alone with it.
            return "localhost";
        }
    }
}
