/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.report.ReportFiles;
import io.github.camelksher.batch.report.Summary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run with an end: a file's orders, or those that are asked about once more. */
final class FileRun {

    private static final Duration JOURNAL_PATIENCE = Duration.ofSeconds(5);

    private final Application application;

    FileRun(Application application) {
        this.application = application;
    }

    int close(Path file, boolean again) throws Exception {
        OrdersFile orders = OrdersFile.open(file);
        Progress progress = application.progress();
        KsherBatch batch = start(progress);
        List<BatchInfo> wanted = new ArrayList<>();
        for (BatchInfo unfinished : batch.journal().unfinished(application.target())) {
            if (unfinished.state() == BatchInfo.State.OPEN) {
                wanted.add(unfinished);
            }
        }
        BatchInfo mine;
        try {
            mine = batch.plan(file, again);
        } catch (InterruptedException e) {
            return application.stopped(batch);
        }
        application.say(application.target() + ", batch " + mine.name() + ": " + BatchClose.orders(orders.rows()));
        if (mine.isDone()) {
            application.say("It is finished already: no call is made for it. (--again runs it once more.)");
            ReportFiles.write(batch.journal(), mine, application.configuration().getReport());
        }
        wanted.removeIf(other -> other.id() == mine.id());
        wanted.forEach(other -> application.say("Unfinished, gone on with first: " + other.name()));
        wanted.add(mine);
        return finish(batch, wanted, progress);
    }

    int checkLate(String name) throws Exception {
        Progress progress = application.progress();
        KsherBatch batch = start(progress);
        BatchInfo of = batch.journal().find(application.target(), name);
        if (of == null) {
            throw new UsageException(
                    "The journal has no batch " + name + " for " + application.target() + ": --status lists them.");
        }
        if (!of.isDone()) {
            throw new UsageException(name + " is not finished: run it to its end first.");
        }
        BatchInfo late = batch.checkLate(of);
        application.say(application.target() + ", " + late.received() + " closed gateway order"
                + (late.received() == 1 ? "" : "s") + " of " + name + " to ask about once more");
        Map<Outcome, Long> outcomes = Map.of();
        int code = finish(batch, List.of(late), progress);
        if (code != BatchClose.UNFINISHED) {
            outcomes = batch.journal().reports().outcomes(late);
        }
        // A refund was paid first.
        boolean paid = outcomes.containsKey(Outcome.PAID) || outcomes.containsKey(Outcome.REFUNDED);
        return paid ? BatchClose.NEEDS_PERSON : code;
    }

    private KsherBatch start(Progress progress) throws UsageException {
        // Whoever started it looks at it: it says what is wrong soon, and ends.
        application.configuration().setJournalPatience(JOURNAL_PATIENCE);
        return application.start(progress, null);
    }

    private int finish(KsherBatch batch, List<BatchInfo> wanted, Progress progress) throws InterruptedException {
        long rows = wanted.stream().mapToLong(BatchInfo::received).sum();
        wanted.forEach(one -> progress.add(batch.journal().reports().outcomes(one)));
        boolean done =
                application.work(batch, progress, rows, () -> wanted.stream().allMatch(one -> isDone(batch, one)));
        boolean person = false;
        for (BatchInfo one : wanted) {
            Summary summary = summary(batch, one);
            if (summary == null) {
                continue;
            }
            person |= summary.needsPerson();
            print(summary, one.kind() == BatchInfo.Kind.LATE);
            if (done) {
                String name = one.kind() == BatchInfo.Kind.LATE
                        ? one.name().replaceFirst("\\.late(-[0-9]+)?$", "") + ".late.csv"
                        : one.name() + ".report.html";
                application.say(
                        "Report: " + application.configuration().getReport().resolve(name));
            }
        }
        if (!done) {
            return application.stopped(batch);
        }
        String trouble = batch.worker().trouble();
        if (trouble != null) {
            application.say("The last failure: " + trouble);
        }
        return person ? BatchClose.NEEDS_PERSON : BatchClose.SETTLED;
    }

    /** Null if the journal is away: it was said why. */
    private static @Nullable Summary summary(KsherBatch batch, BatchInfo one) {
        try {
            return Summary.of(batch.journal(), one);
        } catch (JournalException e) {
            if (batch.worker().stopped() == null) {
                throw e;
            }
            return null;
        }
    }

    private static boolean isDone(KsherBatch batch, BatchInfo one) {
        BatchInfo now = batch.journal().find(one.target(), one.name());
        return now != null && now.isDone();
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
