/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.fault;

import java.util.concurrent.TimeUnit;

/** How long a call waits before it is carried out, and how long before its reply is sent; in nanoseconds. */
public record Wait(long before, long after) {

    public static final Wait NONE = new Wait(0, 0);

    static Wait ofMillis(long before, long after) {
        return new Wait(TimeUnit.MILLISECONDS.toNanos(before), TimeUnit.MILLISECONDS.toNanos(after));
    }

    public Wait plus(Wait other) {
        return new Wait(before + other.before, after + other.after);
    }
}
