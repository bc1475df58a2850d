/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.BadMessageException;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.run.BatchWorker;
import io.github.camelksher.batch.run.KsherCalls;
import io.github.camelksher.batch.run.Observer;
import io.github.camelksher.batch.run.Pace;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Closes batches of unpaid orders and reports each: see {@code docs/batch-close.md}. Bind it in the
 * registry, add {@link KsherBatchRoutes}, start the context, then start this service. Orders come
 * in by {@link #plan} or through the route templates. The merchant is the one that the
 * {@code ksher} component is configured with.
 */
public final class KsherBatch extends ServiceSupport {

    private final CamelContext context;
    private final BatchConfiguration configuration;
    private final Observer observer;
    private final Consumer<BatchInfo> onDone;
    private final MessageIntake messages = new MessageIntake(() -> this.running);

    private volatile @Nullable Running running;
    private @Nullable KsherCalls calls;
    private @Nullable Finisher finisher;
    private @Nullable FileIntake files;

    /**
     * @param observer observes calls and rows
     * @param onDone gets each batch whose report was written
     */
    public KsherBatch(
            CamelContext context, BatchConfiguration configuration, Observer observer, Consumer<BatchInfo> onDone) {
        this.context = context;
        this.configuration = configuration;
        this.observer = observer;
        this.onDone = onDone;
    }

    /** Creates a batch service without observers. */
    public KsherBatch(CamelContext context, BatchConfiguration configuration) {
        this(context, configuration, new Observer() {}, batch -> {});
    }

    /** The merchant and base URLs that the context's {@code ksher} component is configured with. */
    public static Target target(CamelContext context) {
        KsherConfiguration ksher = ksher(context);
        String appId = Objects.requireNonNullElse(ksher.getAppId(), "").strip();
        return new Target(appId, BaseUrl.normalize(ksher.getApiUrl()), BaseUrl.normalize(ksher.getGatewayUrl()));
    }

    private static KsherConfiguration ksher(CamelContext context) {
        return context.getComponent("ksher", KsherComponent.class).getConfiguration();
    }

    @Override
    protected void doStart() throws Exception {
        Target target = target(context);
        // First, since it finds mistakes in the component's options.
        KsherCalls open = new KsherCalls(context, target);
        try {
            start(open, target);
        } catch (RuntimeException e) {
            open.stop();
            throw e;
        }
    }

    private void start(KsherCalls open, Target target) {
        Pace pace =
                new Pace(configuration.getQueryInterval(), configuration.getGiveUpAfter(), configuration.getParallel());
        Journal journal = Journal.open(
                configuration.getJournalUrl(), configuration.getJournalUser(), configuration.getJournalPassword());
        try {
            journal.setPatience(configuration.getJournalPatience());
            Lease lease = Lease.take(
                    journal,
                    new Lease.Worker(target, Lease.processName(), ksher(context).getCallTimeout()),
                    pace.queryInterval());
            BatchWorker worker = new BatchWorker(journal, lease, target, open, pace, new Waking());
            Running now = new Running(journal, target, worker);
            WatchedFiles watched = new WatchedFiles();
            Finisher reports = new Finisher(now, configuration, watched, onDone);
            calls = open;
            finisher = reports;
            files = new FileIntake(now, reports, watched);
            running = now;
            worker.start();
            reports.start();
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Takes no more orders, waits for the calls in flight and saves their ends. */
    @Override
    protected void doStop() throws Exception {
        Running now = running;
        if (now != null) {
            now.worker().stop("on request");
            now.worker().awaitEnd();
            Objects.requireNonNull(finisher).awaitEnd();
            Objects.requireNonNull(calls).stop();
            running = null;
            // A message that is being taken in is written, or fails and goes back to its queue.
            now.journal().close();
        }
    }

    /** Passes events on, and wakes the finisher when a row is final. */
    private final class Waking implements Observer {

        @Override
        public void called(String operation, Event event, long nanos) {
            observer.called(operation, event, nanos);
        }

        @Override
        public void settled(HeldRow row, Outcome outcome) {
            observer.settled(row, outcome);
            Finisher reports = finisher;
            if (reports != null) {
                reports.wake();
            }
        }
    }

    private Running running() {
        return Objects.requireNonNull(running, "is not started");
    }

    public CamelContext context() {
        return context;
    }

    /** The journal; only while this service is started. */
    public Journal journal() {
        return running().journal();
    }

    /** The worker; only while this service is started. */
    public BatchWorker worker() {
        return running().worker();
    }

    /**
     * Writes a file's orders to the journal; they are worked on when the last one is there. If the
     * journal has the file's content, its batch goes on, or stays as it is if it is done.
     *
     * @param again whether a file that is done is run again
     * @throws UnusableFileException if the file cannot be planned; nothing was planned
     */
    public BatchInfo plan(Path path, boolean again) throws UnusableFileException, IOException, InterruptedException {
        return files().plan(path, again);
    }

    void watched(String file) throws IOException, InterruptedException {
        files().watched(Path.of(file));
    }

    private FileIntake files() {
        return Objects.requireNonNull(files, "is not started");
    }

    void receive(String json, BooleanSupplier stopping) throws BadMessageException, InterruptedException {
        messages.receive(json, stopping);
    }

    /**
     * Checks a batch that is done for late payments: queries each closed gateway order once more,
     * since a saved QR code can still be paid.
     *
     * @return the batch of these queries; its report is {@code <batch>.late.csv}
     */
    public BatchInfo checkLate(BatchInfo batch) {
        Journal journal = journal();
        BatchInfo latest = journal.lateOf(batch);
        BatchInfo late = latest != null && !latest.isDone()
                ? latest
                : journal.beginLate(batch, latest == null ? 1 : latest.run() + 1);
        worker().wake();
        return late;
    }
}
