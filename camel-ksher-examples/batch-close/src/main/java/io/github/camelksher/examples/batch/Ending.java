/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a run ends: on request, by itself, or by an error of this program in any of its threads. And that it ends: what hangs is
 * given up after a while.
 */
final class Ending implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    /** Longer than a call may take, so that those in flight are finished. */
    private static final long LONGEST_CALL_SECONDS = 75;
    /** After an error, from the end of the calls in flight. */
    private static final long GRACE_SECONDS = 15;

    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int FRAMES = 12;

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> error = new AtomicReference<>();
    private final AtomicBoolean limited = new AtomicBoolean();
    private final Thread onSignal = new Thread(this::stopOnSignal, "batch-close-stop");
    private final Thread.@Nullable UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    private volatile Runnable atSignal = () -> {};
    private volatile IntSupplier inFlight = () -> 0;
    private volatile int exit = BatchClose.UNFINISHED;

    Ending() {
        Runtime.getRuntime().addShutdownHook(onSignal);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> fail(e));
    }

    /** How many calls there are whose end is worth waiting for. */
    void awaits(IntSupplier calls) {
        inFlight = calls;
    }

    /** What is to be done at once when a signal ends it. */
    void onSignal(Runnable stop) {
        atSignal = stop;
    }

    /** Whether it is to end: for whoever works until then. */
    boolean isWanted() {
        return wanted.getCount() == 0;
    }

    /** Waits for so long, or until it is to end. */
    boolean awaitWanted(long millis) throws InterruptedException {
        return wanted.await(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Ends the run: something happened in the current thread that should never happen. The first one counts, and none once the run is
     * being stopped: libraries complain of that.
     */
    void fail(Throwable e) {
        // Only its kind: what it says may quote anything.
        if (!limited.get() && error.compareAndSet(null, e.getClass().getName())) {
            wanted.countDown();
            limit();
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

    /** The kind of an error of this program; null if there was none. */
    @Nullable
    String error() {
        return error.get();
    }

    /** Sets the exit code, unless an error decides it. */
    int exit(int code) {
        exit = error() == null ? code : BatchClose.UNFINISHED;
        return exit;
    }

    /** From here on it ends within a time, whatever hangs. */
    void limit() {
        if (!limited.getAndSet(true)) {
            Thread thread = new Thread(this::enforce, "batch-close-limit");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void enforce() {
        try {
            long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_CALL_SECONDS);
            while ((error() == null || calls() > 0) && System.nanoTime() < latest) {
                if (over.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            if (!over.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "Something hangs: ended by force. Run the same again: every order in flight is asked about.");
                Runtime.getRuntime().halt(exit(exit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int calls() {
        try {
            return inFlight.getAsInt();
        } catch (RuntimeException e) {
            // It is stopped already.
            return 0;
        }
    }

    /** Ctrl-C or SIGTERM: what is in flight is finished first, and the exit code is ours. */
    private void stopOnSignal() {
        wanted.countDown();
        try {
            atSignal.run();
        } catch (RuntimeException e) {
            // It is stopped already.
        }
        try {
            if (over.await(LONGEST_CALL_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exit(exit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.err.println("Stopped before everything in flight was written down."
                + " Run the same again to go on: every order in flight is asked about first.");
        Runtime.getRuntime().halt(BatchClose.UNFINISHED);
    }

    /** All is stopped. */
    @Override
    public void close() {
        over.countDown();
        Thread.setDefaultUncaughtExceptionHandler(before);
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // The hook is running: it was the one that ended this.
        }
    }
}
