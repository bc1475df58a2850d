/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.util.ArrayList;
import java.util.List;

/** The newest calls, in a ring that grows until it is full. Its monitor guards it: whoever reads it misses none. */
final class Journal {

    /** Calls, oldest first, and how many came before them since the beginning. */
    record Excerpt(long before, List<Call> calls) {}

    private final int capacity;
    private final List<Call> ring = new ArrayList<>();
    private long count;

    Journal(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(Call call) {
        if (count < capacity) {
            ring.add(call);
        } else {
            ring.set((int) (count % capacity), call);
        }
        count++;
    }

    /** All but the first {@code number} calls, as far as they are remembered. */
    synchronized Excerpt after(long number) {
        long from = Math.min(Math.max(number, dropped()), count);
        List<Call> calls = new ArrayList<>((int) (count - from));
        for (long i = from; i < count; i++) {
            calls.add(ring.get((int) (i % capacity)));
        }
        return new Excerpt(from, calls);
    }

    synchronized long dropped() {
        return count - ring.size();
    }

    synchronized void clear() {
        ring.clear();
        count = 0;
    }
}
