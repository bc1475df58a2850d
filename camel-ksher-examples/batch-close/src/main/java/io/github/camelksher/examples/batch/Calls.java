/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** The two calls of an order. They do not throw: every way to end is an event. */
interface Calls {

    Event query(OrderRow row, Operation operation);

    Event command(OrderRow row, Operation operation);
}
