/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was done to the workers, and when, as far as it excuses something: see {@link CallCheck}.
 */
final class TroubleLog {

    /** A process that was woken sends at once what it was about to send. */
    private static final Duration AWAKE = Duration.ofSeconds(2);

    /** When something happened, as far as the test can tell. */
    record Window(Instant from, Instant to) {

        boolean meets(Instant begin, Instant end) {
            return !from.isAfter(end) && !to.isBefore(begin);
        }
    }

    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Window> jumps = new ArrayList<>();
    private final List<Window> wakes = new ArrayList<>();

    void count(Object kind) {
        counts.merge(kind.toString(), 1, Integer::sum);
    }

    int times(Object kind) {
        return counts.getOrDefault(kind.toString(), 0);
    }

    /** The clock jumped ahead between these instants. */
    void jumpedAhead(Instant from, Instant to) {
        jumps.add(new Window(from, to));
    }

    void woke(Instant at) {
        wakes.add(new Window(at, at.plus(AWAKE)));
    }

    List<Window> jumps() {
        return jumps;
    }

    List<Window> wakes() {
        return wakes;
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
