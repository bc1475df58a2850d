/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

/** What to do next for an order. */
public sealed interface Action {

    /** Query it when the pace allows and after so many steps of back-off; 0 is none. */
    record Query(int backOff) implements Action {}

    /** Send the command, at once. */
    record Command() implements Action {}

    /** The order is settled: nothing more is to do. */
    record Settle(RowResult result) implements Action {}
}
