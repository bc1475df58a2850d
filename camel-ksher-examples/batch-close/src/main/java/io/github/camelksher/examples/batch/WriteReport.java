/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.report.ReportFiles;
import io.github.camelksher.batch.report.Summary;
import java.io.IOException;
import java.io.PrintWriter;

/** Writes a batch's report again, from the journal. */
record WriteReport(PrintWriter out, BatchConfiguration configuration, String name) implements Command {

    @Override
    public ExitCode run() throws IOException, UsageException {
        try (Journal journal = ExistingJournal.open(configuration)) {
            BatchInfo batch = journal.find(null, name);
            if (batch == null) {
                throw new UsageException("The journal has no batch " + name + ": --status lists them.");
            }
            long open = journal.reports().openRows(batch);
            if (!batch.isDone() && (open > 0 || batch.state() == BatchInfo.State.READING)) {
                out.println(name + " is not finished: " + Words.rows(open) + (open == 1 ? " is" : " are")
                        + " open. Run it to its end first.");
                return ExitCode.UNFINISHED;
            }
            out.println("Report: " + ReportFiles.write(journal, batch, configuration.getReport()));
            return Summary.of(journal, batch).needsPerson() ? ExitCode.NEEDS_PERSON : ExitCode.SETTLED;
        }
    }
}
