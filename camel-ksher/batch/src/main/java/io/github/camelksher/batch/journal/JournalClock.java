/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.util.concurrent.TimeUnit;

/**
 * The clock that all workers of a journal share: the database's, as far as this process can tell from its answers. An answer is as
 * old as it took to come, so there are two readings between which the database's own lies. A wait that begins at {@link #latest}
 * and ends at {@link #earliest} is never too short, whoever begins and whoever ends it, and however long the answers took. Goes on
 * evenly when this machine's clock is set. Milliseconds since 1970. Thread-safe.
 */
final class JournalClock {

    /** What to add to this process's own clock, in milliseconds. */
    private record Offset(long earliest, long latest) {}

    private volatile Offset offset = new Offset(0, 0);

    /**
     * Takes the database's answer.
     *
     * @param asked {@link System#nanoTime} before it was asked
     * @param millis its clock, with fractions of a millisecond cut off
     * @param answered {@link System#nanoTime} when the answer was here
     */
    void set(long asked, long millis, long answered) {
        offset = new Offset(millis - roundedUp(answered), millis + 1 - roundedDown(asked));
    }

    /** The database's clock shows this or more. */
    long earliest(long nanoTime) {
        return roundedDown(nanoTime) + offset.earliest;
    }

    /** The database's clock shows this or less. */
    long latest(long nanoTime) {
        return roundedUp(nanoTime) + offset.latest;
    }

    private static long roundedDown(long nanos) {
        return Math.floorDiv(nanos, TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static long roundedUp(long nanos) {
        return -roundedDown(-nanos);
    }
}
