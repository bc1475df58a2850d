/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.journal.Orders.RowId;
import io.github.camelksher.batch.journal.Recovery.Stray;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.OrderLife.Phase;
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
 * The lease in the journal. On PostgreSQL it is a heartbeat; on H2 the lock on the file is enough. Its id is the fencing token: each
 * write of a row is conditional on it. Whoever looks takes over the rows of workers that are not there or have not renewed: early,
 * but their orders are asked late, when no call of theirs can be under way any more.
 */
final class JournalLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final long EXPIRES_MILLIS = 30_000;
    private static final long SILENT_MILLIS = 10_000;
    static final long CALL_WITHIN_MILLIS = 20_000;
    /** The clock and this process's own may differ by so much from one heartbeat to the next without having been set. */
    private static final long CLOCK_TOLERANCE_MILLIS = 5_000;

    private static final Facts NOT_SEEN = Facts.of("the process that sent it was stopped before the answer");

    private final Journal journal;
    private final String target;
    private final String name;
    private final long interval;
    private final long callTimeout;
    private final Set<Held> inHand = ConcurrentHashMap.newKeySet();
    private volatile long ranBefore;
    private volatile Beat beat;

    private record Held(RowId row, long owner) {

        static Held of(HeldRow row) {
            return new Held(row.id(), row.owner());
        }
    }

    /** A heartbeat: under which id, and when, by this process's own clocks. */
    private record Beat(long worker, long nanos, long wall) {

        static Beat now(long worker) {
            return new Beat(worker, System.nanoTime(), System.currentTimeMillis());
        }

        long millisAgo() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
        }

        /** Not every system's {@code nanoTime} counts a machine that is suspended. */
        boolean isFresh() {
            return Math.max(millisAgo(), System.currentTimeMillis() - wall) < CALL_WITHIN_MILLIS;
        }
    }

    private JournalLease(Journal journal, Target target, String name, Duration queryInterval, Duration callTimeout) {
        this.journal = journal;
        this.target = target.key();
        this.name = name;
        this.interval = queryInterval.toMillis();
        this.callTimeout = callTimeout.toMillis();
        this.beat = Beat.now(0);
    }

    static Lease take(Journal journal, Target target, String name, Duration queryInterval, Duration callTimeout) {
        JournalLease lease = new JournalLease(journal, target, name, queryInterval, callTimeout);
        Beat begun = Beat.now(0);
        long worker = Journal.join(journal.write(lease::begin));
        lease.beat = new Beat(worker, begun.nanos(), begun.wall());
        return lease;
    }

    private long begin(Sql sql) throws SQLException {
        RunTimes times = new RunTimes(sql);
        ranBefore = times.lock(target);
        times.tick(target, ranBefore);
        takeBackStampsAhead(sql);
        new Orders(sql).takeBackStampsAhead(interval);
        long id = new Workers(sql).insert(name, target, callTimeout);
        // On PostgreSQL no heartbeat is judged yet: the clock may just have jumped, and those that are alive say so
        // soon.
        takeOver(sql, id, journal.isExclusive() ? null : Long.valueOf(Long.MAX_VALUE / 4));
        return id;
    }

    @Override
    public long ranBefore() {
        return ranBefore;
    }

    @Override
    public long renew(long ran) {
        Beat last = beat;
        Beat begun = Beat.now(last.worker());
        record Renewal(long worker, long ran) {}
        Renewal renewal = Journal.join(journal.write(sql -> {
            RunTimes times = new RunTimes(sql);
            Workers workers = new Workers(sql);
            long longest = Math.max(ran, times.lock(target));
            takeBackStampsAhead(sql);
            Long since = workers.sinceRenewed(last.worker());
            long ahead = since == null ? 0 : since - last.millisAgo();
            if (since != null && ahead > CLOCK_TOLERANCE_MILLIS) {
                // The database's clock was set, or this machine was suspended: in neither case are the others dead for
                // it.
                LOG.warn("The journal's clock went ahead by {} s more than this process's own", ahead / 1_000);
                workers.clockJumped(ahead);
                new Batches(sql).clockJumped(ahead);
                since = workers.sinceRenewed(last.worker());
            }
            boolean mine = journal.isExclusive() || (since != null && since <= EXPIRES_MILLIS);
            long id = mine ? last.worker() : workers.insert(name, target, callTimeout);
            workers.renew(id);
            times.tick(target, longest);
            takeOver(sql, id, EXPIRES_MILLIS);
            return new Renewal(id, longest);
        }));
        if (renewal.worker() != last.worker()) {
            LOG.warn(
                    "This process could not renew its lease in time, so its orders may be others' now. It goes on under a new id.");
        }
        beat = new Beat(renewal.worker(), begun.nanos(), begun.wall());
        return renewal.ran();
    }

    /** What was stamped before the clock was set back is not waited for so much longer. */
    private void takeBackStampsAhead(Sql sql) throws SQLException {
        new Recovery(sql, interval).takeBackStampsAhead(target);
        new Batches(sql).takeBackStampsAhead();
        new Workers(sql).takeBackStampsAhead();
    }

    /** @param expires null if all other workers are dead */
    private void takeOver(Sql sql, long looker, @Nullable Long expires) throws SQLException {
        Recovery recovery = new Recovery(sql, interval);
        int taken = 0;
        for (Stray stray : recovery.strays(looker, expires, callTimeout)) {
            boolean own = stray.row().owner() == looker;
            if (!own || !inHand.contains(Held.of(stray.row()))) {
                putBack(recovery, stray.row(), own || expires == null ? 0 : stray.askedForMillis());
                taken += own ? 0 : 1;
            }
        }
        if (taken > 0) {
            LOG.info(
                    "{} orders were in flight in a process that ended, or could not renew its lease: they are asked about first",
                    taken);
        }
        new Workers(sql).deleteDead(looker, expires);
        recovery.planAbandoned();
    }

    private static void putBack(Recovery recovery, HeldRow row, long askedFor) throws SQLException {
        boolean command = row.life().phase() == Phase.COMMANDING;
        OrderLife next = command
                ? row.life().after(new Event.NoAnswer(NOT_SEEN, Duration.ZERO)).life()
                : row.life();
        recovery.putBack(row.withLife(next), !command, askedFor);
    }

    @Override
    public boolean allowsCall(HeldRow row) {
        Beat last = beat;
        return row.owner() == last.worker() && last.isFresh();
    }

    @Override
    public boolean allowsClaim() {
        return beat.isFresh();
    }

    @Override
    public Claim claim(List<BatchInfo> batches, int limit, long ran) {
        long worker = beat.worker();
        List<Held> attempt = new ArrayList<>();
        return Journal.join(journal.write(sql -> {
            // If this is a repetition, what was claimed before was not, or is found by the next heartbeat.
            attempt.forEach(inHand::remove);
            attempt.clear();
            Claim claim = new OrderRows(sql, interval).claim(worker, batches, limit, ran);
            claim.rows().forEach(row -> attempt.add(Held.of(row)));
            // Before the commit: from then on a heartbeat may look at them.
            inHand.addAll(attempt);
            return claim;
        }));
    }

    @Override
    public CompletableFuture<Boolean> save(Save save) {
        boolean stays = save.verdict() == null && save.waits() == null;
        Held held = Held.of(save.row());
        // Not when its future completes: the row may have been claimed again by then.
        return journal.save(save, interval, stays ? () -> {} : () -> inHand.remove(held));
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
            long worker = beat.worker();
            for (Stray stray : recovery.strays(worker, Long.MAX_VALUE / 4, callTimeout)) {
                if (stray.row().owner() == worker) {
                    putBack(recovery, stray.row(), 0);
                }
            }
            new Workers(sql).delete(worker);
            recovery.planAbandoned();
            return true;
        }));
    }
}
