/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Claim;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Lease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Claims rows that are due and hands them to threads. It claims a few more rows than calls may be
 * in flight, so that no thread waits for the journal. Between claims it waits until a row is due or
 * was saved.
 */
final class ClaimLoop {

    private static final Duration RECHECK_AFTER = Duration.ofSeconds(1);
    private static final Duration WAIT_AT_LEAST = Duration.ofMillis(20);
    private static final Duration BATCHES_KNOWN = Duration.ofMillis(200);

    private final RunContext run;
    private final Lease lease;
    private final Supplier<List<BatchInfo>> openBatches;
    private final Executor threads;
    private final RowWorker rowWorker;
    private final PauseControl pause;
    private final Consumer<List<BatchInfo>> onIdle;
    private final int parallel;
    private final int prefetch;
    private final AtomicInteger claimed = new AtomicInteger();
    private List<BatchInfo> batches = List.of();
    private @Nullable Long batchesKnownAt;

    /**
     * @param openBatches those whose rows may be worked on, oldest first
     * @param onIdle gets the open batches when no row is claimed and none can be
     */
    ClaimLoop(
            RunContext run,
            Lease lease,
            Supplier<List<BatchInfo>> openBatches,
            Executor threads,
            RowWorker rowWorker,
            PauseControl pause,
            int parallel,
            Consumer<List<BatchInfo>> onIdle) {
        this.run = run;
        this.lease = lease;
        this.openBatches = openBatches;
        this.threads = threads;
        this.rowWorker = rowWorker;
        this.pause = pause;
        this.parallel = parallel;
        this.prefetch = Math.max(1, parallel / 4);
        this.onIdle = onIdle;
    }

    void run() {
        try {
            while (run.state().isRunning()) {
                run.wakeUp().await(step());
            }
        } catch (InterruptedException e) {
            run.state().stop("interrupted");
        } catch (RuntimeException | Error e) {
            run.state().fail(e);
        }
    }

    /** Claims what can be claimed now; returns how long to wait unless woken. */
    Duration step() {
        pause.check();
        int free = allowed();
        return free == 0 ? RECHECK_AFTER : claim(free);
    }

    private int allowed() {
        if (!run.state().isRunning() || !lease.allowsClaim()) {
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
        // Before the claim: only while no row is in flight does its answer stay true.
        boolean idle = isIdle();
        boolean probe = pause.isPaused();
        Claim claim = lease.claim(openBatches(), free, run.time().millis());
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
                // No row is left that could bring a good reply.
                rowWorker.releaseWithheld();
            }
            onIdle.accept(batches);
        }
        Duration wait = next == null || next.compareTo(RECHECK_AFTER) > 0 ? RECHECK_AFTER : next;
        // A row that is due and was not claimed is locked by another worker.
        return claim.rows().isEmpty() && wait.compareTo(WAIT_AT_LEAST) < 0 ? WAIT_AT_LEAST : wait;
    }

    private List<BatchInfo> openBatches() {
        long now = run.nanos();
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
        } catch (RuntimeException | Error e) {
            run.state().fail(e);
        } finally {
            claimed.decrementAndGet();
            run.wakeUp().wake();
        }
    }
}
