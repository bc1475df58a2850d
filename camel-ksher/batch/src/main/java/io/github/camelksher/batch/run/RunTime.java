/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long a target's orders were worked on while a process ran and was not paused, in
 * milliseconds. An order's age is the difference of two readings. Thread-safe.
 */
final class RunTime {

    /** A longer gap between two readings means that this process or its machine was suspended. */
    static final Duration LONGEST_GAP = Duration.ofSeconds(15);

    private final LongSupplier nanoTime;
    private long ranNanos;
    private long countedAt;
    private boolean paused;

    /**
     * @param ran what was counted before, in milliseconds
     * @param nanoTime as {@link System#nanoTime}
     */
    RunTime(long ran, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.ranNanos = TimeUnit.MILLISECONDS.toNanos(ran);
        this.countedAt = nanoTime.getAsLong();
    }

    synchronized long millis() {
        long now = nanoTime.getAsLong();
        long gap = now - countedAt;
        if (!paused && gap > 0 && gap <= LONGEST_GAP.toNanos()) {
            ranNanos += gap;
        }
        countedAt = now;
        return TimeUnit.NANOSECONDS.toMillis(ranNanos);
    }

    /** Takes over the count of another process if that is higher. */
    synchronized void atLeast(long ran) {
        ranNanos = Math.max(ranNanos, TimeUnit.MILLISECONDS.toNanos(ran));
    }

    synchronized void pause() {
        millis();
        paused = true;
    }

    synchronized void resume() {
        millis();
        paused = false;
    }
}
