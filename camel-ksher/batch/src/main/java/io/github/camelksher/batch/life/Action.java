/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

/** What to do next for an order. */
public sealed interface Action {

    /** Query it, as soon as the pace allows, and no sooner than after so many steps of back-off (0 is none). */
    record Query(int backOff) implements Action {}

    /** Send the command, at once. */
    record Command() implements Action {}

    /** Nothing more. */
    record Settle(Verdict verdict) implements Action {}
}
