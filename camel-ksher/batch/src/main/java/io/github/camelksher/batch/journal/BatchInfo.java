/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the journal has it.
 *
 * @param sha256 of its file's content; null for a queue
 * @param total how many rows it has; null if that is not known yet
 * @param touchedAt when the latest row or total came in
 * @param finishedAt null if it is not finished
 */
public record BatchInfo(
        long id,
        Target target,
        String name,
        Kind kind,
        @Nullable String sha256,
        int run,
        State state,
        long received,
        @Nullable Long total,
        Instant createdAt,
        Instant touchedAt,
        @Nullable Instant finishedAt) {

    /** Where its rows come from. */
    public enum Kind {
        FILE,
        QUEUE,
        /** Queries the closed gateway orders of another batch for late payments. */
        LATE
    }

    /** How far the batch is. */
    public enum State {
        /** Its file was not read to the end yet: none of its orders was touched. */
        READING,
        OPEN,
        /** Every row is final and the report was written. */
        DONE
    }

    public boolean isDone() {
        return state == State.DONE;
    }
}
