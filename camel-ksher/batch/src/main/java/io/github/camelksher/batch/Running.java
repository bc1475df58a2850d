/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.run.BatchWorker;

/** What there is while a {@link KsherBatch} is started. */
record Running(Journal journal, Target target, BatchWorker worker) {

    /** What the journal knows of the batch now; as it was, if it is gone. */
    BatchInfo now(BatchInfo batch) {
        BatchInfo found = journal.find(batch.target(), batch.name());
        return found == null ? batch : found;
    }
}
