/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes a waiting loop, or its next wait if it does not wait now. Thread-safe. */
final class WakeUp {

    private final Semaphore permits = new Semaphore(0);

    void wake() {
        permits.release();
    }

    /** Waits until woken, for so long at most. */
    void await(Duration longest) throws InterruptedException {
        if (permits.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            permits.drainPermits();
        }
    }
}
