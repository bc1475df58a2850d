/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.util.ArrayList;
import java.util.List;

/** The newest calls (or notifications), in a ring that grows until it is full. Its monitor guards it: whoever reads it misses none. */
final class Journal<T> {

    /** Entries, oldest first, and how many came before them since the beginning. */
    record Excerpt<T>(long before, List<T> entries) {}

    private final int capacity;
    private final List<T> ring = new ArrayList<>();
    private long count;

    Journal(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(T entry) {
        if (count < capacity) {
            ring.add(entry);
        } else {
            ring.set((int) (count % capacity), entry);
        }
        count++;
    }

    /** All but the first {@code number} entries, as far as they are remembered. */
    synchronized Excerpt<T> after(long number) {
        long from = Math.min(Math.max(number, dropped()), count);
        List<T> entries = new ArrayList<>((int) (count - from));
        for (long i = from; i < count; i++) {
            entries.add(ring.get((int) (i % capacity)));
        }
        return new Excerpt<>(from, entries);
    }

    synchronized long dropped() {
        return count - ring.size();
    }

    synchronized void clear() {
        ring.clear();
        count = 0;
    }
}
