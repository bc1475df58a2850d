/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.run.Observer;
import java.util.List;

/** Tells several observers. */
record Observers(List<Observer> all) implements Observer {

    @Override
    public void called(String operation, Event event, long nanos) {
        all.forEach(one -> one.called(operation, event, nanos));
    }

    @Override
    public void settled(HeldRow row, Outcome outcome) {
        all.forEach(one -> one.settled(row, outcome));
    }
}
