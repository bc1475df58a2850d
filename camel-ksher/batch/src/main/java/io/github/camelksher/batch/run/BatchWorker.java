/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on the orders of all open batches of one target until it is stopped. Each thread makes one
 * call at a time; orders that wait hold no thread.
 */
public final class BatchWorker {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
    private static final Duration UNSAVED_AT_MOST = Duration.ofSeconds(30);
    private static final Duration PATIENCE_WHEN_STOPPED = Duration.ofSeconds(5);
    private static final Duration RECHECK_AFTER = Duration.ofSeconds(10);
    private static final Duration WARN_AGAIN_AFTER = Duration.ofMinutes(1);

    private final Journal journal;
    private final Lease lease;
    private final RunContext run;
    private final LastFailure lastFailure;
    private final PauseControl pause;
    private final RowWorker rowWorker;
    private final ExecutorService threads;
    private final ClaimLoop claimLoop;
    private volatile CompletableFuture<@Nullable Void> claimLoopEnded = CompletableFuture.completedFuture(null);
    private final ScheduledExecutorService heartbeat =
            Executors.newSingleThreadScheduledExecutor(daemon("ksher-batch-lease"));
    private volatile @Nullable String heldElsewhere;
    /** When the heartbeat in progress began; null while there is none. */
    private volatile @Nullable Long renewingSince;

    private long checkedAt = System.nanoTime() - RECHECK_AFTER.toNanos();
    private long warnedAt = System.nanoTime() - WARN_AGAIN_AFTER.toNanos();

    public BatchWorker(Journal journal, Lease lease, Target target, Calls calls, Pace pace, Observer observer) {
        this.journal = journal;
        this.lease = lease;
        this.run = RunContext.begin(lease.ranBefore(), System::nanoTime);
        this.lastFailure = new LastFailure(run.clock());
        this.pause = new PauseControl(run, new CircuitBreaker(run.clock()), lastFailure, pace);
        this.rowWorker = new RowWorker(run, lease, calls, pace, observer, pause);
        this.threads = Executors.newFixedThreadPool(pace.parallel(), daemon("ksher-batch-call"));
        this.claimLoop = new ClaimLoop(
                run,
                lease,
                () -> journal.unfinished(target).stream()
                        .filter(batch -> batch.state() == BatchInfo.State.OPEN)
                        .toList(),
                threads,
                rowWorker,
                pause,
                pace.parallel(),
                this::warnOfRowsHeldElsewhere);
    }

    private static ThreadFactory daemon(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    public void start() {
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        claimLoopEnded = ended;
        // Not by runAsync, which would keep an error from the handler of uncaught ones.
        Thread thread = new Thread(
                () -> {
                    try {
                        claimLoop.run();
                    } finally {
                        ended.complete(null);
                    }
                },
                "ksher-batch");
        thread.setDaemon(true);
        thread.start();
        long every = Lease.RENEW_EVERY.toMillis();
        var unused = heartbeat.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    private void renew() {
        renewingSince = System.nanoTime();
        try {
            run.time().atLeast(lease.renew(run.time().millis()));
        } catch (RuntimeException | Error e) {
            run.state().fail(e);
        } finally {
            renewingSince = null;
        }
    }

    public void wake() {
        run.wakeUp().wake();
    }

    /** Takes no more orders; calls in flight are finished. */
    public void stop(String why) {
        run.state().stop(why);
        // The ends of calls in flight are still written, but not if the journal stays away.
        journal.setPatience(PATIENCE_WHEN_STOPPED);
    }

    /** Stops because something is wrong. */
    public void fail(String why) {
        run.state().fail(why);
    }

    /** Stops because of the journal, or of a program error. */
    public void fail(Throwable mistake) {
        run.state().fail(mistake);
    }

    /** Why it was stopped; null if it was not. */
    public @Nullable String stopped() {
        return run.state().stopped();
    }

    /**
     * Completed, with the reason, when it stops; after that {@link #stopped} tells it too. What runs
     * then must not block: it may be in a thread of this worker.
     */
    public CompletionStage<String> whenStopped() {
        return run.state().whenStopped();
    }

    /** Whether it stopped because something is wrong. */
    public boolean hasFailed() {
        return run.state().hasFailed();
    }

    /** Whether it stopped because app-id, key or address is wrong. */
    public boolean settingsAreWrong() {
        return run.state().settingsAreWrong();
    }

    /** Whether the circuit breaker is open. */
    public boolean isPaused() {
        return pause.isPaused();
    }

    /** Why orders are not worked on: the journal's outage or the last failed call; or null. */
    public @Nullable String trouble() {
        String outage = journal.outage();
        if (outage != null) {
            return "the journal cannot be used (" + outage + ")";
        }
        Long since = renewingSince;
        long silent = since == null ? 0 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        if (silent >= RECHECK_AFTER.toSeconds()) {
            return "the journal has not answered for " + silent + " s";
        }
        String failure = lastFailure.reason();
        return failure != null ? failure : heldElsewhere;
    }

    public int inFlight() {
        return rowWorker.inFlight();
    }

    /** Warns once a minute if another worker or target holds the orders. */
    private void warnOfRowsHeldElsewhere(List<BatchInfo> batches) {
        long now = System.nanoTime();
        if (now - checkedAt < RECHECK_AFTER.toNanos()) {
            return;
        }
        checkedAt = now;
        List<String> holders = lease.heldElsewhere(batches);
        List<String> silent = batches.isEmpty() ? List.of() : lease.heldBySilentWorkers(batches);
        heldElsewhere = holders.isEmpty()
                ? silent.isEmpty() ? null : String.join("; ", silent)
                : "orders wait for a batch that began them at another address: " + String.join(", ", holders)
                        + "; run that one to its end, with the address it has";
        if (heldElsewhere != null && now - warnedAt >= WARN_AGAIN_AFTER.toNanos()) {
            warnedAt = now;
            LOG.warn("Nothing goes on: {}", heldElsewhere);
        }
    }

    /** Waits until the worker was stopped and all ends are saved; then gives the lease up. */
    public void awaitEnd() {
        journal.setPatience(PATIENCE_WHEN_STOPPED);
        // Does not end early if this thread is interrupted.
        claimLoopEnded.join();
        threads.shutdown();
        boolean interrupted = await(threads);
        heartbeat.shutdownNow();
        interrupted |= await(heartbeat);
        try {
            rowWorker.putBackWithheld();
            awaitSaved();
            lease.close();
        } catch (JournalException e) {
            LOG.warn("The next run queries the orders that were in flight first: {}", e.getMessage());
        } catch (RuntimeException e) {
            run.state().fail(e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(ExecutorService executor) {
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    private void awaitSaved() throws InterruptedException {
        long end = System.nanoTime() + UNSAVED_AT_MOST.toNanos();
        while (rowWorker.unsaved() > 0 && System.nanoTime() < end) {
            run.wakeUp().await(Duration.ofMillis(100));
        }
    }
}
