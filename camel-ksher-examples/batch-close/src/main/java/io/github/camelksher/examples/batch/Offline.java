/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.FilePlanner;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.ReportedRow;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.report.ReportFiles;
import io.github.camelksher.batch.report.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What needs no Ksher: status, reports, dry run. */
final class Offline {

    private static final int SHOWN = 20;

    private final PrintWriter out;
    private final BatchConfiguration configuration;

    Offline(PrintWriter out, BatchConfiguration configuration) {
        this.out = out;
        this.configuration = configuration;
    }

    int run(BatchClose line) throws Exception {
        if (line.dryRun) {
            return dryRun(Objects.requireNonNull(line.file));
        }
        Path file = Checks.h2File(configuration.getJournalUrl());
        if (file != null && !Files.exists(file.resolveSibling(file.getFileName() + ".mv.db"))) {
            throw new UsageException("There is no journal at " + file + ": check --report and --journal.");
        }
        try (Journal journal = Journal.open(
                configuration.getJournalUrl(), configuration.getJournalUser(), configuration.getJournalPassword())) {
            return line.status
                    ? status(journal)
                    : line.prune != null
                            ? prune(journal, line.prune)
                            : writeReport(journal, Objects.requireNonNull(line.writeReport));
        }
    }

    private int prune(Journal journal, String days) throws UsageException {
        if (!days.matches("[0-9]{1,5}")) {
            throw new UsageException("--prune needs a number of days: " + days);
        }
        int pruned = journal.prune(Duration.ofDays(Integer.parseInt(days)));
        out.println("Deleted from the journal: " + pruned + (pruned == 1 ? " batch" : " batches")
                + " finished more than " + days + " days ago. Reports are left as they are.");
        out.flush();
        return BatchClose.SETTLED;
    }

    private int status(Journal journal) {
        List<BatchInfo> batches = journal.all();
        if (batches.isEmpty()) {
            out.println("The journal has no batches.");
        }
        for (BatchInfo batch : batches) {
            long open = journal.reports().openRows(batch);
            out.printf(
                    Locale.ROOT,
                    "%s  %s  %s%n  %s%s, %d open%s%n",
                    batch.name(),
                    batch.state() == BatchInfo.State.READING
                            ? "not read to its end: run its file again"
                            : batch.state(),
                    batch.target(),
                    BatchClose.rows(batch.received()),
                    batch.total() == null ? " (total not known yet)" : " of " + batch.total(),
                    open,
                    outcomes(journal.reports().outcomes(batch)));
        }
        out.flush();
        return BatchClose.SETTLED;
    }

    private static String outcomes(Map<Outcome, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((outcome, count) ->
                text.append(", ").append(outcome).append(' ').append(count));
        return text.toString();
    }

    private int writeReport(Journal journal, String name) throws IOException, UsageException {
        BatchInfo batch = journal.find(null, name);
        if (batch == null) {
            throw new UsageException("The journal has no batch " + name + ": --status lists them.");
        }
        long open = journal.reports().openRows(batch);
        if (!batch.isDone() && (open > 0 || batch.state() == BatchInfo.State.READING)) {
            out.println(name + " is not finished: " + BatchClose.rows(open) + (open == 1 ? " is" : " are")
                    + " open. Run it to its end first.");
            out.flush();
            return BatchClose.UNFINISHED;
        }
        out.println("Report: " + ReportFiles.write(journal, batch, configuration.getReport()));
        out.flush();
        return Summary.of(journal, batch).needsPerson() ? BatchClose.NEEDS_PERSON : BatchClose.SETTLED;
    }

    /** Plans the file into a journal of its own, which is thrown away: the counts are those that a run would have. */
    private int dryRun(Path file) throws UnusableFileException, IOException, InterruptedException {
        OrdersFile orders = OrdersFile.open(file);
        try (TemporaryDirectory directory = new TemporaryDirectory().deletedOnSignal();
                Journal journal =
                        Journal.open("jdbc:h2:file:" + directory.path().resolve("journal"), null, null)) {
            BatchInfo batch =
                    FilePlanner.plan(journal, new Target("dry-run", "http://none", "http://none"), orders, false);
            Map<Outcome, Long> counts = journal.reports().outcomes(batch);
            out.println("Dry run of " + file + ": batch " + batch.name() + ", " + BatchClose.orders(batch.received()));
            out.println("  to be worked on " + journal.reports().openRows(batch));
            counts.forEach((outcome, count) -> out.println("  " + outcome + " " + count));
            List<ReportedRow> invalid = journal.reports().finalRows(batch, List.of(Outcome.INVALID), SHOWN);
            invalid.forEach(row -> out.println(
                    "  line " + row.line() + ": " + row.result().details().text()));
            @Nullable Long all = counts.get(Outcome.INVALID);
            if (all != null && all > invalid.size()) {
                out.println("  and " + (all - invalid.size()) + " more");
            }
            out.flush();
            return all == null ? BatchClose.SETTLED : BatchClose.NEEDS_PERSON;
        }
    }
}
