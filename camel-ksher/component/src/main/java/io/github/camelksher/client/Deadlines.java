/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the calls whose time is up, or whose server is silent, at most two ticks of {@value #TICK_MILLIS} ms late. One look
 * at all of them, every so often, instead of a timer for each: that would wake a thread in every call, and nearly always
 * for nothing.
 */
final class Deadlines {

    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final long TICK_MILLIS = 10;
    private static final Duration TICK = Duration.ofMillis(TICK_MILLIS);

    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    Deadlines(ScheduledExecutorService timer) {
        timer.scheduleWithFixedDelay(this::look, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(Call call) {
        calls.add(call);
        if (closed) {
            call.end(stopped());
        }
    }

    void remove(Call call) {
        calls.remove(call);
    }

    /** Ends what is under way: after this nobody looks any more. */
    void close() {
        closed = true;
        calls.forEach(call -> call.end(stopped()));
    }

    private static InterruptedIOException stopped() {
        return new InterruptedIOException("the component was stopped");
    }

    private void look() {
        for (Call call : calls) {
            try {
                call.endIfLate();
                call.endIfSilent(TICK);
            } catch (Throwable e) {
                // Thrown further, it would be the last look, and no call would ever end by itself any more.
                LOG.warn("A call to Ksher that may be over its time could not be ended", e);
            }
        }
    }
}
