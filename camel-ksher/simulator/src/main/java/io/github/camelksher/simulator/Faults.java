/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are armed. A call meets at most one: of those that were armed for its order or operation the one armed
 * first, else perhaps one by rate. Beside them there can be a latency, which every call has. Thread-safe.
 */
public final class Faults {

    /** For {@code times}: until {@link #clear()}. */
    public static final int ALWAYS = Integer.MAX_VALUE;

    private record Armed(Fault fault, @Nullable String order, @Nullable Operation operation, AtomicInteger left) {

        boolean take(Operation called, String number) {
            if ((operation != null && operation != called) || (order != null && !order.equals(number))) {
                return false;
            }
            return left.getAndUpdate(n -> n == ALWAYS || n == 0 ? n : n - 1) > 0;
        }
    }

    private record Rate(double rate, long seed, List<Fault> faults) {}

    private record Latency(Duration min, Duration max, long seed) {}

    /** How long a call waits before it is carried out, and how long before its reply is sent; in nanoseconds. */
    record Wait(long before, long after) {
        private static final Wait NONE = new Wait(0, 0);

        /** A {@link Fault.Kind#DELAY} comes on top. */
        Wait plus(@Nullable Fault fault) {
            if (fault == null || fault.kind != Fault.Kind.DELAY) {
                return this;
            }
            long more = TimeUnit.MILLISECONDS.toNanos(fault.millis);
            return fault.carriedOut ? new Wait(before, after + more) : new Wait(before + more, after);
        }
    }

    private static final Duration LONGEST = Duration.ofDays(1);

    private final List<Armed> armed = new CopyOnWriteArrayList<>();
    private volatile @Nullable Rate rate;
    private volatile @Nullable Latency latency;

    Faults() {}

    /** The next call of any operation meets the fault. */
    public void next(Fault fault) {
        arm(fault, null, null, 1);
    }

    /** The next call of the operation ({@code orderQuery}, {@code orderClose}, {@code gatewayQuery}, {@code gatewayCancel}). */
    public void next(Fault fault, String operation) {
        arm(fault, null, operation, 1);
    }

    /** The next {@code times} (1 or more, or {@link #ALWAYS}) calls of the operation. */
    public void next(Fault fault, String operation, int times) {
        arm(fault, null, operation, times);
    }

    /** The next call, whatever the operation, for this order number. */
    public void forOrder(String orderNo, Fault fault) {
        arm(fault, orderNo, null, 1);
    }

    /** The next {@code times} (1 or more, or {@link #ALWAYS}) calls of the operation for this order number. */
    public void forOrder(String orderNo, Fault fault, String operation, int times) {
        arm(fault, orderNo, operation, times);
    }

    /**
     * Each call meets one of the faults with this probability (0 to 1). Which one does depends on the seed, the order, the
     * operation and how many such calls came before: the same on every run, whatever the threads do. Replaces an earlier rate.
     *
     * @throws IllegalArgumentException if the rate is not from 0 to 1, or no fault is given
     */
    public void rate(double rate, long seed, Fault... faults) {
        if (!(rate >= 0 && rate <= 1) || faults.length == 0) {
            throw new IllegalArgumentException("needs a rate from 0 to 1 and at least one fault: " + rate);
        }
        this.rate = new Rate(rate, seed, List.of(faults));
    }

    /**
     * Each call waits for a time between these two (equal: always the same), one half of the calls before they are carried
     * out, the other half afterwards, before the reply is sent. How long and when depends on the seed as with {@link #rate}. A
     * call that meets a fault waits, too. No thread does. Replaces an earlier latency.
     *
     * @throws IllegalArgumentException if {@code min} is negative, or {@code max} less than that or more than a day
     */
    public void latency(Duration min, Duration max, long seed) {
        if (min.isNegative() || max.compareTo(min) < 0 || max.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a latency needs a shortest time of 0 or more, and a longest between that and a day: " + min + ", "
                            + max);
        }
        this.latency = new Latency(min, max, seed);
    }

    /** Disarms all, and ends the latency. */
    public void clear() {
        armed.clear();
        rate = null;
        latency = null;
    }

    /** {@code operation} null is any; {@code orderNo} null is any. */
    void arm(Fault fault, @Nullable String orderNo, @Nullable String operation, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: " + times);
        }
        Operation only = operation == null ? null : Operation.ofText(operation);
        armed.add(new Armed(fault, orderNo, only, new AtomicInteger(times)));
    }

    @Nullable
    Fault pick(Operation operation, String orderNo, int callsBefore) {
        for (Armed candidate : armed) {
            if (candidate.take(operation, orderNo)) {
                armed.removeIf(spent -> spent.left.get() == 0);
                return candidate.fault;
            }
        }
        Rate byRate = rate;
        if (byRate == null) {
            return null;
        }
        long random = random(byRate.seed, operation, orderNo, callsBefore);
        if (fraction(random) >= byRate.rate) {
            return null;
        }
        return byRate.faults.get((int) Math.floorMod(mix(random), (long) byRate.faults.size()));
    }

    Wait pickWait(Operation operation, String orderNo, int callsBefore) {
        Latency drawn = latency;
        if (drawn == null) {
            return Wait.NONE;
        }
        // Not the numbers of a rate with the same seed: the calls that meet a fault would all be quick.
        long random = random(~drawn.seed, operation, orderNo, callsBefore);
        long min = drawn.min.toNanos();
        long nanos = min + (long) (fraction(random) * (drawn.max.toNanos() - min));
        return (mix(random) & 1) == 0 ? new Wait(nanos, 0) : new Wait(0, nanos);
    }

    private static long random(long seed, Operation operation, String orderNo, int callsBefore) {
        return mix(mix(seed + Objects.hash(operation.text, orderNo)) + callsBefore);
    }

    /** From 0 up to, but not including, 1. */
    private static double fraction(long random) {
        return (random >>> 11) * 0x1.0p-53;
    }

    /** Spreads every bit of the input over the whole output (the finaliser of SplitMix64). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
