/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Claim;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Lease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims rows that are due and hands them to threads, as many as calls may be in flight and a few more, so that no call waits for the
 * journal. Between claims it waits until a row is due or something was saved.
 */
final class ClaimLoop {

    private static final Duration RECHECK_AFTER = Duration.ofSeconds(1);
    private static final Duration WAIT_AT_LEAST = Duration.ofMillis(20);
    private static final Duration BATCHES_KNOWN = Duration.ofMillis(200);

    private final Lease lease;
    private final Supplier<List<BatchInfo>> openBatches;
    private final Executor threads;
    private final RowWorker rowWorker;
    private final PauseControl pause;
    private final RunTime runTime;
    private final RunState state;
    private final WakeUp wakeUp;
    private final LongSupplier nanoTime;
    private final Consumer<List<BatchInfo>> onIdle;
    private final int parallel;
    private final int prefetch;
    private final AtomicInteger claimed = new AtomicInteger();
    private List<BatchInfo> batches = List.of();
    private @Nullable Long batchesKnownAt;

    /**
     * @param openBatches those whose rows may be worked on, oldest first
     * @param onIdle is told of them when nothing is under way and nothing can be begun
     */
    ClaimLoop(
            Lease lease,
            Supplier<List<BatchInfo>> openBatches,
            Executor threads,
            RowWorker rowWorker,
            PauseControl pause,
            RunTime runTime,
            RunState state,
            WakeUp wakeUp,
            LongSupplier nanoTime,
            int parallel,
            Consumer<List<BatchInfo>> onIdle) {
        this.lease = lease;
        this.openBatches = openBatches;
        this.threads = threads;
        this.rowWorker = rowWorker;
        this.pause = pause;
        this.runTime = runTime;
        this.state = state;
        this.wakeUp = wakeUp;
        this.nanoTime = nanoTime;
        this.parallel = parallel;
        this.prefetch = Math.max(1, parallel / 4);
        this.onIdle = onIdle;
    }

    /** Until the worker stops. */
    void run() {
        try {
            while (state.isRunning()) {
                wakeUp.await(step());
            }
        } catch (InterruptedException e) {
            state.stop("interrupted");
        } catch (JournalException e) {
            state.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            state.failUnexpectedly(e);
        }
    }

    /** Begins what can be begun now; returns how long to wait before the next time, unless woken. */
    Duration step() {
        pause.check();
        int free = allowed();
        return free == 0 ? RECHECK_AFTER : claim(free);
    }

    /** How many rows may be claimed now. */
    private int allowed() {
        if (!state.isRunning() || !lease.allowsClaim()) {
            return 0;
        }
        if (pause.isPaused()) {
            return pause.mayProbe() && isIdle() ? 1 : 0;
        }
        int free = parallel + prefetch - claimed.get();
        return free * 2 > prefetch ? free : 0;
    }

    private boolean isIdle() {
        return claimed.get() == 0 && rowWorker.unsaved() == 0;
    }

    private Duration claim(int free) {
        // Looked at first: while nothing is under way, what the claim says of the rows stays true.
        boolean idle = isIdle();
        boolean probe = pause.isPaused();
        Claim claim = lease.claim(openBatches(), free, runTime.millis());
        if (!claim.rows().isEmpty()) {
            pause.probes();
        }
        for (HeldRow row : claim.rows()) {
            claimed.incrementAndGet();
            threads.execute(() -> work(row, probe));
        }
        Duration next = claim.nextIn();
        if (idle && claim.rows().isEmpty()) {
            if (rowWorker.withholds() && !lease.anyCanGoOn(batches)) {
                // Nothing is left that could bring a good reply.
                rowWorker.releaseWithheld();
            }
            onIdle.accept(batches);
        }
        Duration wait = next == null || next.compareTo(RECHECK_AFTER) > 0 ? RECHECK_AFTER : next;
        // What is due and was not there to take is another worker's at this moment.
        return claim.rows().isEmpty() && wait.compareTo(WAIT_AT_LEAST) < 0 ? WAIT_AT_LEAST : wait;
    }

    private List<BatchInfo> openBatches() {
        long now = nanoTime.getAsLong();
        if (batchesKnownAt == null || now - batchesKnownAt > BATCHES_KNOWN.toNanos()) {
            batchesKnownAt = now;
            batches = openBatches.get();
        }
        return batches;
    }

    private void work(HeldRow row, boolean probe) {
        try {
            if (pause.isPaused() && !probe) {
                // It was claimed before the pause began.
                rowWorker.putBack(row);
            } else {
                rowWorker.work(row);
            }
        } catch (JournalException e) {
            state.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            state.failUnexpectedly(e);
        } finally {
            claimed.decrementAndGet();
            wakeUp.wake();
        }
    }
}
