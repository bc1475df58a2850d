/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.Outcome;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How many calls ended how, since the endpoint was created. Thread-safe. */
final class CallCounts {

    private static final String REPLIED = "replied";

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(Outcome outcome) {
        String name = outcome.failure() == null
                ? REPLIED
                : outcome.failure().getClass().getSimpleName();
        @Nullable LongAdder count = counts.get(name);
        if (count == null) {
            count = counts.computeIfAbsent(name, first -> new LongAdder());
        }
        count.increment();
    }

    /** By outcome: {@code replied}, or the simple name of the exception. Outcomes that never happened are not in it. */
    SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> snapshot = new TreeMap<>();
        counts.forEach((name, count) -> snapshot.put(name, count.sum()));
        return snapshot;
    }
}
