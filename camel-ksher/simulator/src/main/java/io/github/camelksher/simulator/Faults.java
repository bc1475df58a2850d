/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.fault.FaultKind.Wait;
import io.github.camelksher.simulator.protocol.ApiCall;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are armed. A call meets at most one: of those that were armed for its order or
 * operation the one armed first, else perhaps one by rate. Beside them there can be a latency,
 * which every call has. Thread-safe.
 */
public final class Faults {

    /** For {@code times}: until {@link #clear()}. */
    public static final int ALWAYS = Integer.MAX_VALUE;

    private record Armed(Fault fault, @Nullable String order, @Nullable ApiCall call, AtomicInteger left) {

        boolean take(ApiCall called, String number) {
            if ((call != null && call != called) || (order != null && !order.equals(number))) {
                return false;
            }
            return left.getAndUpdate(n -> n == ALWAYS || n == 0 ? n : n - 1) > 0;
        }
    }

    private record Rate(double rate, long seed, List<Fault> faults) {}

    private record Latency(Duration min, Duration max, long seed) {}

    private final List<Armed> armed = new CopyOnWriteArrayList<>();
    private volatile @Nullable Rate rate;
    private volatile @Nullable Latency latency;

    Faults() {}

    /** The next call of any operation meets the fault. */
    public void next(Fault fault) {
        arm(fault, null, null, 1);
    }

    /** The next call of the operation, such as {@code orderQuery}, meets the fault. */
    public void next(Fault fault, String operation) {
        arm(fault, null, operation, 1);
    }

    /** The next {@code times} calls (1 or more, or {@link #ALWAYS}) of the operation meet it. */
    public void next(Fault fault, String operation, int times) {
        arm(fault, null, operation, times);
    }

    /** The next call of any operation for this order number meets the fault. */
    public void forOrder(String orderNo, Fault fault) {
        arm(fault, orderNo, null, 1);
    }

    /** So many calls (or {@link #ALWAYS}) of the operation for this order number meet it. */
    public void forOrder(String orderNo, Fault fault, String operation, int times) {
        arm(fault, orderNo, operation, times);
    }

    /**
     * Each call meets one of the faults with this probability (0 to 1). Which one depends on the
     * seed, the order, the operation and how many such calls came before: the same on every run,
     * whatever the threads do. Replaces an earlier rate.
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
     * Each call waits for a time between these two (equal: always the same). Half of the calls wait
     * before they are carried out, the others before the reply is sent. How long and when depends
     * on the seed as with {@link #rate}. A call that meets a fault waits, too. A waiting call holds
     * no thread. Replaces an earlier latency.
     *
     * @throws IllegalArgumentException if {@code min} is negative, or {@code max} less than that or
     *     more than a day
     */
    public void latency(Duration min, Duration max, long seed) {
        if (min.isNegative() || max.compareTo(min) < 0 || max.compareTo(Fault.LONGEST) > 0) {
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

    /** Arms a fault; {@code orderNo} and {@code operation} null are any. */
    public void arm(Fault fault, @Nullable String orderNo, @Nullable String operation, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: " + times);
        }
        ApiCall only = operation == null ? null : ApiCall.ofOperation(operation);
        armed.add(new Armed(fault, orderNo, only, new AtomicInteger(times)));
    }

    /** For the simulator itself: the fault that this call meets; null for none. */
    public @Nullable Fault pick(ApiCall call, String orderNo, int callsBefore) {
        for (Armed candidate : armed) {
            if (candidate.take(call, orderNo)) {
                armed.removeIf(spent -> spent.left.get() == 0);
                return candidate.fault;
            }
        }
        Rate byRate = rate;
        if (byRate == null) {
            return null;
        }
        SeededRandom random = SeededRandom.of(byRate.seed, call, orderNo, callsBefore);
        return random.fraction() < byRate.rate ? byRate.faults.get(random.below(byRate.faults.size())) : null;
    }

    /** For the simulator itself: how long this call waits because of the latency. */
    public Wait pickWait(ApiCall call, String orderNo, int callsBefore) {
        Latency drawn = latency;
        if (drawn == null) {
            return Wait.NONE;
        }
        // With the numbers of a rate with this seed, all calls that meet a fault would be quick.
        SeededRandom random = SeededRandom.of(~drawn.seed, call, orderNo, callsBefore);
        long min = drawn.min.toNanos();
        long nanos = min + (long) (random.fraction() * (drawn.max.toNanos() - min));
        return random.below(2) == 0 ? new Wait(nanos, 0) : new Wait(0, nanos);
    }

    /**
     * A random number of one call, the same on every run: it depends on the seed, the call, the
     * order and how many such calls came before, and not on the threads.
     */
    private record SeededRandom(long number) {

        static SeededRandom of(long seed, ApiCall call, String orderNo, int callsBefore) {
            return new SeededRandom(mix(mix(seed + Objects.hash(call.operation, orderNo)) + callsBefore));
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
}
