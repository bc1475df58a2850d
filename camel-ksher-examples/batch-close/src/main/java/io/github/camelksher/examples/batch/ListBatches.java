/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchProgress;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.life.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lists the batches of the journal, also while another process has it open and a management port.
 */
record ListBatches(PrintWriter out, BatchConfiguration configuration) implements Command {

    @Override
    public ExitCode run() throws UsageException, InterruptedException {
        try (Journal journal = ExistingJournal.open(configuration)) {
            out.print(text(journal.progress(null)));
        } catch (JournalException e) {
            if (!e.isInUse()) {
                throw e;
            }
            out.print(askTheProcessThatHasIt(e));
        }
        // Only println flushes by itself.
        out.flush();
        return ExitCode.SETTLED;
    }

    private String askTheProcessThatHasIt(JournalException reason) throws InterruptedException {
        StatusAddress address = StatusAddress.of(configuration);
        String whatToDo = "A run with batch.management-port=0 in its settings answers --status while it works.";
        try {
            String answer = address == null ? null : address.ask();
            if (answer != null) {
                return answer;
            }
        } catch (IOException e) {
            whatToDo =
                    "It does not answer --status now, where " + address.file() + " says: it hangs, or has just ended.";
        }
        throw new JournalException(reason.getMessage() + " " + whatToDo, reason);
    }

    /** A few lines for each batch. */
    static String text(List<BatchProgress> batches) {
        return batches.isEmpty()
                ? String.format("The journal has no batches.%n")
                : batches.stream().map(ListBatches::text).collect(Collectors.joining());
    }

    private static String text(BatchProgress progress) {
        BatchInfo batch = progress.batch();
        boolean reading = batch.state() == BatchInfo.State.READING;
        return String.format(
                Locale.ROOT,
                "%s  %s  %s%n  %s%s, %d open%s%n",
                batch.name(),
                reading ? "not read to its end: run its file again" : batch.state(),
                batch.target(),
                Words.rows(progress.received()),
                batch.total() == null ? " (total not known yet)" : " of " + batch.total(),
                progress.openRows(),
                outcomes(progress.outcomes()));
    }

    private static String outcomes(Map<Outcome, Long> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((outcome, count) ->
                text.append(", ").append(outcome).append(' ').append(count));
        return text.toString();
    }
}
