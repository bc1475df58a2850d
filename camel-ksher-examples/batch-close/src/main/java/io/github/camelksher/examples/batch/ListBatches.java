/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.life.Outcome;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lists the batches of the journal. */
record ListBatches(PrintWriter out, BatchConfiguration configuration) implements Command {

    @Override
    public ExitCode run() throws UsageException {
        try (Journal journal = ExistingJournal.open(configuration)) {
            List<BatchInfo> batches = journal.all();
            if (batches.isEmpty()) {
                out.println("The journal has no batches.");
            }
            batches.forEach(batch -> print(journal, batch));
            return ExitCode.SETTLED;
        }
    }

    private void print(Journal journal, BatchInfo batch) {
        boolean reading = batch.state() == BatchInfo.State.READING;
        out.printf(
                Locale.ROOT,
                "%s  %s  %s%n  %s%s, %d open%s%n",
                batch.name(),
                reading ? "not read to its end: run its file again" : batch.state(),
                batch.target(),
                Words.rows(batch.received()),
                batch.total() == null ? " (total not known yet)" : " of " + batch.total(),
                journal.reports().openRows(batch),
                outcomes(journal.reports().outcomes(batch)));
    }

    private static String outcomes(Map<Outcome, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((outcome, count) ->
                text.append(", ").append(outcome).append(' ').append(count));
        return text.toString();
    }
}
