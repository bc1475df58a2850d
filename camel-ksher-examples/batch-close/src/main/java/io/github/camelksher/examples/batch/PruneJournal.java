/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.journal.Journal;
import java.io.PrintWriter;
import java.time.Duration;

/** Deletes old finished batches from the journal. */
record PruneJournal(PrintWriter out, BatchConfiguration configuration, String days) implements Command {

    @Override
    public ExitCode run() throws UsageException {
        try (Journal journal = ExistingJournal.open(configuration)) {
            if (!days.matches("[0-9]{1,5}")) {
                throw new UsageException("--prune needs a number of days: " + days);
            }
            int pruned = journal.prune(Duration.ofDays(Integer.parseInt(days)));
            out.println("Deleted from the journal: " + pruned + (pruned == 1 ? " batch" : " batches")
                    + " finished more than " + days + " days ago. Reports are left as they are.");
            return ExitCode.SETTLED;
        }
    }
}
