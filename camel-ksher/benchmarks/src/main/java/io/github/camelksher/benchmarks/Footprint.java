/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What the process holds between two calls.
 *
 * @param calls made so far
 * @param perSecond calls since the footprint before
 * @param heap in bytes, after a full collection
 * @param direct memory, in bytes
 * @param leased connections of the pool that are in use
 * @param idle connections of the pool
 * @param sockets open in the process
 * @param files other open file descriptors
 * @param threads alive
 */
record Footprint(
        int calls,
        double perSecond,
        long heap,
        long direct,
        int leased,
        int idle,
        int sockets,
        int files,
        int threads) {

    static final String HEADER =
            "| calls | calls/s | heap after GC | direct memory | connections in use | idle | sockets"
                    + " | other files | threads |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

    /** A byte and a half for each call of half a million: no leak is as small. */
    private static final long SAME_MEMORY = 768 * 1024;

    /** The JDK keeps one for each thread, as large as the largest piece that it has read so far. */
    private static final long BUFFER = 64 * 1024;

    private static final long SAME_NUMBER = 2;

    String row() {
        return String.format(
                Locale.ROOT,
                "| %,d | %,.0f | %,d KiB | %,d KiB | %d | %d | %d | %d | %d |",
                calls,
                perSecond,
                heap / 1024,
                direct / 1024,
                leased,
                idle,
                sockets,
                files,
                threads);
    }

    /**
     * What is not flat: the most of the last quarter is held against the most of the second, since the first warms up.
     * Connections are not in use between calls, not more than the callers need, and there is no socket beside them.
     */
    static List<String> growth(List<Footprint> all, int callers) {
        List<String> problems = new ArrayList<>();
        rise(all, "heap after GC", Footprint::heap, SAME_MEMORY, problems);
        rise(all, "direct memory", Footprint::direct, callers * BUFFER, problems);
        rise(all, "other files", Footprint::files, SAME_NUMBER, problems);
        rise(all, "threads", Footprint::threads, SAME_NUMBER, problems);
        for (Footprint one : all) {
            if (one.leased != 0 || one.idle > callers || one.sockets != one.idle) {
                problems.add("connections after " + one.calls + " calls: " + one.leased + " in use, " + one.idle
                        + " idle, " + one.sockets + " sockets");
            }
        }
        return problems;
    }

    private static void rise(
            List<Footprint> all, String name, ToLongFunction<Footprint> of, long margin, List<String> problems) {
        int size = all.size();
        long before = most(all.subList(size / 4, size / 2), of);
        long after = most(all.subList(size - size / 4, size), of);
        if (after - before > margin) {
            problems.add(String.format(Locale.ROOT, "%s rose from %,d to %,d", name, before, after));
        }
    }

    private static long most(List<Footprint> some, ToLongFunction<Footprint> of) {
        return some.stream().mapToLong(of).max().orElseThrow();
    }
}
