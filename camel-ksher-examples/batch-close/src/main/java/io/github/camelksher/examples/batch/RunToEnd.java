/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.report.Summary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A run with an end: works on batches until they are done, and prints their outcomes. */
final class RunToEnd {

    private static final Duration JOURNAL_PATIENCE = Duration.ofSeconds(5);

    private final Application application;
    private final BatchRun run;
    final KsherBatch batch;

    RunToEnd(Application application) throws UsageException {
        // Somebody waits for it, so it ends soon if the database is away.
        application.configuration.setJournalPatience(JOURNAL_PATIENCE);
        this.application = application;
        this.run = BatchRun.start(application, null);
        this.batch = run.batch;
    }

    ExitCode stopped() {
        return run.stopped();
    }

    ExitCode finish(List<BatchInfo> wanted) throws InterruptedException {
        wanted.forEach(one -> run.progress.add(batch.journal().reports().outcomes(one)));
        long rows = wanted.stream().mapToLong(BatchInfo::received).sum();
        boolean done = run.work(rows, () -> wanted.stream().allMatch(this::isDone));
        boolean needsPerson = false;
        for (BatchInfo one : wanted) {
            Summary summary = summary(one);
            if (summary != null) {
                needsPerson |= summary.needsPerson();
                print(summary, isLate(one));
                if (done) {
                    application.say("Report: " + report(one));
                }
            }
        }
        if (!done) {
            return run.stopped();
        }
        run.sayLastFailure();
        return needsPerson ? ExitCode.NEEDS_PERSON : ExitCode.SETTLED;
    }

    private boolean isDone(BatchInfo one) {
        BatchInfo now = batch.journal().find(one.target(), one.name());
        return now != null && now.isDone();
    }

    private static boolean isLate(BatchInfo one) {
        return one.kind() == BatchInfo.Kind.LATE;
    }

    private Path report(BatchInfo one) {
        String name = isLate(one)
                ? one.name().replaceFirst("\\.late(-[0-9]+)?$", "") + ".late.csv"
                : one.name() + ".report.html";
        return application.configuration.getReport().resolve(name);
    }

    /** Null if the run stopped because the journal is away, as it then says. */
    private @Nullable Summary summary(BatchInfo one) {
        try {
            return Summary.of(batch.journal(), one);
        } catch (JournalException e) {
            if (batch.worker().stopped() == null) {
                throw e;
            }
            return null;
        }
    }

    private void print(Summary summary, boolean late) {
        summary.outcomes()
                .forEach((outcome, count) -> application.say(
                        String.format(Locale.ROOT, "  %-14s %8d%s", outcome, count, whatToDo(outcome, late))));
    }

    private static String whatToDo(Outcome outcome, boolean late) {
        if (outcome == Outcome.PAID) {
            return late ? "  needs a person: deliver the goods or refund the money" : "  deliver the goods";
        }
        return outcome.needsPerson() ? "  needs a person" : "";
    }
}
