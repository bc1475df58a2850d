/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.report.ReportFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each complete batch's report, marks it as done and moves its file away. */
final class Finisher {

    private static final Logger LOG = LoggerFactory.getLogger(Finisher.class);
    /** Other workers finish rows, too, and a quiet batch becomes complete without an event. */
    private static final long POLL_MILLIS = 250;

    private static final Duration WARN_AGAIN_AFTER = Duration.ofMinutes(1);

    private final Running running;
    private final Path directory;
    private final long quietMillis;
    private final WatchedFiles watched;
    private final Consumer<BatchInfo> onDone;
    private final Thread thread = new Thread(this::run, "ksher-batch-report");

    private long warnedAt = System.nanoTime();

    Finisher(Running running, BatchConfiguration configuration, WatchedFiles watched, Consumer<BatchInfo> onDone) {
        this.running = running;
        this.directory = configuration.getReport();
        this.quietMillis = configuration.getQuietAfter().toMillis();
        this.watched = watched;
        this.onDone = onDone;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized void wake() {
        notifyAll();
    }

    /** Waits until the thread has ended, after the worker was stopped. */
    void awaitEnd() throws InterruptedException {
        wake();
        thread.join();
    }

    private void run() {
        try {
            while (running.worker().stopped() == null) {
                finishAll();
                synchronized (this) {
                    wait(POLL_MILLIS);
                }
            }
        } catch (IOException e) {
            running.worker()
                    .fail("the report cannot be written to " + directory + " ("
                            + e.getClass().getSimpleName()
                            + "): make room or set its rights, then run the same again. The journal has every"
                            + " outcome.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            running.worker().fail(e);
        }
    }

    private void finishAll() throws IOException {
        for (BatchInfo batch : running.journal().unfinished(running.target())) {
            if (batch.state() == State.OPEN && running.journal().isComplete(batch, quietMillis)) {
                // The report first: if this process ends in between, the next one writes it again.
                BatchInfo complete = running.now(batch);
                report(complete);
                if (running.journal().finish(complete, quietMillis)) {
                    onDone.accept(running.now(batch));
                }
            }
        }
        warnOfMissingRows();
        // Includes batches that another worker finished, or that were done before their file came.
        for (BatchInfo batch : watched.batches()) {
            if (running.now(batch).isDone()) {
                watched.done(batch);
            }
        }
    }

    /** Rows that are missing below a known total may be in another worker's journal. */
    private void warnOfMissingRows() {
        long now = System.nanoTime();
        if (now - warnedAt < WARN_AGAIN_AFTER.toNanos()) {
            return;
        }
        warnedAt = now;
        for (BatchInfo batch : running.journal().waitingForRows(running.target(), WARN_AGAIN_AFTER)) {
            LOG.warn(
                    "{}: {} of {} rows are here; are there workers with another journal?",
                    batch.name(),
                    batch.received(),
                    batch.total());
        }
    }

    /** Writes the report of a batch whose rows are all final. */
    void report(BatchInfo batch) throws IOException {
        ReportFiles.write(running.journal(), batch, directory);
    }
}
