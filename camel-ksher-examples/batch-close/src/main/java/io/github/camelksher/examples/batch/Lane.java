/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The rows of one order, worked on one after the other at the pace of one. Used by one thread at a time. */
final class Lane {

    /** A planned row: its place in the input, and the row. */
    record Planned(int index, OrderRow row, Operation operation) {}

    final Deque<Planned> rows = new ArrayDeque<>();
    OrderLife life = OrderLife.begin().life();
    Action action = OrderLife.begin().action();
    int calls;

    /** In System.nanoTime; null before the first call of the row. */
    @Nullable
    Long firstCall;

    /** The same; null before the first query of the order, whichever row it was for. */
    @Nullable
    Long lastQueryEnd;

    void take(OrderLife.Step step) {
        life = step.life();
        action = step.action();
    }

    void nextRow() {
        rows.removeFirst();
        take(OrderLife.begin());
        calls = 0;
        firstCall = null;
    }

    boolean timeIsUp(Pace pace, long now) {
        return firstCall != null && now - firstCall >= pace.giveUpAfter().toNanos();
    }

    /**
     * How long the query has to wait. One that would come after the order's time is up comes when it is up, so that the last
     * look is as late as it may be; but never sooner than the pace allows.
     */
    Duration waitFor(Action.Query query, Pace pace, long now) {
        if (lastQueryEnd == null) {
            return Duration.ZERO;
        }
        long soonest = lastQueryEnd + pace.queryInterval().toNanos() - now;
        long wait = lastQueryEnd + pace.wait(query.backOff()).toNanos() - now;
        if (firstCall != null) {
            wait = Math.min(wait, firstCall + pace.giveUpAfter().toNanos() - now);
        }
        return Duration.ofNanos(Math.max(0, Math.max(soonest, wait)));
    }
}
