/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a loop waits for. A wake-up that comes while it does not wait is not missed. Thread-safe. */
final class WakeUp {

    private final Semaphore permits = new Semaphore(0);

    void wake() {
        permits.release();
    }

    /** Until woken, or for so long. */
    void await(Duration longest) throws InterruptedException {
        if (permits.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            permits.drainPermits();
        }
    }
}
