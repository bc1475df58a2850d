/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import org.jspecify.annotations.Nullable;

/**
 * @param content a file's SHA-256, or which batch is checked for late payments; null for a queue
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
