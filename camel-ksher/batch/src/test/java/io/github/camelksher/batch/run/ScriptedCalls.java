/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Event;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Calls that end as the test says, one after the other; a call more than that is a failure of the
 * test.
 */
final class ScriptedCalls implements Calls {

    private final Deque<Supplier<Event>> script = new ConcurrentLinkedDeque<>();

    /** The calls that were made, as "query 2" and "command 2", with the row's line. */
    final List<String> made = new CopyOnWriteArrayList<>();

    ScriptedCalls then(Event... events) {
        for (Event event : events) {
            thenDo(() -> event);
        }
        return this;
    }

    ScriptedCalls thenDo(Supplier<Event> call) {
        script.add(call);
        return this;
    }

    @Override
    public Event query(OrderRow row) {
        return make("query " + row.line());
    }

    @Override
    public Event command(OrderRow row) {
        return make("command " + row.line());
    }

    private Event make(String call) {
        made.add(call);
        Supplier<Event> end = script.poll();
        if (end == null) {
            throw new AssertionError("this call was not to be made: " + call);
        }
        return end.get();
    }
}
