/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import java.time.Duration;

/**
 * How fast orders are called.
 *
 * @param queryInterval from the end of an order's query to its next query; also the first step of
 *     back-off
 * @param giveUpAfter how long an order may take from its first call, and how long a pause may last
 * @param parallel calls in flight at most
 */
public record Pace(Duration queryInterval, Duration giveUpAfter, int parallel) {

    /** A command is sent only so long after a query said "open". */
    static final Duration OPEN_VALID_FOR = Duration.ofSeconds(30);

    private static final int LONGEST_BACK_OFF = 30;

    /** 10, 20, 40 s … at most 5 min, for the interval of 10 s. */
    Duration wait(int backOff) {
        if (backOff == 0) {
            return queryInterval;
        }
        long factor = Math.min(LONGEST_BACK_OFF, 1L << Math.min(backOff - 1, 10));
        return queryInterval.multipliedBy(factor);
    }

    /** The longer of the back-off and what the server asks for; at most the longest back-off. */
    Duration wait(int backOff, Duration retryAfter) {
        Duration longest = queryInterval.multipliedBy(LONGEST_BACK_OFF);
        Duration asked = retryAfter.compareTo(longest) > 0 ? longest : retryAfter;
        Duration own = wait(backOff);
        return asked.compareTo(own) > 0 ? asked : own;
    }

    static String inWords(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
