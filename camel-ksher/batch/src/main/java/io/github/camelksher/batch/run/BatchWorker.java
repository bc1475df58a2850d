/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the orders of all open batches of one target through their lives, until it is stopped. A thread is a call in flight; waiting
 * orders lie in the journal.
 */
public final class BatchWorker {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
    private static final Duration UNSAVED_AT_MOST = Duration.ofSeconds(30);
    private static final Duration PATIENCE_WHEN_STOPPED = Duration.ofSeconds(5);
    private static final Duration RECHECK_AFTER = Duration.ofSeconds(10);
    private static final Duration WARN_AGAIN_AFTER = Duration.ofMinutes(1);

    private final Journal journal;
    private final Lease lease;
    private final WakeUp wakeUp = new WakeUp();
    private final RunState state = new RunState(wakeUp);
    private final RunTime runTime;
    private final LastFailure lastFailure;
    private final PauseControl pause;
    private final RowWorker rowWorker;
    private final ExecutorService threads;
    private final Thread claimLoop;
    private final ScheduledExecutorService heartbeat =
            Executors.newSingleThreadScheduledExecutor(daemon("ksher-batch-lease"));
    private volatile @Nullable String heldElsewhere;
    /** When the heartbeat began that is not answered yet. */
    private volatile @Nullable Long renewingSince;

    private long lookedAt = System.nanoTime() - RECHECK_AFTER.toNanos();
    private long saidHeldAt = System.nanoTime() - WARN_AGAIN_AFTER.toNanos();

    public BatchWorker(Journal journal, Lease lease, Target target, Calls calls, Pace pace, Observer observer) {
        LongSupplier nanoTime = System::nanoTime;
        this.journal = journal;
        this.lease = lease;
        this.runTime = new RunTime(lease.ranBefore(), nanoTime);
        this.lastFailure = new LastFailure(nanoTime);
        this.pause = new PauseControl(new CircuitBreaker(nanoTime), lastFailure, runTime, state, pace, nanoTime);
        this.rowWorker = new RowWorker(lease, calls, pace, observer, state, pause, runTime, wakeUp, nanoTime);
        this.threads = Executors.newFixedThreadPool(pace.parallel(), daemon("ksher-batch-call"));
        ClaimLoop loop = new ClaimLoop(
                lease,
                () -> journal.unfinished(target).stream()
                        .filter(batch -> batch.state() == BatchInfo.State.OPEN)
                        .toList(),
                threads,
                rowWorker,
                pause,
                runTime,
                state,
                wakeUp,
                nanoTime,
                pace.parallel(),
                this::sayWhatIsHeldElsewhere);
        this.claimLoop = new Thread(loop::run, "ksher-batch");
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
        claimLoop.setDaemon(true);
        claimLoop.start();
        long every = Lease.RENEW_EVERY.toMillis();
        var unused = heartbeat.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    private void renew() {
        renewingSince = System.nanoTime();
        try {
            runTime.atLeast(lease.renew(runTime.millis()));
        } catch (JournalException e) {
            state.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            state.failUnexpectedly(e);
        } finally {
            renewingSince = null;
        }
    }

    /** There may be something to do. */
    public void wake() {
        wakeUp.wake();
    }

    /** Takes no more orders; calls in flight are finished. */
    public void stop(String why) {
        state.stop(why);
        // What is in flight is still to be written, but not waited for without end.
        journal.setPatience(PATIENCE_WHEN_STOPPED);
    }

    /** Stops because something is wrong. */
    public void fail(String why) {
        state.fail(why);
    }

    /** Stops because of a mistake of the program. */
    public void fail(Throwable mistake) {
        state.failUnexpectedly(mistake);
    }

    /** Why it was stopped; null if it was not. */
    public @Nullable String stopped() {
        return state.stopped();
    }

    /** Completed, with the reason, when it stops; after that {@link #stopped} tells it too. */
    public CompletionStage<String> whenStopped() {
        return state.whenStopped();
    }

    /** Whether it stopped by itself, because something is wrong. */
    public boolean hasFailed() {
        return state.hasFailed();
    }

    /** Whether it stopped because Ksher does not let us in, or what answers cannot be trusted. */
    public boolean settingsAreWrong() {
        return state.settingsAreWrong();
    }

    /** Whether it waits for Ksher. */
    public boolean isPaused() {
        return pause.isPaused();
    }

    /** Why nothing goes on, or not as it should: the journal's outage, or the last failure of a call; null if all is well. */
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

    /** Calls in flight. */
    public int inFlight() {
        return rowWorker.inFlight();
    }

    /** When nothing is under way and nothing can be begun: told, once a minute, if another address is the reason. */
    private void sayWhatIsHeldElsewhere(List<BatchInfo> batches) {
        long now = System.nanoTime();
        if (now - lookedAt < RECHECK_AFTER.toNanos()) {
            return;
        }
        lookedAt = now;
        List<String> holders = lease.heldElsewhere(batches);
        List<String> silent = batches.isEmpty() ? List.of() : lease.heldBySilentWorkers(batches);
        heldElsewhere = holders.isEmpty()
                ? silent.isEmpty() ? null : String.join("; ", silent)
                : "orders wait for a batch that began them at another address: " + String.join(", ", holders)
                        + "; run that one to its end, with the address it has";
        if (heldElsewhere != null && now - saidHeldAt >= WARN_AGAIN_AFTER.toNanos()) {
            saidHeldAt = now;
            LOG.warn("Nothing goes on: {}", heldElsewhere);
        }
    }

    /** Waits until it was stopped and every call in flight has ended and is in the journal; then gives the lease back. */
    public void awaitEnd() {
        journal.setPatience(PATIENCE_WHEN_STOPPED);
        boolean interrupted = join(claimLoop);
        threads.shutdown();
        interrupted |= await(threads);
        heartbeat.shutdownNow();
        interrupted |= await(heartbeat);
        try {
            rowWorker.putBackWithheld();
            awaitSaved();
            lease.close();
        } catch (JournalException e) {
            LOG.warn("What was in flight is asked about by the next run: {}", e.getMessage());
        } catch (RuntimeException e) {
            state.failUnexpectedly(e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
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
            wakeUp.await(Duration.ofMillis(100));
        }
    }
}
