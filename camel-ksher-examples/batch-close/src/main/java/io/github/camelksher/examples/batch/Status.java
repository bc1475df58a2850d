/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchProgress;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What the status page shows: how far the open batches are and what state the journal, Ksher and the
 * broker are in. It has numbers of rows, but no row.
 */
final class Status implements AutoCloseable {

    private static final Duration FRESH = Duration.ofSeconds(1);
    /** Counting the rows of large batches takes a while, and must not keep the journal busy. */
    private static final int SHARE_OF_TIME = 10;

    private final KsherBatch batch;
    private final Target target;
    private final Progress progress;
    private final Supplier<@Nullable String> notStarted;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "batch-close-status");
        thread.setDaemon(true);
        return thread;
    });

    private CompletableFuture<JsonObject> reading;
    private JsonObject latest = new JsonObject();
    private long readAt;
    private long tookNanos;

    /** @param notStarted why the batch has not started; null once it has */
    Status(KsherBatch batch, Progress progress, Supplier<@Nullable String> notStarted) {
        this.batch = batch;
        this.target = KsherBatch.target(batch.context());
        this.progress = progress;
        this.notStarted = notStarted;
        this.reading = CompletableFuture.supplyAsync(this::read, reader);
    }

    /**
     * The state of now. What the journal and the broker tell is the latest that is known, or is not
     * there, if one of them keeps this waiting for more than a second.
     */
    JsonObject now() throws InterruptedException {
        CompletableFuture<JsonObject> wanted;
        JsonObject known;
        synchronized (this) {
            known = latest;
            long fresh = Math.max(FRESH.toNanos(), SHARE_OF_TIME * tookNanos);
            if (reading.isDone() && System.nanoTime() - readAt >= fresh) {
                reading = CompletableFuture.supplyAsync(this::read, reader);
            }
            wanted = reading;
        }
        try {
            known = get(wanted, FRESH);
        } catch (TimeoutException e) {
            // It is shown when it is there.
        }
        return work().mergeIn(known);
    }

    private static <T> T get(CompletableFuture<T> wanted, Duration within)
            throws InterruptedException, TimeoutException {
        try {
            return wanted.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JournalException known) {
                throw known;
            }
            throw new IllegalStateException(e);
        }
    }

    private JsonObject read() {
        long begun = System.nanoTime();
        JsonObject state = journal().put("checks", checks());
        synchronized (this) {
            latest = state;
            readAt = System.nanoTime();
            tookNanos = readAt - begun;
        }
        return state;
    }

    /** What this process knows by itself. */
    private JsonObject work() {
        JsonObject work = new JsonObject()
                .put("asOf", Instant.now().toString())
                .put("target", target.toString())
                .put("settledInTheLastMinute", progress.settledInTheLastMinute())
                .put("outcomes", outcomes(progress.outcomesOfThisRun()))
                .put("notStarted", notStarted.get());
        if (work.getString("notStarted") == null) {
            work.put("callsInFlight", batch.worker().inFlight())
                    .put("stopping", batch.worker().stopped())
                    .put("paused", batch.worker().isPaused())
                    .put("lastFailure", batch.worker().trouble());
        }
        return work;
    }

    /** Empty if the journal cannot be read: the page goes on showing the batches that it knows. */
    private JsonObject journal() {
        JsonObject journal = new JsonObject();
        if (notStarted.get() != null) {
            return journal;
        }
        try {
            Duration oldest = batch.journal().oldestUnfinished(target);
            JsonArray batches = new JsonArray();
            batch.journal().progress(target).forEach(one -> batches.add(json(one)));
            journal.put("countedAt", Instant.now().toString())
                    .put("oldestWaitingSeconds", oldest == null ? null : oldest.toSeconds())
                    .put("batches", batches);
        } catch (JournalException e) {
            // Its health check says why.
        }
        return journal;
    }

    private static JsonObject json(BatchProgress progress) {
        BatchInfo batch = progress.batch();
        return new JsonObject()
                .put("name", batch.name())
                .put("kind", batch.kind().name())
                .put("state", batch.state().name())
                .put("since", batch.createdAt().toString())
                .put("received", progress.received())
                .put("total", batch.total())
                .put("open", progress.openRows())
                .put("outcomes", outcomes(progress.outcomes()));
    }

    private static JsonArray outcomes(Map<Outcome, Long> counts) {
        JsonArray outcomes = new JsonArray();
        counts.forEach((outcome, count) -> outcomes.add(new JsonObject()
                .put("name", outcome.name())
                .put("count", count)
                .put("tone", outcome == Outcome.PAID ? "paid" : outcome.needsPerson() ? "person" : "done")));
        return outcomes;
    }

    /** Those of {@link HealthChecks}. */
    private JsonArray checks() {
        JsonArray checks = new JsonArray();
        HealthCheckRegistry health = HealthCheckRegistry.get(batch.context());
        if (health != null) {
            health.stream()
                    .filter(check -> HealthChecks.GROUP.equals(check.getGroup()))
                    .map(check -> check.call())
                    .forEach(result -> checks.add(new JsonObject()
                            .put("name", result.getCheck().getId())
                            .put("state", result.getState().name())
                            .put("message", result.getMessage().orElse(null))));
        }
        return checks;
    }

    /** What {@code --status} prints; read by the same thread, so that the journal has one reader. */
    String list() throws InterruptedException, TimeoutException {
        return get(
                CompletableFuture.supplyAsync(
                        () -> ListBatches.text(batch.journal().progress(null)), reader),
                StatusAddress.PATIENCE);
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
