/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run over one file, from the first line on the terminal to the exit code. */
final class Batch {

    static final int SETTLED = 0;
    static final int UNFINISHED = 1;
    static final int NEEDS_PERSON = 2;

    /** Longer than a call may take, so that those in flight are finished. */
    private static final long LONGEST_CALL_SECONDS = 70;

    private final PrintWriter out;
    private final Path reportDirectory;
    private final Pace pace;

    Batch(PrintWriter out, Path reportDirectory, Pace pace) {
        this.out = out;
        this.reportDirectory = reportDirectory;
        this.pace = pace;
    }

    int run(OrdersFile orders, Settings settings) throws UnusableFile, IOException, InterruptedException {
        try (KsherCalls calls = KsherCalls.start(settings)) {
            out.println(settings.target() + ", " + orders.rows().size() + " rows: batch " + orders.batch());
            out.flush();
            BatchRunner runner = new BatchRunner(orders.rows(), calls, pace);
            CountDownLatch over = new CountDownLatch(1);
            Thread onSignal = new Thread(() -> {
                runner.stop("on request");
                awaitQuietly(over);
                Runtime.getRuntime().halt(UNFINISHED);
            });
            Runtime.getRuntime().addShutdownHook(onSignal);
            try {
                runner.await();
                return finish(orders, runner);
            } finally {
                out.flush();
                over.countDown();
                forget(onSignal);
            }
        }
    }

    private int finish(OrdersFile orders, BatchRunner runner) throws IOException {
        List<ReportRow> rows = runner.settled();
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        rows.forEach(row -> counts.merge(row.verdict().outcome(), 1, Integer::sum));
        counts.forEach((outcome, count) ->
                out.printf("  %-14s %6d%s%n", outcome, count, outcome.needsPerson ? "  needs a person" : ""));
        if (runner.open() > 0) {
            out.println("Stopped: " + runner.stopped());
            out.println(
                    runner.open() + " orders are not settled, so no report was written. To go on, run the same again:"
                            + " every order is asked about before anything is sent.");
            return UNFINISHED;
        }
        out.println("Report: " + ReportFile.write(reportDirectory, orders.batch(), rows));
        return counts.keySet().stream().anyMatch(outcome -> outcome.needsPerson) ? NEEDS_PERSON : SETTLED;
    }

    private static void awaitQuietly(CountDownLatch over) {
        try {
            if (!over.await(LONGEST_CALL_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(UNFINISHED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is running: it was the one that ended this.
        }
    }
}
