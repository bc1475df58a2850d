/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Event;

/** The two calls of an order. They do not throw: each end is an event. */
public interface Calls {

    Event query(OrderRow row);

    Event command(OrderRow row);
}
