/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.run.BatchWorker;

/** The parts of a started {@link KsherBatch}. */
record Running(Journal journal, Target target, BatchWorker worker) {

    /** The batch as the journal has it now; unchanged if it was deleted. */
    BatchInfo now(BatchInfo batch) {
        BatchInfo found = journal.find(batch.target(), batch.name());
        return found == null ? batch : found;
    }
}
