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
 * Aborts each call whose deadline is exceeded, with one scheduled task a call. Socket timeouts
 * alone do not end a reply that trickles.
 */
final class CallWatchdog implements AutoCloseable {

    private static final int MAX_TRIES = 200;
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
        tasks.put(call, timer.schedule(() -> retry(call::exceedDeadline), call.nanosLeft(), TimeUnit.NANOSECONDS));
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

    /** The number of scheduled tasks. */
    int tasks() {
        return timer.getQueue().size();
    }

    /** Retries an abort that fails for lack of memory: the call would go on otherwise. */
    private static void retry(Runnable abort) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            try {
                abort.run();
                return;
            } catch (Throwable e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /**
     * Checks that calls can be watched.
     *
     * @throws OutOfMemoryError if the thread has ended and cannot be started again
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

    /** Aborts all calls. */
    @Override
    public void close() {
        closed = true;
        // Otherwise a waiting call would get the connection of a call that is aborted before it.
        tasks.keySet().forEach(call -> call.refuse(stopped()));
        tasks.keySet().forEach(call -> retry(() -> call.abort(stopped())));
        timer.shutdownNow();
    }

    private static InterruptedIOException stopped() {
        return new InterruptedIOException("the component was stopped");
    }
}
