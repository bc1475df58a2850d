/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;

/** Callers who ask, wait for the answer and ask again, for a while: a closed loop. */
final class Callers {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final long SLOWEST_NANOS = 60_000_000_000L;

    /**
     * What a window found.
     *
     * @param perSecond calls
     * @param cpuMicros of this process, its collector and compiler included, for each call
     * @param bytes allocated by all threads of this process, for each call
     */
    record Sample(double perSecond, double p50Micros, double p99Micros, double cpuMicros, double bytes) {}

    private final int callers;
    private final ThreadFactory threads;
    private final AtomicLong orders = new AtomicLong();

    Callers(int callers, boolean virtual) {
        this.callers = callers;
        this.threads = virtual ? virtualThreads() : Thread::new;
    }

    /** Compiled for a Java that has none. */
    private static ThreadFactory virtualThreads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("there are no virtual threads before Java 21", e);
        }
    }

    /**
     * Lets all of them call.
     *
     * @throws IllegalStateException if a single call failed: a rate of failures is no rate
     */
    Sample run(Variant variant, long windowMillis) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(callers);
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(callers);
        CountDownLatch measured = new CountDownLatch(1);
        AtomicReference<Exception> failure = new AtomicReference<>();
        AtomicLong deadline = new AtomicLong();
        List<Histogram> times = new ArrayList<>();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            Histogram mine = new Histogram(SLOWEST_NANOS, 2);
            times.add(mine);
            Thread thread = threads.newThread(() -> {
                ready.countDown();
                try {
                    start.await();
                    callUntil(deadline.get(), variant, mine, failure);
                    done.countDown();
                    // A thread that has ended takes its count of bytes along.
                    measured.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            all.add(thread);
            thread.start();
        }
        ready.await();
        double bytes = allocated();
        double cpu = SYSTEM.getProcessCpuTime();
        long began = System.nanoTime();
        deadline.set(began + windowMillis * 1_000_000);
        start.countDown();
        done.await();
        double seconds = (System.nanoTime() - began) / 1e9;
        cpu = SYSTEM.getProcessCpuTime() - cpu;
        bytes = allocated() - bytes;
        measured.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a call failed", failure.get());
        }
        Histogram sum = new Histogram(SLOWEST_NANOS, 2);
        times.forEach(sum::add);
        long calls = sum.getTotalCount();
        return new Sample(
                calls / seconds,
                sum.getValueAtPercentile(50) / 1e3,
                sum.getValueAtPercentile(99) / 1e3,
                cpu / 1e3 / calls,
                bytes / calls);
    }

    private void callUntil(long deadline, Variant variant, Histogram times, AtomicReference<Exception> failure) {
        try {
            long before = System.nanoTime();
            while (before < deadline && failure.get() == null) {
                String result = variant.query("ORDER-" + orders.incrementAndGet());
                if (!"SUCCESS".equals(result)) {
                    throw new IllegalStateException("not what the responder says: " + result);
                }
                long after = System.nanoTime();
                times.recordValue(Math.min(after - before, SLOWEST_NANOS));
                before = after;
            }
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
    }

    private static double allocated() {
        try {
            return (long)
                    ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes").invoke(THREADS);
        } catch (ReflectiveOperationException e) {
            // Before Java 21: the threads that there are.
            long sum = 0;
            for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
                sum += Math.max(0, bytes);
            }
            return sum;
        }
    }
}
