/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.run.BatchWorker;
import io.github.camelksher.batch.run.Calls;
import io.github.camelksher.batch.run.Observer;
import io.github.camelksher.batch.run.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which batches get their report, and are done. The worker works on no order. */
class FinisherTest extends JournalCase {

    private static final Calls NONE = new Calls() {
        @Override
        public Event query(OrderRow row) {
            throw new AssertionError(row);
        }

        @Override
        public Event command(OrderRow row) {
            throw new AssertionError(row);
        }
    };

    private final BatchConfiguration configuration = new BatchConfiguration();
    private final WatchedFiles watched = new WatchedFiles();
    private final BlockingQueue<BatchInfo> done = new LinkedBlockingQueue<>();
    private final CapturedLog log = new CapturedLog(BatchWorker.class);
    private BatchWorker worker;
    private Finisher finisher;

    @BeforeEach
    void make() {
        configuration.setReport(directory.resolve("out"));
        configuration.setQuietAfter(Duration.ofHours(1));
        Lease lease = Lease.take(journal, new Lease.Worker(TARGET, "a worker", Duration.ZERO), Duration.ZERO);
        Pace pace = new Pace(Duration.ofSeconds(10), Duration.ofMinutes(15), 1);
        worker = new BatchWorker(journal, lease, TARGET, NONE, pace, new Observer() {});
    }

    private void start() {
        finisher = new Finisher(new Running(journal, TARGET, worker), configuration, watched, done::add);
        finisher.start();
    }

    @AfterEach
    void stop() throws Exception {
        worker.stop("by the test");
        worker.awaitEnd();
        finisher.awaitEnd();
        log.close();
    }

    /** A file's batch with one row. */
    private BatchInfo batch(String name, String operation) {
        BatchInfo batch = journal.beginFile(TARGET, name, "sha of " + name, 1);
        journal.addRows(
                batch, List.of(order(2).operation(operation).mchOrderNo("A").build()));
        journal.release(batch);
        return now(batch);
    }

    /** An invalid row is final at once. */
    private BatchInfo complete(String name) {
        return batch(name, "pay");
    }

    private BatchInfo nextDone() throws InterruptedException {
        return done.poll(30, TimeUnit.SECONDS);
    }

    private Path report(String name) {
        return configuration.getReport().resolve(name + ".report.csv");
    }

    @Test
    void aBatchWhoseRowsAreFinalIsReportedAndDoneAndOneWithAnOpenRowIsNot() throws Exception {
        BatchInfo open = batch("open", "close");
        BatchInfo complete = complete("complete");
        start();
        assertThat(nextDone()).isEqualTo(now(complete)).matches(BatchInfo::isDone);
        assertThat(report("complete")).isRegularFile();
        assertThat(now(open).state()).isEqualTo(State.OPEN);
        assertThat(report("open")).doesNotExist();
        assertThat(done).as("told once").isEmpty();
    }

    @Test
    void aQueuesBatchWithoutATotalIsNotDoneBeforeItWasQuietForLong() throws Exception {
        journal.receive(
                        TARGET,
                        "queue",
                        order(1).operation("pay").mchOrderNo("A").build())
                .join();
        complete("file");
        start();
        assertThat(nextDone().name()).isEqualTo("file");
        assertThat(report("queue")).doesNotExist();
        journal.receiveTotal(TARGET, "queue", 1).join();
        assertThat(nextDone().name()).isEqualTo("queue");
        assertThat(report("queue")).isRegularFile();
    }

    @Test
    void aReportThatCannotBeWrittenStopsTheWorkerAndTheBatchIsNotDone() throws Exception {
        configuration.setReport(Files.writeString(directory.resolve("file"), "no folder"));
        BatchInfo batch = complete("complete");
        start();
        assertThat(worker.whenStopped().toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(30))
                .asString()
                .contains("the report cannot be written", "The journal has every outcome");
        assertThat(worker.hasFailed()).isTrue();
        assertThat(now(batch).state()).isEqualTo(State.OPEN);
        assertThat(done).isEmpty();
    }

    @Test
    void aWatchedFileIsMovedAwayAlsoIfAnotherWorkerFinishedItsBatch() throws Exception {
        BatchInfo elsewhere = complete("elsewhere");
        assertThat(journal.finish(elsewhere, 0)).isTrue();
        Path folder = Files.createDirectory(directory.resolve("watched"));
        Path finished = Files.writeString(folder.resolve("finished.csv"), "x");
        Path unfinished = Files.writeString(folder.resolve("unfinished.csv"), "x");
        watched.add(batch("open", "close"), unfinished);
        watched.add(elsewhere, finished);
        complete("complete");
        start();
        assertThat(nextDone().name()).isEqualTo("complete");
        complete("next");
        assertThat(nextDone().name()).as("the files have been looked at").isEqualTo("next");
        assertThat(finished).doesNotExist();
        assertThat(folder.resolve("done/finished.csv")).isRegularFile();
        assertThat(unfinished).exists();
        assertThat(done).as("none that was finished elsewhere").isEmpty();
    }
}
