/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.time.Duration;

/**
 * How fast.
 *
 * @param queryInterval from the end of an order's query to its next one; also the first step of back-off
 * @param giveUpAfter from an order's first call
 * @param parallel calls in flight at most
 */
record Pace(Duration queryInterval, Duration giveUpAfter, int parallel) {

    /** An order seen open longer ago is asked about again before it is sent a command. */
    static final Duration FRESH = Duration.ofSeconds(30);

    private static final int LONGEST_BACK_OFF = 30;

    /** 10, 20, 40 s … at most 5 min, for the interval of 10 s. */
    Duration wait(int backOff) {
        if (backOff == 0) {
            return queryInterval;
        }
        long factor = Math.min(LONGEST_BACK_OFF, 1L << Math.min(backOff - 1, 10));
        return queryInterval.multipliedBy(factor);
    }
}
