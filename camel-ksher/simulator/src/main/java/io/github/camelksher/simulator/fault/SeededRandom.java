/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.fault;

import io.github.camelksher.simulator.protocol.ApiCall;
import java.util.Objects;

/**
 * A random number of one call, the same on every run: it depends on the seed, the call, the order and how many such calls came
 * before, and not on the threads.
 */
record SeededRandom(long number) {

    static SeededRandom of(long seed, ApiCall call, String orderNo, int callsBefore) {
        return new SeededRandom(mix(mix(seed + Objects.hash(call.operation(), orderNo)) + callsBefore));
    }

    /** From 0 up to, but not including, 1. */
    double fraction() {
        return (number >>> 11) * 0x1.0p-53;
    }

    /** From 0 up to, but not including, this bound; does not depend on the fraction. */
    int below(int bound) {
        return (int) Math.floorMod(mix(number), (long) bound);
    }

    /** Spreads every bit of the input over the whole output (the finaliser of SplitMix64). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
