/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses the worker while the circuit breaker is open: no order's time runs, and one order is tried
 * every interval. A pause that lasts too long stops the worker. Thread-safe.
 */
final class PauseControl {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);

    private final RunContext run;
    private final CircuitBreaker breaker;
    private final LastFailure lastFailure;
    private final Pace pace;
    private boolean paused;
    private long since;
    private long probedAt;

    PauseControl(RunContext run, CircuitBreaker breaker, LastFailure lastFailure, Pace pace) {
        this.run = run;
        this.breaker = breaker;
        this.lastFailure = lastFailure;
        this.pace = pace;
    }

    synchronized boolean isPaused() {
        return paused;
    }

    synchronized void record(Object row, String orderKey, Event event) {
        lastFailure.record(row, event);
        breaker.record(orderKey, event);
        pauseOrResume();
    }

    private void pauseOrResume() {
        boolean open = breaker.isOpen();
        long now = run.nanos();
        if (open && !paused) {
            paused = true;
            since = now;
            probedAt = now;
            run.time().pause();
            LOG.warn(
                    "Paused: Ksher fails for one order after the other (the last failure: {}). One order is tried"
                            + " every {}; no order's time is running.",
                    lastFailure.reason(),
                    Pace.inWords(pace.queryInterval()));
        } else if (!open && paused) {
            paused = false;
            run.time().resume();
            LOG.info("Ksher answers again: going on.");
        }
    }

    /** Whether the next probe may be made now. */
    synchronized boolean mayProbe() {
        return paused && run.nanos() - probedAt >= pace.queryInterval().toNanos();
    }

    synchronized void probes() {
        probedAt = run.nanos();
    }

    /** Begins or ends the pause, and stops the worker if it has been too long. */
    synchronized void check() {
        pauseOrResume();
        Duration longest = pace.giveUpAfter();
        if (paused && run.nanos() - since >= longest.toNanos()) {
            run.state()
                    .fail("Ksher gave no good reply for " + Pace.inWords(longest)
                            + " (batch.give-up-after); the last failure: " + lastFailure.reason()
                            + ". What is not settled stays planned: run the same again when Ksher can be reached.");
        }
    }
}
