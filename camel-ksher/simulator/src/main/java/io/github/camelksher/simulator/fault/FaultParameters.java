/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.fault;

import java.time.Duration;

/** What was asked of a fault, by name. A value that is not of the kind asked for is an {@link IllegalArgumentException}. */
public interface FaultParameters {

    /** The parameter as an int, or {@code otherwise} if there is none. */
    int number(String name, int otherwise);

    /** The parameter as a time in milliseconds, zero if there is none. */
    Duration millis(String name);

    /** The parameter as a text, or {@code otherwise} if there is none. */
    String text(String name, String otherwise);
}
