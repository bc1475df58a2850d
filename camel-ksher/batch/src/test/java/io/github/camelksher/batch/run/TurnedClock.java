/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that goes on when the test turns it; as {@link System#nanoTime}. */
final class TurnedClock implements LongSupplier {

    /** Close to where a {@code long} overflows, which {@code nanoTime} may be as well. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }
}
