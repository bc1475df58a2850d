/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.fault.ArmedFaults;
import java.time.Duration;
import java.util.List;

/**
 * The faults that are armed. A call meets at most one: of those that were armed for its order or operation the one armed
 * first, else perhaps one by rate. Beside them there can be a latency, which every call has. Thread-safe.
 */
public final class Faults {

    /** For {@code times}: until {@link #clear()}. */
    public static final int ALWAYS = ArmedFaults.ALWAYS;

    final ArmedFaults armed = new ArmedFaults();

    Faults() {}

    /** The next call of any operation meets the fault. */
    public void next(Fault fault) {
        armed.arm(fault, null, null, 1);
    }

    /** The next call of the operation ({@code orderQuery}, {@code orderClose}, {@code gatewayQuery}, {@code gatewayCancel}). */
    public void next(Fault fault, String operation) {
        armed.arm(fault, null, operation, 1);
    }

    /** The next {@code times} (1 or more, or {@link #ALWAYS}) calls of the operation. */
    public void next(Fault fault, String operation, int times) {
        armed.arm(fault, null, operation, times);
    }

    /** The next call of any operation for this order number. */
    public void forOrder(String orderNo, Fault fault) {
        armed.arm(fault, orderNo, null, 1);
    }

    /** The next {@code times} (1 or more, or {@link #ALWAYS}) calls of the operation for this order number. */
    public void forOrder(String orderNo, Fault fault, String operation, int times) {
        armed.arm(fault, orderNo, operation, times);
    }

    /**
     * Each call meets one of the faults with this probability (0 to 1). Which one depends on the seed, the order, the
     * operation and how many such calls came before: the same on every run, whatever the threads do. Replaces an earlier rate.
     *
     * @throws IllegalArgumentException if the rate is not from 0 to 1, or no fault is given
     */
    public void rate(double rate, long seed, Fault... faults) {
        armed.rate(rate, seed, List.of(faults));
    }

    /**
     * Each call waits for a time between these two (equal: always the same). Half of the calls wait before they are carried
     * out, the others before the reply is sent. How long and when depends on the seed as with {@link #rate}. A call that meets
     * a fault waits, too. A waiting call holds no thread. Replaces an earlier latency.
     *
     * @throws IllegalArgumentException if {@code min} is negative, or {@code max} less than that or more than a day
     */
    public void latency(Duration min, Duration max, long seed) {
        armed.latency(min, max, seed);
    }

    /** Disarms all, and ends the latency. */
    public void clear() {
        armed.clear();
    }
}
