/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.JournalException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the worker goes on, and if not, why. Thread-safe. */
final class RunState {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
    /** A separate logger, so that a program that shows the reason itself can turn it off. */
    private static final Logger STOP = LoggerFactory.getLogger(BatchWorker.class.getName() + ".stop");

    private static final int FRAMES = 12;

    private final WakeUp wakeUp;
    private final CompletableFuture<String> whenStopped = new CompletableFuture<>();
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile boolean settingsWrong;

    RunState(WakeUp wakeUp) {
        this.wakeUp = wakeUp;
    }

    boolean isRunning() {
        return !whenStopped.isDone();
    }

    @Nullable
    String stopped() {
        return whenStopped.getNow(null);
    }

    CompletionStage<String> whenStopped() {
        return whenStopped.minimalCompletionStage();
    }

    boolean hasFailed() {
        return failed.get();
    }

    boolean settingsAreWrong() {
        return settingsWrong;
    }

    void stop(String why) {
        whenStopped.complete(why);
        wakeUp.wake();
    }

    void fail(String why) {
        boolean first = failed.compareAndSet(false, true);
        stop(why);
        // Last: without memory, a log can fail too, and must not keep the run going.
        if (first) {
            STOP.error("Stopping: {}", why);
        }
    }

    void failForSettings(String why) {
        settingsWrong = true;
        fail(why);
    }

    /** Stops because of the journal, or of a program error, so that no result is built on it. */
    void fail(Throwable error) {
        if (error instanceof JournalException) {
            fail(String.valueOf(error.getMessage()));
            return;
        }
        fail("an error of this program, please report it: " + error.getClass().getName());
        // Only its class and place: its message may quote any text.
        LOG.error(
                "An error of this program, please report it: {} at {}",
                error.getClass().getName(),
                Arrays.stream(error.getStackTrace())
                        .limit(FRAMES)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < ")));
    }
}
