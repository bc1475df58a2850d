/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import java.util.ArrayList;
import java.util.List;

/** The newest entries, in a ring that grows until it is full. */
public final class BoundedLog<T> {

    /** What every entry of the simulator's logs says. */
    public interface Entry {
        String appId();

        String order();
    }

    /** Entries, oldest first, and how many came before them since the beginning. */
    public record Excerpt<T>(long before, List<T> entries) {}

    private final int capacity;
    private final List<T> ring = new ArrayList<>();
    private long count;

    public BoundedLog(int capacity) {
        this.capacity = capacity;
    }

    public synchronized void add(T entry) {
        if (count < capacity) {
            ring.add(entry);
        } else {
            ring.set((int) (count % capacity), entry);
        }
        count++;
    }

    /** All but the first {@code number} entries, as far as they are remembered. */
    public synchronized Excerpt<T> after(long number) {
        long from = Math.min(Math.max(number, dropped()), count);
        List<T> entries = new ArrayList<>((int) (count - from));
        for (long i = from; i < count; i++) {
            entries.add(ring.get((int) (i % capacity)));
        }
        return new Excerpt<>(from, entries);
    }

    public synchronized long dropped() {
        return count - ring.size();
    }

    public synchronized void clear() {
        ring.clear();
        count = 0;
    }
}
