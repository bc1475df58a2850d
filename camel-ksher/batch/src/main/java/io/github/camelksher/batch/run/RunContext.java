/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.util.function.LongSupplier;

/** What the parts of one worker share; the clock is as {@link System#nanoTime}. */
record RunContext(RunState state, RunTime time, WakeUp wakeUp, LongSupplier clock) {

    static RunContext begin(long ranBefore, LongSupplier clock) {
        WakeUp wakeUp = new WakeUp();
        return new RunContext(new RunState(wakeUp), new RunTime(ranBefore, clock), wakeUp, clock);
    }

    long nanos() {
        return clock.getAsLong();
    }
}
