/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.CallOutcome;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Counts the calls of an endpoint by outcome. Thread-safe. */
final class CallCounts {

    private static final String REPLIED = "replied";

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(CallOutcome outcome) {
        String name = outcome.failure() == null
                ? REPLIED
                : outcome.failure().getClass().getSimpleName();
        // Unlike computeIfAbsent, get never waits for a lock.
        LongAdder count = counts.get(name);
        if (count == null) {
            count = counts.computeIfAbsent(name, first -> new LongAdder());
        }
        count.increment();
    }

    long replied() {
        return sum(REPLIED::equals);
    }

    long failed() {
        return sum(name -> !name.equals(REPLIED));
    }

    private long sum(Predicate<String> outcome) {
        return counts.entrySet().stream()
                .filter(count -> outcome.test(count.getKey()))
                .mapToLong(count -> count.getValue().sum())
                .sum();
    }

    /** The counts above zero, by {@code replied} or the simple name of the exception. */
    SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> snapshot = new TreeMap<>();
        counts.forEach((name, count) -> snapshot.put(name, count.sum()));
        return snapshot;
    }
}
