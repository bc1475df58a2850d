/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.journal.OrderRows.Claimant;
import io.github.camelksher.batch.journal.Orders.RowId;
import io.github.camelksher.batch.journal.Recovery.OrphanedRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of a worker in the journal. On PostgreSQL a heartbeat renews it; on H2 the lock on the
 * file is enough. The worker's id is the fencing token: each save of a row is conditional on it.
 * Every heartbeat takes over the rows of workers that are gone or have not renewed. Their orders
 * are queried again only when no call of theirs can be in flight any more.
 */
final class JournalLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final long EXPIRES_MILLIS = 30_000;
    private static final long NEVER_EXPIRES = Long.MAX_VALUE / 4;
    private static final long SILENT_MILLIS = 10_000;
    /** So long after its last heartbeat a worker may begin a call. */
    static final long CALL_WITHIN_MILLIS = 20_000;

    /** Drift of the two clocks between two heartbeats; more means that one was set. */
    private static final long CLOCK_TOLERANCE_MILLIS = 5_000;

    private final Journal journal;
    private final Worker worker;
    private final String target;
    private final long interval;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private volatile long ranBefore;
    private volatile Heartbeat heartbeat = Heartbeat.now(0);

    private record Held(RowId row, long owner) {
        static Held of(HeldRow row) {
            return new Held(row.id(), row.owner());
        }
    }

    /** A heartbeat of the worker of this id, by this process's clocks. */
    private record Heartbeat(long id, long nanos, long wall) {
        static Heartbeat now(long id) {
            return new Heartbeat(id, System.nanoTime(), System.currentTimeMillis());
        }

        Heartbeat withId(long otherId) {
            return new Heartbeat(otherId, nanos, wall);
        }

        long millisAgo() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
        }

        /** Not every system's {@code nanoTime} counts a machine that is suspended. */
        boolean isRecent() {
            return Math.max(millisAgo(), System.currentTimeMillis() - wall) < CALL_WITHIN_MILLIS;
        }
    }

    private JournalLease(Journal journal, Worker worker, Duration queryInterval) {
        this.journal = journal;
        this.worker = worker;
        this.target = worker.target().key();
        this.interval = queryInterval.toMillis();
    }

    static Lease take(Journal journal, Worker worker, Duration queryInterval) {
        JournalLease lease = new JournalLease(journal, worker, queryInterval);
        Heartbeat begun = Heartbeat.now(0);
        lease.heartbeat = begun.withId(Journal.join(journal.write(lease::begin)));
        return lease;
    }

    private long begin(Sql sql) throws SQLException {
        RunTimes times = new RunTimes(sql);
        ranBefore = times.lock(target);
        times.save(target, ranBefore);
        resetFutureTimestamps(sql);
        new Orders(sql).resetFutureTimestamps(interval);
        long id = new Workers(sql).insert(worker);
        // On PostgreSQL no lease expires now: the clock may just have jumped, and the workers that
        // are alive will renew within seconds.
        takeOver(sql, id, journal.isExclusive() ? null : Long.valueOf(NEVER_EXPIRES));
        return id;
    }

    @Override
    public long ranBefore() {
        return ranBefore;
    }

    @Override
    public long renew(long ran) {
        Heartbeat last = heartbeat;
        Heartbeat begun = Heartbeat.now(last.id());
        record Renewal(long id, long ran) {}
        Renewal renewal = Journal.join(journal.write(sql -> {
            RunTimes times = new RunTimes(sql);
            Workers workers = new Workers(sql);
            long longest = Math.max(ran, times.lock(target));
            resetFutureTimestamps(sql);
            Long since = workers.sinceRenewed(last.id());
            long ahead = since == null ? 0 : since - last.millisAgo();
            if (since != null && ahead > CLOCK_TOLERANCE_MILLIS) {
                // The database's clock was set, or this machine was suspended. Neither means that
                // the other workers are gone.
                LOG.warn("The journal's clock went ahead by {} s more than this process's own", ahead / 1_000);
                workers.clockJumped(ahead);
                new Batches(sql).clockJumped(ahead);
                since = workers.sinceRenewed(last.id());
            }
            boolean mine = journal.isExclusive() || (since != null && since <= EXPIRES_MILLIS);
            long id = mine ? last.id() : workers.insert(worker);
            workers.renew(id);
            times.save(target, longest);
            takeOver(sql, id, EXPIRES_MILLIS);
            return new Renewal(id, longest);
        }));
        if (renewal.id() != last.id()) {
            LOG.warn("This process could not renew its lease in time, so its orders may be others' now. It goes on"
                    + " under a new id.");
        }
        heartbeat = begun.withId(renewal.id());
        return renewal.ran();
    }

    /** Timestamps from before the clock was set back would be waited for so much longer. */
    private void resetFutureTimestamps(Sql sql) throws SQLException {
        new Recovery(sql, interval).resetFutureTimestamps(target);
        new Batches(sql).resetFutureTimestamps();
        new Workers(sql).resetFutureTimestamps();
    }

    /** @param expires null if all other workers are gone */
    private void takeOver(Sql sql, long self, @Nullable Long expires) throws SQLException {
        Recovery recovery = new Recovery(sql, interval);
        int taken = 0;
        for (OrphanedRow orphan : recovery.orphans(self, expires, worker.callTimeout())) {
            boolean own = orphan.row().owner() == self;
            if (!own || !held.contains(Held.of(orphan.row()))) {
                recovery.putBack(own || expires == null ? orphan.notInFlight() : orphan);
                taken += own ? 0 : 1;
            }
        }
        if (taken > 0) {
            LOG.info(
                    "{} orders were in flight in a process that ended, or could not renew its lease: they are asked"
                            + " about first",
                    taken);
        }
        new Workers(sql).deleteDead(self, expires);
        recovery.planAbandoned();
    }

    @Override
    public boolean allowsCall(HeldRow row) {
        Heartbeat last = heartbeat;
        return row.owner() == last.id() && last.isRecent();
    }

    @Override
    public boolean allowsClaim() {
        return heartbeat.isRecent();
    }

    @Override
    public Claim claim(List<BatchInfo> batches, int limit, long ran) {
        Claimant claimant = new Claimant(heartbeat.id(), ran);
        List<Held> attempt = new ArrayList<>();
        return Journal.join(journal.write(sql -> {
            // If this is repeated, the earlier claim failed, or the next heartbeat finds its rows.
            attempt.forEach(held::remove);
            attempt.clear();
            Claim claim = new OrderRows(sql, interval).claim(claimant, batches, limit);
            claim.rows().forEach(row -> attempt.add(Held.of(row)));
            // Before the commit: after it, a heartbeat would take unknown rows for orphans.
            held.addAll(attempt);
            return claim;
        }));
    }

    @Override
    public CompletableFuture<Boolean> save(Save save) {
        boolean staysHeld = save.result() == null && save.delay() == null;
        Held row = Held.of(save.row());
        // Not when the future completes: the row may have been claimed again by then.
        return journal.save(save, interval, staysHeld ? () -> {} : () -> held.remove(row));
    }

    @Override
    public boolean anyCanGoOn(List<BatchInfo> batches) {
        return journal.read(sql -> new OrderRows(sql, interval).anyCanGoOn(batches));
    }

    @Override
    public List<String> heldElsewhere(List<BatchInfo> batches) {
        return journal.read(sql -> new OrderRows(sql, interval).heldElsewhere(batches));
    }

    @Override
    public List<String> heldBySilentWorkers(List<BatchInfo> batches) {
        return journal.read(sql -> new Recovery(sql, interval).heldBySilentWorkers(batches, SILENT_MILLIS));
    }

    @Override
    public void close() {
        Journal.join(journal.write(sql -> {
            Recovery recovery = new Recovery(sql, interval);
            long self = heartbeat.id();
            for (OrphanedRow orphan : recovery.orphans(self, NEVER_EXPIRES, worker.callTimeout())) {
                if (orphan.row().owner() == self) {
                    recovery.putBack(orphan.notInFlight());
                }
            }
            new Workers(sql).delete(self);
            recovery.planAbandoned();
            return true;
        }));
    }
}
