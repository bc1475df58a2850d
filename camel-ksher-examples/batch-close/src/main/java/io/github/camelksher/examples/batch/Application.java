/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.KsherBatchRoutes;
import io.github.camelksher.batch.input.OrderMessage;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.report.ReportFiles;
import io.github.camelksher.batch.report.Summary;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run on Camel Main, from its first line on the terminal to its exit code. */
final class Application implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    /** Longer than a call may take, so that those in flight are finished. */
    private static final long LONGEST_CALL_SECONDS = 75;

    private static final long LOOK_EVERY_MILLIS = 200;
    private static final String RECEIVE = "batch-close-receive";
    private static final String SEND = "batch-close-send";

    private final PrintWriter out;
    private final Settings settings;
    private final BatchConfiguration configuration;
    private final Main camel = new Main();
    private final CountDownLatch stopWanted = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread onSignal = new Thread(this::stopOnSignal, "batch-close-stop");
    private final List<AutoCloseable> resources = new ArrayList<>();
    private volatile int exit = BatchClose.UNFINISHED;

    Application(PrintWriter out, Settings settings) throws UsageException {
        this.out = out;
        this.settings = settings;
        this.configuration = settings.batch();
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    int run(BatchClose line) throws Exception {
        if (line.enqueue) {
            return exit(enqueue(Objects.requireNonNull(line.file), Objects.requireNonNull(line.queue)));
        }
        if (line.queue != null) {
            return exit(consume(line.queue));
        }
        if (line.watch != null) {
            return exit(watch(line.watch));
        }
        return line.checkLate != null
                ? exit(checkLate(line.checkLate))
                : runFile(Objects.requireNonNull(line.file), line.again);
    }

    private int exit(int code) {
        exit = code;
        return code;
    }

    // ---- the modes ----

    int runFile(Path file, boolean again) throws Exception {
        OrdersFile orders = OrdersFile.open(file);
        Progress progress = new Progress(out);
        KsherBatch batch = start(progress);
        List<BatchInfo> wanted = new ArrayList<>();
        for (BatchInfo unfinished : batch.journal().unfinished(target())) {
            if (unfinished.state() == BatchInfo.State.OPEN) {
                wanted.add(unfinished);
            }
        }
        BatchInfo mine = batch.plan(file, again);
        say(target() + ", batch " + mine.name() + ": " + BatchClose.orders(orders.rows()));
        if (mine.isDone()) {
            say("It is finished already: no call is made for it. (--again runs it once more.)");
            ReportFiles.write(batch.journal(), mine, configuration.getReport());
        }
        wanted.removeIf(other -> other.id() == mine.id());
        wanted.forEach(other -> say("Unfinished, gone on with first: " + other.name()));
        wanted.add(mine);
        return exit(finish(batch, wanted, progress));
    }

    private int checkLate(String name) throws Exception {
        Progress progress = new Progress(out);
        KsherBatch batch = start(progress);
        BatchInfo of = batch.journal().find(target(), name);
        if (of == null) {
            throw new UsageException(
                    "The journal has no batch " + name + " for " + target() + ": --status lists them.");
        }
        if (!of.isDone()) {
            throw new UsageException(name + " is not finished: run it to its end first.");
        }
        BatchInfo late = batch.checkLate(of);
        say(target() + ", " + late.received() + " closed gateway order" + (late.received() == 1 ? "" : "s") + " of "
                + name + " to ask about once more");
        Map<Outcome, Long> outcomes = Map.of();
        int code = finish(batch, List.of(late), progress);
        if (code != BatchClose.UNFINISHED) {
            outcomes = batch.journal().outcomes(late);
        }
        // A refund was paid first.
        boolean paid = outcomes.containsKey(Outcome.PAID) || outcomes.containsKey(Outcome.REFUNDED);
        return paid ? BatchClose.NEEDS_PERSON : code;
    }

    private int watch(Path folder) throws Exception {
        if (!Files.isDirectory(folder)) {
            throw new UsageException("--watch needs a folder: " + folder + " is none.");
        }
        Progress progress = new Progress(out);
        KsherBatch batch = start(progress);
        context()
                .addRouteFromTemplate(
                        "batch-close-watch",
                        "ksher-batch-watch",
                        Map.of("directory", folder.toAbsolutePath().toString()));
        say(target() + ", watching " + folder + "; Ctrl-C stops");
        return goOn(batch, progress);
    }

    private int consume(String url) throws Exception {
        Progress progress = new Progress(out);
        Queue queue = new Queue(settings, url, configuration.getReport());
        resources.add(0, queue);
        queue.tryOut(true);
        KsherBatch batch = start(progress, queue);
        context()
                .addRouteFromTemplate(
                        RECEIVE,
                        "ksher-batch-receive",
                        Map.of("from", queue.consumerUri(), "deadLetter", queue.deadLetterUri()));
        // First of all: what was taken from the queue is written to the journal, and no more is taken.
        resources.add(0, () -> context().getRouteController().stopRoute(RECEIVE));
        say(target() + ", consuming " + queue + "; Ctrl-C stops");
        return goOn(batch, progress);
    }

    private int enqueue(Path file, String url) throws Exception {
        OrdersFile orders = OrdersFile.open(file);
        Queue queue = new Queue(settings, url, configuration.getReport());
        resources.add(0, queue);
        queue.tryOut(false);
        startCamel(queue);
        context().addRouteFromTemplate(SEND, "ksher-batch-send", Map.of("name", SEND, "to", queue.producerUri()));
        String batch = orders.batchName();
        say("Batch " + batch + " to " + queue + ": " + BatchClose.orders(orders.rows()));
        try (ProducerTemplate template = context().createProducerTemplate()) {
            Sending sending = new Sending(template, "direct:" + SEND);
            orders.forEach(row -> {
                if (stopWanted.getCount() > 0) {
                    sending.send(new OrderMessage.Order(batch, row).toJson());
                }
            });
            sending.await();
            if (stopWanted.getCount() == 0) {
                say("Stopped. Run the same again to send the rest: what was sent counts once.");
            } else {
                sending.send(new OrderMessage.Total(batch, orders.rows()).toJson());
                sending.await();
                say("Sent.");
            }
        } catch (CompletionException e) {
            LOG.debug("Not sent", e);
            throw new StoppedException("Not all of it could be sent to " + queue + " ("
                    + innermost(e).getMessage()
                    + "). Run the same again when the broker is there: what was sent counts once.");
        } catch (UnusableFileException e) {
            throw new StoppedException(file + " was changed while it was sent. Batch " + batch
                    + " is on the queue in part and without a total: it is finished after batch.quiet-after.");
        }
        return BatchClose.SETTLED;
    }

    // ---- until the end ----

    private int finish(KsherBatch batch, List<BatchInfo> wanted, Progress progress) throws InterruptedException {
        long rows = wanted.stream().mapToLong(BatchInfo::received).sum();
        wanted.forEach(one -> progress.add(batch.journal().outcomes(one)));
        sayWhereHealthIs();
        boolean done = false;
        Progress.Shown shown = progress.show(rows, batch.worker());
        try {
            while (!done && batch.worker().stopped() == null) {
                done = wanted.stream().allMatch(one -> isDone(batch, one));
                if (!done && stopWanted.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    batch.worker().stop("on request");
                }
            }
        } finally {
            shown.close();
        }
        boolean person = false;
        for (BatchInfo one : wanted) {
            Summary summary = Summary.of(batch.journal(), one);
            person |= summary.needsPerson();
            print(summary, one.kind() == BatchInfo.Kind.LATE);
            if (done) {
                String name = one.kind() == BatchInfo.Kind.LATE
                        ? one.name().replaceFirst("\\.late(-[0-9]+)?$", "") + ".late.csv"
                        : one.name() + ".report.html";
                say("Report: " + configuration.getReport().resolve(name));
            }
        }
        if (!done) {
            return stopped(batch);
        }
        return person ? BatchClose.NEEDS_PERSON : BatchClose.SETTLED;
    }

    private static boolean isDone(KsherBatch batch, BatchInfo one) {
        BatchInfo now = batch.journal().find(one.target(), one.name());
        return now != null && now.isDone();
    }

    private void print(Summary summary, boolean late) {
        summary.outcomes()
                .forEach((outcome, count) ->
                        out.printf(Locale.ROOT, "  %-14s %8d%s%n", outcome, count, whatToDo(outcome, late)));
    }

    private static String whatToDo(Outcome outcome, boolean late) {
        if (outcome == Outcome.PAID) {
            return late ? "  needs a person: deliver the goods or refund the money" : "  deliver the goods";
        }
        return outcome.needsPerson() ? "  needs a person" : "";
    }

    private int goOn(KsherBatch batch, Progress progress) throws InterruptedException {
        sayWhereHealthIs();
        Progress.Shown shown = progress.show(0, batch.worker());
        try {
            while (batch.worker().stopped() == null && !stopWanted.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                // The engine and the routes work; nothing to do here.
            }
        } finally {
            shown.close();
        }
        if (batch.worker().hasFailed()) {
            return stopped(batch);
        }
        batch.worker().stop("on request");
        say("Stopped. Run the same again to go on: nothing is lost.");
        return BatchClose.SETTLED;
    }

    private int stopped(KsherBatch batch) {
        say("Stopped: " + batch.worker().stopped());
        String how = batch.worker().settingsAreWrong() ? "Correct the settings, then" : "To go on,";
        say(how + " run the same again: what is settled stays, and every order in flight is asked about first.");
        return BatchClose.UNFINISHED;
    }

    // ---- Camel ----

    private CamelContext context() {
        return camel.getCamelContext();
    }

    private Target target() {
        return KsherBatch.target(context());
    }

    private KsherBatch start(Progress progress, @Nullable Queue... queue) throws UsageException {
        Metrics metrics = new Metrics();
        settings.managed().forEach(camel::addInitialProperty);
        startCamel(queue);
        KsherBatch batch = new KsherBatch(context(), configuration, metrics.and(progress), progress::done);
        context().getRegistry().bind("ksherBatch", batch);
        try {
            batch.start();
        } catch (JournalException e) {
            throw e;
        } catch (RuntimeException e) {
            throw unusable(e);
        }
        resources.add(0, batch);
        metrics.bindTo(context(), batch, queue.length == 0 ? null : queue[0]);
        return batch;
    }

    private void startCamel(@Nullable Queue... queue) throws UsageException {
        Map<String, String> quiet = Map.of(
                "camel.main.autoConfigurationLogSummary", "false",
                "camel.main.startupSummaryLevel", "Off",
                "camel.main.basePackageScanEnabled", "false",
                "camel.main.shutdownTimeout", "90",
                "camel.main.autoConfigurationEnvironmentVariablesEnabled", String.valueOf(settings.usesEnvironment()),
                "camel.main.autoConfigurationSystemPropertiesEnabled", String.valueOf(settings.usesEnvironment()));
        quiet.forEach(camel::addInitialProperty);
        settings.camel().forEach(camel::addInitialProperty);
        camel.setDefaultPropertyPlaceholderLocation("false");
        camel.configure().addRoutesBuilder(new KsherBatchRoutes());
        for (Queue one : queue) {
            if (one != null) {
                one.bindTo(camel);
            }
        }
        try {
            camel.start();
            resources.add(0, camel::stop);
        } catch (RuntimeException e) {
            throw unusable(e);
        }
    }

    private static UsageException unusable(Exception e) {
        // The component's innermost message names the option and never shows the key.
        return new UsageException("The settings cannot be used: " + innermost(e).getMessage()
                + "\nSettings are camel.component.ksher.app-id, .private-key, ... in a file (--config FILE), or in the environment"
                + " (CAMEL_COMPONENT_KSHER_APP_ID, ...).");
    }

    private void sayWhereHealthIs() {
        VertxPlatformHttpServer server = context().hasService(VertxPlatformHttpServer.class);
        if (server != null) {
            String at = "http://" + server.getHost() + ":" + server.getPort();
            say("Health: " + at + Settings.HEALTH + ", metrics: " + at + Settings.METRICS);
        }
    }

    private static Throwable innermost(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    // ---- stopping ----

    /** Ctrl-C or SIGTERM: what is in flight is finished first, and the exit code is ours. */
    private void stopOnSignal() {
        stopWanted.countDown();
        try {
            if (over.await(LONGEST_CALL_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(BatchClose.UNFINISHED);
    }

    /** Stops what was started, the latest first. */
    @Override
    public void close() {
        try {
            for (AutoCloseable resource : resources) {
                close(resource);
            }
        } finally {
            out.flush();
            over.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(onSignal);
            } catch (IllegalStateException e) {
                // The hook is running: it was the one that ended this.
            }
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("Could not be stopped in good order: {}", e.getClass().getName());
        }
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }
}
