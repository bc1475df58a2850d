/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import org.jspecify.annotations.Nullable;

/**
 * A batch to be created.
 *
 * @param content SHA-256 of a file, the batch that is checked for late payments, or null for a queue
 * @param run which run of that content it is, from 1
 */
record NewBatch(Target target, String name, Kind kind, @Nullable String content, int run) {

    static NewBatch file(Target target, String name, String sha256, int run) {
        return new NewBatch(target, name, Kind.FILE, sha256, run);
    }

    static NewBatch queue(Target target, String name) {
        return new NewBatch(target, name, Kind.QUEUE, null, 1);
    }

    static NewBatch late(BatchInfo checked, String name, int run) {
        return new NewBatch(checked.target(), name, Kind.LATE, contentOfLate(checked), run);
    }

    static String contentOfLate(BatchInfo checked) {
        return "late:" + checked.id();
    }

    /** A queue's orders are worked on as they come; all others when the last one is in. */
    State state() {
        return kind == Kind.QUEUE ? State.OPEN : State.READING;
    }
}
