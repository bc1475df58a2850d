/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.BadMessageException;
import io.github.camelksher.batch.input.OrderMessage;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.report.ReportFiles;
import io.github.camelksher.batch.run.Engine;
import io.github.camelksher.batch.run.KsherCalls;
import io.github.camelksher.batch.run.Observer;
import io.github.camelksher.batch.run.Pace;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes batches of unpaid orders, with nothing lost and a true report: see {@code docs/batch-close.md}. Bind it in the registry, add
 * {@link KsherBatchRoutes}, start the context, then start this; the orders come by {@link #plan}, or through the route
 * templates. The merchant is the one that the {@code ksher} component is set up with.
 */
public final class KsherBatch extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(KsherBatch.class);
    private static final long LOOK_EVERY_MILLIS = 250;

    private final CamelContext context;
    private final BatchConfiguration configuration;
    private final Observer observer;
    private final Consumer<BatchInfo> onDone;
    private final WatchedFiles watched = new WatchedFiles();
    private final Object bell = new Object();
    /** Held while a message is taken in: the journal is not closed then. */
    private final ReadWriteLock intake = new ReentrantReadWriteLock();

    private volatile @Nullable Running running;

    /** All that there is between start and stop. */
    private record Running(Journal journal, Target target, Engine engine, Thread finisher, ProducerTemplate template) {}

    /**
     * @param observer is told what happens
     * @param onDone is told of each batch whose report was written
     */
    public KsherBatch(
            CamelContext context, BatchConfiguration configuration, Observer observer, Consumer<BatchInfo> onDone) {
        this.context = context;
        this.configuration = configuration;
        this.observer = observer;
        this.onDone = onDone;
    }

    /** Works as configured and tells nobody. */
    public KsherBatch(CamelContext context, BatchConfiguration configuration) {
        this(context, configuration, new Observer() {}, batch -> {});
    }

    /** The merchant and the addresses that the context's {@code ksher} component is set up with. */
    public static Target target(CamelContext context) {
        KsherConfiguration ksher =
                context.getComponent("ksher", KsherComponent.class).getConfiguration();
        String appId = Objects.requireNonNullElse(ksher.getAppId(), "");
        return new Target(appId, base(ksher.getApiUrl()), base(ksher.getGatewayUrl()));
    }

    private static String base(String url) {
        return url.strip().replaceAll("/+$", "");
    }

    /**
     * Opens the journal, takes over what was left there, and goes on with it.
     *
     * @throws JournalException if the journal cannot be opened
     */
    @Override
    protected void doStart() throws Exception {
        for (KsherOperation operation : KsherOperation.calls()) {
            String id = "ksher-batch-" + operation;
            if (context.getRoute(id) == null) {
                context.addRouteFromTemplate(id, "ksher-batch-call", Map.of("operation", operation.name()));
            }
        }
        Target target = target(context);
        Pace pace =
                new Pace(configuration.getQueryInterval(), configuration.getGiveUpAfter(), configuration.getParallel());
        Journal journal = Journal.open(
                configuration.getJournalUrl(), configuration.getJournalUser(), configuration.getJournalPassword());
        try {
            ProducerTemplate template = context.createProducerTemplate();
            Lease lease = Lease.take(journal, Lease.processName(), pace.queryInterval());
            Engine engine = new Engine(journal, lease, target, new KsherCalls(template), pace, observer(observer));
            Thread finisher = new Thread(this::finish, "ksher-batch-report");
            finisher.setDaemon(true);
            running = new Running(journal, target, engine, finisher, template);
            engine.start();
            finisher.start();
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Takes no more orders, waits for the calls in flight and writes their ends down. */
    @Override
    protected void doStop() throws Exception {
        Running now = running;
        if (now != null) {
            now.engine().stop("on request");
            now.engine().awaitEnd();
            ring();
            now.finisher().join();
            now.template().close();
            intake.writeLock().lock();
            try {
                running = null;
            } finally {
                intake.writeLock().unlock();
            }
            now.journal().close();
        }
    }

    private Observer observer(Observer outer) {
        return new Observer() {
            @Override
            public void called(String operation, Event event, long nanos) {
                outer.called(operation, event, nanos);
            }

            @Override
            public void settled(HeldRow row, Outcome outcome) {
                outer.settled(row, outcome);
                ring();
            }
        };
    }

    private Running running() {
        return Objects.requireNonNull(running, "is not started");
    }

    /** Where it makes its calls. */
    public CamelContext context() {
        return context;
    }

    /** The journal, while this is started. */
    public Journal journal() {
        return running().journal();
    }

    /** What works on the orders, while this is started. */
    public Engine engine() {
        return running().engine();
    }

    // ---- what comes in ----

    /**
     * Takes a file's orders into the journal; they are worked on when the last one is there. A file that is known by its content is
     * gone on with, or, if it is done, not touched.
     *
     * @param again whether a file that is done is run once more
     * @throws UnusableFileException if nothing can be done with the file; nothing was planned
     */
    public BatchInfo plan(Path path, boolean again) throws UnusableFileException, IOException, InterruptedException {
        BatchInfo batch = FilePlanner.plan(journal(), running().target(), OrdersFile.open(path), again);
        engine().wake();
        ring();
        return batch;
    }

    /** A watched file is there: {@link #plan}, or away with it into {@code failed}. */
    void watched(String file) throws IOException, InterruptedException {
        Path path = Path.of(file);
        try {
            BatchInfo batch = plan(path, false);
            watched.add(batch, path);
            if (batch.isDone()) {
                ReportFiles.write(journal(), batch, configuration.getReport());
                done(batch);
            } else if (isDone(batch)) {
                // It was finished, and reported as such, before its file was known here.
                watched.done(batch);
            }
        } catch (UnusableFileException e) {
            WatchedFiles.failed(path, String.valueOf(e.getMessage()));
        } catch (JournalException e) {
            engine().fail(String.valueOf(e.getMessage()));
        }
    }

    private boolean isDone(BatchInfo batch) {
        BatchInfo now = journal().find(batch.target(), batch.name());
        return now != null && now.isDone();
    }

    /**
     * Takes a queue's message into the journal; when this returns, it may be acknowledged. While this is not started, or has
     * failed, the message is held: a broker that gets it back delivers it again at once, and after a few times never again.
     *
     * @param stopping whether the message's route takes no more
     * @throws BadMessageException if it never can be taken
     * @throws IllegalStateException if its route is being stopped first: the broker is to deliver it again
     */
    void receive(String json, BooleanSupplier stopping) throws BadMessageException, InterruptedException {
        OrderMessage message = OrderMessage.parse(json);
        while (!isTaken(message)) {
            if (stopping.getAsBoolean()) {
                throw new IllegalStateException("the message goes back to its queue: its route is being stopped");
            }
            synchronized (bell) {
                bell.wait(LOOK_EVERY_MILLIS);
            }
        }
    }

    /** Whether the journal has it now. */
    private boolean isTaken(OrderMessage message) throws BadMessageException {
        intake.readLock().lock();
        try {
            Running now = running;
            if (now == null || now.engine().hasFailed()) {
                return false;
            }
            if (!take(now, message)) {
                throw new BadMessageException(
                        "another message of this batch says otherwise for the same line or total");
            }
            now.engine().wake();
            return true;
        } catch (JournalException e) {
            engine().fail(String.valueOf(e.getMessage()));
            return false;
        } catch (RuntimeException e) {
            LOG.error("An error of this program, please report it", e);
            engine().fail("an error of this program, please report it: " + e);
            return false;
        } finally {
            intake.readLock().unlock();
        }
    }

    private static boolean take(Running now, OrderMessage message) {
        return message instanceof OrderMessage.Order order
                ? now.journal().receive(now.target(), order.batch(), order.row())
                : now.journal().receiveTotal(now.target(), message.batch(), ((OrderMessage.Total) message).total());
    }

    /**
     * Asks once more about each closed gateway order of a batch that is done: a saved QR code can still be paid.
     *
     * @return the batch of these questions; its report is {@code <batch>.late.csv}
     */
    public BatchInfo checkLate(BatchInfo batch) {
        BatchInfo latest = journal().lateOf(batch);
        BatchInfo late = latest != null && !latest.isDone()
                ? latest
                : journal().beginLate(batch, latest == null ? 1 : latest.run() + 1);
        engine().wake();
        return late;
    }

    // ---- what goes out ----

    private void ring() {
        synchronized (bell) {
            bell.notifyAll();
        }
    }

    private void finish() {
        Running now = running();
        try {
            while (now.engine().stopped() == null) {
                for (BatchInfo batch : now.journal().unfinished(now.target())) {
                    finishIfComplete(now, batch);
                }
                synchronized (bell) {
                    bell.wait(LOOK_EVERY_MILLIS);
                }
            }
        } catch (JournalException e) {
            now.engine().fail(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            now.engine()
                    .fail(
                            "the report cannot be written to " + configuration.getReport() + " ("
                                    + e.getClass().getSimpleName()
                                    + "): make room or set its rights, then run the same again. The journal has every outcome.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("An error of this program, please report it", e);
            now.engine().fail("an error of this program, please report it: " + e);
        }
    }

    private void finishIfComplete(Running now, BatchInfo batch) throws IOException {
        long quiet = configuration.getQuietAfter().toMillis();
        if (batch.state() == State.OPEN && now.journal().isComplete(batch, quiet)) {
            // First the report: if this process ends in between, the next one writes it again.
            BatchInfo complete = Objects.requireNonNull(now.journal().find(batch.target(), batch.name()));
            ReportFiles.write(now.journal(), complete, configuration.getReport());
            if (now.journal().finish(complete, quiet)) {
                done(Objects.requireNonNull(now.journal().find(batch.target(), batch.name())));
            }
        }
    }

    private void done(BatchInfo batch) throws IOException {
        watched.done(batch);
        onDone.accept(batch);
    }
}
