/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Outcome;

/** Observes calls and rows, for progress and metrics. Called by many threads at once. */
public interface Observer {

    /** A call has ended. */
    default void called(String operation, Event event, long nanos) {}

    /** A row is final, and that is on disk. */
    default void settled(HeldRow row, Outcome outcome) {}
}
