/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.util.ArrayList;
import java.util.List;

/** Tells how much of a time this process ran and was not paused. In journal time. Thread-safe. */
final class RunClock {

    private static final long RUNNING = -1;

    private record Pause(long from, long to) {}

    private final long start;
    private final List<Pause> pauses = new ArrayList<>();
    private long pausedFrom = RUNNING;

    RunClock(long now) {
        this.start = now;
    }

    synchronized void pause(long now) {
        pausedFrom = now;
    }

    synchronized void resume(long now) {
        if (pausedFrom != RUNNING) {
            pauses.add(new Pause(pausedFrom, now));
            pausedFrom = RUNNING;
        }
    }

    synchronized long counted(long from, long to) {
        long begin = Math.max(from, start);
        long counted = Math.max(0, to - begin);
        for (Pause pause : pauses) {
            counted -= overlap(pause.from, pause.to, begin, to);
        }
        if (pausedFrom != RUNNING) {
            counted -= overlap(pausedFrom, Long.MAX_VALUE, begin, to);
        }
        return counted;
    }

    private static long overlap(long from, long to, long begin, long end) {
        return Math.max(0, Math.min(to, end) - Math.max(from, begin));
    }
}
