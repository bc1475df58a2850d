/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The newest calls, in a ring that needs no lock. */
final class Journal {

    private final int capacity;
    private volatile Ring ring;

    private static final class Ring {
        final AtomicReferenceArray<Call> calls;
        final AtomicLong next = new AtomicLong();

        Ring(int capacity) {
            calls = new AtomicReferenceArray<>(capacity);
        }
    }

    Journal(int capacity) {
        this.capacity = capacity;
        this.ring = new Ring(capacity);
    }

    void add(Call call) {
        Ring current = ring;
        current.calls.set((int) (current.next.getAndIncrement() % capacity), call);
    }

    /** Oldest first. */
    List<Call> calls() {
        Ring current = ring;
        long end = current.next.get();
        List<Call> calls = new ArrayList<>();
        for (long i = Math.max(0, end - capacity); i < end; i++) {
            Call call = current.calls.get((int) (i % capacity));
            // A slot that was claimed a moment ago may not be written yet.
            if (call != null) {
                calls.add(call);
            }
        }
        return calls;
    }

    long dropped() {
        return Math.max(0, ring.next.get() - capacity);
    }

    void clear() {
        if (ring.next.get() > 0) {
            ring = new Ring(capacity);
        }
    }
}
