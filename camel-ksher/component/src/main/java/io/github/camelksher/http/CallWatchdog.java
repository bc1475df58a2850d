/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Aborts each call whose deadline is exceeded, by a task of its own: a failure of one reaches no other. While there is no call
 * there is no task. Socket timeouts alone do not end a reply that trickles.
 */
final class CallWatchdog implements AutoCloseable {

    private static final int MOST_TRIES = 200;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final ScheduledThreadPoolExecutor timer;
    private final Map<HttpCall, Future<?>> tasks = new ConcurrentHashMap<>();
    private volatile boolean closed;

    CallWatchdog(ThreadFactory threads) {
        timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setRemoveOnCancelPolicy(true);
    }

    void watch(HttpCall call) throws InterruptedIOException {
        check();
        tasks.put(call, timer.schedule(() -> insist(call::exceedDeadline), call.nanosLeft(), TimeUnit.NANOSECONDS));
        if (closed) {
            call.abort(stopped());
        }
    }

    void unwatch(HttpCall call) {
        Future<?> task = tasks.remove(call);
        if (task != null) {
            task.cancel(false);
        }
    }

    /** How many deadlines are waited for. */
    int tasks() {
        return timer.getQueue().size();
    }

    /** Aborting takes a little memory. Without any the call would go on: so it is tried for a while until there is some. */
    private static void insist(Runnable abort) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                abort.run();
                return;
            } catch (Throwable e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /**
     * Checks whether calls can be watched, without which they are not made.
     *
     * @throws OutOfMemoryError if the thread that does it is gone and none can be started
     */
    void probe() throws InterruptedIOException {
        check();
        timer.prestartCoreThread();
    }

    private void check() throws InterruptedIOException {
        if (closed) {
            throw stopped();
        }
    }

    /** Aborts the calls under way. */
    @Override
    public void close() {
        closed = true;
        // Else one that waits would begin with the connection of one that is aborted before it.
        tasks.keySet().forEach(call -> call.refuse(stopped()));
        tasks.keySet().forEach(call -> insist(() -> call.abort(stopped())));
        timer.shutdownNow();
    }

    private static InterruptedIOException stopped() {
        return new InterruptedIOException("the component was stopped");
    }
}
