/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.fault;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.protocol.ApiCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Which call meets which fault, and how long it takes. Thread-safe. */
public final class ArmedFaults {

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

    private static final Duration LONGEST = Duration.ofDays(1);

    private final List<Armed> armed = new CopyOnWriteArrayList<>();
    private volatile @Nullable Rate rate;
    private volatile @Nullable Latency latency;

    /** Arms a fault; {@code orderNo} and {@code operation} null are any. */
    public void arm(Fault fault, @Nullable String orderNo, @Nullable String operation, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: " + times);
        }
        ApiCall only = operation == null ? null : ApiCall.ofOperation(operation);
        armed.add(new Armed(fault, orderNo, only, new AtomicInteger(times)));
    }

    /** Lets each call meet one of the faults with this probability; replaces an earlier rate. */
    public void rate(double rate, long seed, List<Fault> faults) {
        if (!(rate >= 0 && rate <= 1) || faults.isEmpty()) {
            throw new IllegalArgumentException("needs a rate from 0 to 1 and at least one fault: " + rate);
        }
        this.rate = new Rate(rate, seed, faults);
    }

    /** Lets each call wait for a time between these two; replaces an earlier latency. */
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

    /** The fault that this call meets; null for none. */
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

    /** How long this call waits because of the latency. */
    public Wait pickWait(ApiCall call, String orderNo, int callsBefore) {
        Latency drawn = latency;
        if (drawn == null) {
            return Wait.NONE;
        }
        // Not the numbers of a rate with the same seed: the calls that meet a fault would all be quick.
        SeededRandom random = SeededRandom.of(~drawn.seed, call, orderNo, callsBefore);
        long min = drawn.min.toNanos();
        long nanos = min + (long) (random.fraction() * (drawn.max.toNanos() - min));
        return random.below(2) == 0 ? new Wait(nanos, 0) : new Wait(0, nanos);
    }
}
