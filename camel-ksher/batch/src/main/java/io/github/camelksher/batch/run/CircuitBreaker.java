/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Opens when calls fail for many orders in a row. While it is open, one order at a time is tried as
 * a probe; a good reply closes it. Thread-safe.
 */
final class CircuitBreaker {

    private static final int FAILURES = 20;
    /** Enough after a minute of failures: a small batch may not have 20 orders. */
    private static final int FAILURES_IN_A_MINUTE = 3;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Set<String> failed = new HashSet<>();
    private final LongSupplier nanoTime;
    private long failingSince;

    CircuitBreaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void record(String orderKey, Event event) {
        if (event.isRetryableFailure()) {
            if (failed.isEmpty()) {
                failingSince = nanoTime.getAsLong();
            }
            // Bounded, however many orders fail while it is open.
            if (failed.size() < FAILURES) {
                failed.add(orderKey);
            }
        } else if (event.isGoodReply()) {
            failed.clear();
        }
    }

    synchronized boolean isOpen() {
        return failed.size() >= FAILURES
                || (failed.size() >= FAILURES_IN_A_MINUTE && nanoTime.getAsLong() - failingSince >= MINUTE.toNanos());
    }
}
