/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Counts what happened in the last minute, by the second. Thread-safe. */
final class LastMinute {

    private static final int SECONDS = 60;

    private final LongSupplier nanoTime;
    /** For each second of the minute: which second that was when it was last counted, and how often. */
    private final long[] seconds = new long[SECONDS];

    private final long[] counts = new long[SECONDS];

    LastMinute(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add() {
        long now = second();
        int slot = Math.floorMod(now, SECONDS);
        if (seconds[slot] != now) {
            seconds[slot] = now;
            counts[slot] = 0;
        }
        counts[slot]++;
    }

    synchronized long count() {
        long now = second();
        long sum = 0;
        for (int slot = 0; slot < SECONDS; slot++) {
            if (now - seconds[slot] < SECONDS) {
                sum += counts[slot];
            }
        }
        return sum;
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }
}
