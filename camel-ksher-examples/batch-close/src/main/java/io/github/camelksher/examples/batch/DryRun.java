/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.FilePlanner;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Reports;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Counts what a run would do with a file, by planning it into a journal that is then deleted. */
record DryRun(PrintWriter out, Path file) implements Command {

    private static final int SHOWN = 20;
    private static final Target NOWHERE = new Target("dry-run", "http://none", "http://none");

    @Override
    public ExitCode run() throws UnusableFileException, IOException, InterruptedException {
        OrdersFile orders = OrdersFile.open(file);
        try (TemporaryDirectory directory = new TemporaryDirectory().deletedOnSignal();
                Journal journal = Journal.open("jdbc:h2:file:" + directory.path.resolve("journal"), null, null)) {
            BatchInfo batch = FilePlanner.plan(journal, NOWHERE, orders, false);
            Reports reports = journal.reports();
            Map<Outcome, Long> counts = reports.outcomes(batch);
            long invalid = counts.getOrDefault(Outcome.INVALID, 0L);
            out.println("Dry run of " + file + ": batch " + batch.name() + ", " + Words.orders(batch.received()));
            out.println("  to be worked on " + reports.openRows(batch));
            counts.forEach((outcome, count) -> out.println("  " + outcome + " " + count));
            reports.finalRows(batch, List.of(Outcome.INVALID), SHOWN)
                    .forEach(row -> out.println("  line " + row.line() + ": "
                            + row.result().details().text()));
            if (invalid > SHOWN) {
                out.println("  and " + (invalid - SHOWN) + " more");
            }
            return invalid == 0 ? ExitCode.SETTLED : ExitCode.NEEDS_PERSON;
        }
    }
}
