/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pause: while the circuit breaker is open, no order's time runs, and one order is tried every interval. If that goes on for too
 * long, the worker stops. Thread-safe.
 */
final class PauseControl {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);

    private final CircuitBreaker breaker;
    private final LastFailure lastFailure;
    private final RunTime runTime;
    private final RunState state;
    private final Pace pace;
    private final LongSupplier nanoTime;
    private boolean paused;
    private long since;
    private long probedAt;

    PauseControl(
            CircuitBreaker breaker,
            LastFailure lastFailure,
            RunTime runTime,
            RunState state,
            Pace pace,
            LongSupplier nanoTime) {
        this.breaker = breaker;
        this.lastFailure = lastFailure;
        this.runTime = runTime;
        this.state = state;
        this.pace = pace;
        this.nanoTime = nanoTime;
    }

    synchronized boolean isPaused() {
        return paused;
    }

    /** A call for a row ended like this. */
    synchronized void record(Object row, String orderKey, Event event) {
        lastFailure.record(row, event);
        breaker.record(orderKey, event);
        pauseOrResume();
    }

    private void pauseOrResume() {
        boolean open = breaker.isOpen();
        long now = nanoTime.getAsLong();
        if (open && !paused) {
            paused = true;
            since = now;
            probedAt = now;
            runTime.pause();
            LOG.warn(
                    "Paused: Ksher fails for one order after the other (the last failure: {}). One order is tried every {};"
                            + " no order's time is running.",
                    lastFailure.reason(),
                    Pace.inWords(pace.queryInterval()));
        } else if (!open && paused) {
            paused = false;
            runTime.resume();
            LOG.info("Ksher answers again: going on.");
        }
    }

    /** Whether an order may be tried now, to see whether Ksher answers again. */
    synchronized boolean mayProbe() {
        return paused && nanoTime.getAsLong() - probedAt >= pace.queryInterval().toNanos();
    }

    synchronized void probes() {
        probedAt = nanoTime.getAsLong();
    }

    /** Pauses if it is time to, and stops the worker if the pause has been too long. */
    synchronized void check() {
        pauseOrResume();
        Duration longest = pace.giveUpAfter();
        if (paused && nanoTime.getAsLong() - since >= longest.toNanos()) {
            state.fail("Ksher gave no good reply for " + Pace.inWords(longest)
                    + " (batch.give-up-after); the last failure: " + lastFailure.reason()
                    + ". What is not settled stays planned: run the same again when Ksher can be reached.");
        }
    }
}
