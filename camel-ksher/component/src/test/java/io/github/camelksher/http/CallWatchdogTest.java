/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallWatchdogTest {

    private final CallWatchdog watchdog = new CallWatchdog(Thread::new);

    @AfterEach
    void stop() {
        watchdog.close();
    }

    private static HttpCall call(Duration callTimeout) {
        URI url = URI.create("http://127.0.0.1/");
        return new HttpCall(
                url,
                new CallSettings(url.toString(), Map.of(), Duration.ofSeconds(30), callTimeout, 1024),
                System.nanoTime());
    }

    @Test
    void noTaskIsLeftWhenNoCallIs() throws Exception {
        List<HttpCall> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            HttpCall call = call(Duration.ofHours(1));
            calls.add(call);
            watchdog.watch(call);
        }
        assertThat(watchdog.tasks()).isEqualTo(50);
        calls.forEach(watchdog::unwatch);
        assertThat(watchdog.tasks()).isZero();
    }

    @Test
    void anAbortThatFailsForWantOfMemoryIsTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        CountDownLatch closed = new CountDownLatch(1);
        HttpCall call = call(Duration.ofMillis(20));
        call.setDependency(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new OutOfMemoryError("by the test");
            }
            closed.countDown();
            return true;
        });
        watchdog.watch(call);
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anAbortThatFailsKeepsNoOtherDeadlineForEver() throws Exception {
        CountDownLatch aborted = new CountDownLatch(1);
        HttpCall call = call(Duration.ofMillis(20));
        call.setDependency(() -> {
            throw new IllegalStateException("by the test");
        });
        HttpCall next = call(Duration.ofMillis(40));
        next.setDependency(() -> {
            aborted.countDown();
            return true;
        });
        watchdog.watch(call);
        watchdog.watch(next);
        assertThat(aborted.await(40, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsWatchedAfterTheEndIsNotSent() {
        watchdog.close();
        HttpCall call = call(Duration.ofHours(1));
        assertThatThrownBy(() -> watchdog.watch(call))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("stopped");
    }
}
