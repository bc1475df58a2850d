/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.run.Observer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a run ends: on request, by itself, or by an error of this program in any of its threads. If
 * something hangs then, the process is ended by force after a while.
 */
final class Ending implements Observer, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    /** Longer than a call may take, so that those in flight are finished. */
    static final long LONGEST_CALL_SECONDS = 75;
    /** After an error, from the end of the calls in flight. */
    static final long GRACE_SECONDS = 15;

    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private static final int FRAMES = 12;

    private final CompletableFuture<Void> wanted = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> error = new AtomicReference<>();
    private final AtomicBoolean limited = new AtomicBoolean();
    private final Thread onSignal = new Thread(this::stopOnSignal, "batch-close-stop");
    private final Thread.@Nullable UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    private volatile IntSupplier inFlight = () -> 0;
    private volatile ExitCode exit = ExitCode.UNFINISHED;

    Ending() {
        Runtime.getRuntime().addShutdownHook(onSignal);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> fail(e));
    }

    /** Sets what tells how many calls are in flight: after an error, their ends are waited for. */
    void callsInFlight(IntSupplier calls) {
        inFlight = calls;
    }

    /**
     * Runs this at once when a signal or an error is to end the run. Its own failure is ignored.
     */
    void whenWanted(Runnable stop) {
        var unused = wanted.thenRun(stop);
    }

    /** Whether the run is to end. */
    boolean isWanted() {
        return wanted.isDone();
    }

    /** Waits for so long, or until the run is to end, which is returned. */
    boolean awaitWanted(long millis) {
        try {
            wanted.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /**
     * Ends the run because of an error in the current thread. The first one counts, and none once
     * the run is being stopped: libraries complain of that.
     */
    void fail(Throwable e) {
        // Only its class: its message may quote personal data.
        if (!limited.get() && error.compareAndSet(null, e.getClass().getName())) {
            // First the limit: what stops the run may hang.
            limit();
            wanted.complete(null);
            LOG.error(
                    "An error of this program in {}, please report it: {} at {}",
                    Thread.currentThread().getName(),
                    e.getClass().getName(),
                    Arrays.stream(e.getStackTrace())
                            .limit(FRAMES)
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining(" < ")));
        }
    }

    /** The class of an error of this program; null if there was none. */
    @Nullable
    String error() {
        return error.get();
    }

    /** Sets the exit code, unless an error decides it. */
    ExitCode exit(ExitCode code) {
        exit = error() == null ? code : ExitCode.UNFINISHED;
        return exit;
    }

    /** From here on the run ends within a time, whatever hangs. */
    void limit() {
        if (!limited.getAndSet(true)) {
            Thread thread = new Thread(this::enforceLimit, "batch-close-limit");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void enforceLimit() {
        try {
            if (error() == null) {
                over.await(LONGEST_CALL_SECONDS, TimeUnit.SECONDS);
            } else {
                awaitCalls();
            }
            if (!over.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "Something hangs: ended by force. Run the same again: every order in flight is asked about.");
                halt(exit(exit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitCalls() throws InterruptedException {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_CALL_SECONDS);
        while (calls() > 0 && over.getCount() > 0 && System.nanoTime() < latest) {
            // No longer: of a call that ended with an error, nobody tells.
            wait(LOOK_AGAIN_MILLIS);
        }
    }

    /** A call has ended, perhaps the last one that was in flight. */
    @Override
    public synchronized void called(String operation, Event event, long nanos) {
        notifyAll();
    }

    private int calls() {
        try {
            return inFlight.getAsInt();
        } catch (RuntimeException e) {
            // The batch is stopped already.
            return 0;
        }
    }

    /** Ctrl-C or SIGTERM: finishes what is in flight first, and ends with an exit code of ours. */
    private void stopOnSignal() {
        wanted.complete(null);
        try {
            if (over.await(LONGEST_CALL_SECONDS, TimeUnit.SECONDS)) {
                halt(exit(exit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.err.println("Stopped before everything in flight was written down."
                + " Run the same again to go on: every order in flight is asked about first.");
        halt(ExitCode.UNFINISHED);
    }

    private static void halt(ExitCode code) {
        Runtime.getRuntime().halt(code.number());
    }

    /** Everything is stopped. */
    @Override
    public synchronized void close() {
        over.countDown();
        notifyAll();
        Thread.setDefaultUncaughtExceptionHandler(before);
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // The hook is running: it was the one that ended this.
        }
    }
}
