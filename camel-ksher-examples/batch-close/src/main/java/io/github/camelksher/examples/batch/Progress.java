/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.run.BatchWorker;
import io.github.camelksher.batch.run.Observer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows how far the run is: by a bar on a terminal, else by a line every 10 seconds. */
final class Progress implements Observer {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    private static final int LOG_EVERY_SECONDS = 10;

    private final Consumer<Throwable> onError;
    private final Map<Outcome, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final LongAdder settledNow = new LongAdder();
    private final Map<Outcome, LongAdder> countsOfThisRun = new ConcurrentSkipListMap<>();
    private final LastMinute lastMinute = new LastMinute(System::nanoTime);
    private final long begun = System.nanoTime();

    /** @param onError is told of an error in the thread that shows the progress */
    Progress(Consumer<Throwable> onError) {
        this.onError = onError;
    }

    /** Rows that were final before this run. */
    void add(Map<Outcome, Long> outcomes) {
        outcomes.forEach((outcome, count) ->
                adder(outcome).add(count - Math.min(count, adder(outcome).sum())));
    }

    @Override
    public void settled(HeldRow row, Outcome outcome) {
        adder(outcome).increment();
        countsOfThisRun.computeIfAbsent(outcome, key -> new LongAdder()).increment();
        lastMinute.add();
        settledNow.increment();
        LOG.debug("{}: {}", row, outcome);
    }

    /** Without the rows that were final before. */
    Map<Outcome, Long> outcomesOfThisRun() {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        countsOfThisRun.forEach((outcome, count) -> outcomes.put(outcome, count.sum()));
        return outcomes;
    }

    long settledInTheLastMinute() {
        return lastMinute.count();
    }

    private LongAdder adder(Outcome outcome) {
        return counts.computeIfAbsent(outcome, key -> new LongAdder());
    }

    /** A batch's report is written. */
    void done(BatchInfo batch) {
        LOG.info("{} is finished: {}", batch.name(), Words.rows(batch.received()));
    }

    private long settled() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    private String outcomes() {
        return counts.isEmpty()
                ? "no outcome yet"
                : counts.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue().sum())
                        .collect(Collectors.joining(", "));
    }

    /** Shows it until it is closed; {@code rows} is 0 if there is no end. */
    Shown show(long rows, BatchWorker worker) {
        return new Shown(rows, worker);
    }

    final class Shown implements AutoCloseable {

        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "batch-close-progress");
            thread.setDaemon(true);
            return thread;
        });
        private final long rows;
        private final BatchWorker worker;
        private final @Nullable ProgressBar bar;
        private String said = "";

        Shown(long rows, BatchWorker worker) {
            this.rows = rows;
            this.worker = worker;
            // Told by the run script: since Java 22, a
            // program cannot tell whether it has a terminal.
            boolean terminal = Boolean.getBoolean("batch.terminal");
            this.bar = terminal ? bar(rows) : null;
            long every = terminal ? 1 : LOG_EVERY_SECONDS;
            var unused = timer.scheduleAtFixedRate(this::guardedUpdate, every, every, TimeUnit.SECONDS);
        }

        private static ProgressBar bar(long rows) {
            return new ProgressBarBuilder()
                    .setTaskName("orders")
                    .setInitialMax(rows == 0 ? -1 : rows)
                    .setUpdateIntervalMillis(500)
                    .build();
        }

        /** Without the catch, the timer would keep an error to itself, and stop. */
        private void guardedUpdate() {
            try {
                update();
            } catch (RuntimeException | Error e) {
                onError.accept(e);
            }
        }

        private void update() {
            if (bar != null) {
                bar.stepTo(settled());
                bar.setExtraMessage(" " + state() + outcomes());
            } else {
                String line = line();
                // A queue can be empty for hours: its line is shown when it changes.
                if (rows > 0 || !line.equals(said)) {
                    LOG.info("{}", line);
                }
                said = line;
            }
        }

        private String state() {
            String trouble = worker.trouble();
            String paused = worker.isPaused() ? "PAUSED: waiting for Ksher; " : "";
            return trouble == null ? paused : paused + "the last failure: " + trouble + "; ";
        }

        private String line() {
            String of = rows == 0 ? "" : " of " + rows;
            return state() + settled() + of + " settled (" + outcomes() + "), " + worker.inFlight() + " calls in flight"
                    + timeLeft();
        }

        private String timeLeft() {
            long now = settledNow.sum();
            if (rows == 0 || now == 0) {
                return "";
            }
            long seconds =
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) * Math.max(0, rows - settled()) / now;
            return ", about "
                    + Duration.ofSeconds(seconds).toString().substring(2).toLowerCase(Locale.ROOT) + " left";
        }

        @Override
        public void close() {
            timer.shutdownNow();
            if (bar != null) {
                update();
                bar.close();
            }
        }
    }
}
