/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.KsherBatchRoutes;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run on Camel Main: what its modes have in common, from the start of Camel to the exit code. */
final class Application implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    private static final long LOOK_EVERY_MILLIS = 200;
    private static final long START_AGAIN_MILLIS = 2_000;

    private final PrintWriter out;
    private final Settings settings;
    private final BatchConfiguration configuration;
    private final Main camel = new Main();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Ending ending = new Ending();
    private @Nullable String goingOn;

    /** @param configuration that the settings say */
    Application(PrintWriter out, Settings settings, BatchConfiguration configuration) {
        this.out = out;
        this.settings = settings;
        this.configuration = configuration;
    }

    int run(BatchClose line) throws Exception {
        if (line.enqueue) {
            return ending.exit(
                    new Enqueue(this).run(Objects.requireNonNull(line.file), Objects.requireNonNull(line.queue)));
        }
        if (line.queue != null) {
            return ending.exit(new Service(this).consume(line.queue));
        }
        if (line.watch != null) {
            return ending.exit(new Service(this).watch(line.watch));
        }
        return line.checkLate != null
                ? ending.exit(new FileRun(this).checkLate(line.checkLate))
                : runFile(Objects.requireNonNull(line.file), line.again);
    }

    int runFile(Path file, boolean again) throws Exception {
        return ending.exit(new FileRun(this).close(file, again));
    }

    // ---- for the modes ----

    CamelContext context() {
        return camel.getCamelContext();
    }

    Target target() {
        return KsherBatch.target(context());
    }

    BatchConfiguration configuration() {
        return configuration;
    }

    Ending ending() {
        return ending;
    }

    Progress progress() {
        return new Progress(out, ending::fail);
    }

    Queue queue(String url) throws Exception {
        Queue queue = new Queue(settings, url, configuration.getReport(), ending::fail);
        closeFirst(queue);
        return queue;
    }

    void closeFirst(AutoCloseable resource) {
        resources.add(0, resource);
    }

    void closeLast(AutoCloseable resource) {
        resources.add(resource);
    }

    /** What to say when it was stopped, instead of how to go on. */
    void goingOn(String text) {
        goingOn = text;
    }

    void say(String text) {
        out.println(text);
        out.flush();
    }

    /** Works until it is done, which is returned, or stopped. */
    boolean work(KsherBatch batch, Progress progress, long rows, BooleanSupplier done) throws InterruptedException {
        VertxPlatformHttpServer server = context().hasService(VertxPlatformHttpServer.class);
        if (server != null) {
            String at = "http://" + server.getHost() + ":" + server.getPort();
            say("Health: " + at + Settings.HEALTH + ", metrics: " + at + Settings.METRICS);
        }
        boolean isDone = false;
        Progress.Shown shown = progress.show(rows, batch.worker());
        try {
            while (!isDone && batch.worker().stopped() == null) {
                isDone = done.getAsBoolean();
                if (!isDone && ending.awaitWanted(LOOK_EVERY_MILLIS)) {
                    batch.worker().stop("on request");
                }
            }
        } finally {
            shown.close();
        }
        return isDone && ending.error() == null;
    }

    int stopped(KsherBatch batch) {
        String error = ending.error();
        say("Stopped: "
                + (error == null
                        ? batch.worker().stopped()
                        : "an error of this program, please report it (" + error + ")"));
        String trouble = batch.worker().trouble();
        if (trouble != null) {
            say("The last failure: " + trouble);
        }
        if (goingOn != null) {
            say(goingOn);
            return BatchClose.UNFINISHED;
        }
        String how = batch.worker().settingsAreWrong() ? "Correct the settings, then" : "To go on,";
        say(how + " run the same again: what is settled stays, and every order in flight is asked about first.");
        return BatchClose.UNFINISHED;
    }

    // ---- Camel ----

    KsherBatch start(Progress progress, @Nullable Queue queue) throws UsageException {
        Metrics metrics = new Metrics();
        settings.managed().forEach(camel::addInitialProperty);
        startCamel(queue);
        try {
            target();
        } catch (IllegalArgumentException e) {
            throw settings.unusable(e);
        }
        KsherBatch batch = new KsherBatch(context(), configuration, metrics.and(progress), progress::done);
        context().getRegistry().bind("ksherBatch", batch);
        try {
            startWhenJournalIsThere(batch);
        } catch (JournalException e) {
            throw e;
        } catch (RuntimeException e) {
            throw settings.unusable(innermost(e));
        }
        closeFirst(batch);
        ending.onSignal(() -> batch.worker().stop("on request"));
        ending.awaits(() -> batch.worker().inFlight());
        metrics.bindTo(context(), batch, queue);
        return batch;
    }

    /** What goes on by itself also waits for a database that is not there yet: both may start with the machine. */
    private void startWhenJournalIsThere(KsherBatch batch) {
        boolean waits = configuration.getJournalPatience() == null;
        for (boolean said = false; ; said = true) {
            try {
                batch.start();
                return;
            } catch (JournalException e) {
                if (!waits || !e.isAway() || ending.isWanted()) {
                    throw e;
                }
                if (!said) {
                    LOG.warn("{} Trying again until it is there.", e.getMessage());
                }
                try {
                    if (ending.awaitWanted(START_AGAIN_MILLIS)) {
                        throw e;
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    void startCamel(@Nullable Queue queue) throws UsageException {
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
        if (queue != null) {
            queue.bindTo(camel);
        }
        try {
            camel.start();
            closeFirst(camel::stop);
        } catch (RuntimeException e) {
            throw settings.unusable(e);
        }
    }

    static Throwable innermost(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Stops what was started, the latest first. */
    @Override
    public void close() {
        ending.limit();
        try {
            for (AutoCloseable resource : resources) {
                close(resource);
            }
        } finally {
            out.flush();
            ending.close();
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("Could not be stopped in good order: {}", e.getClass().getName());
        }
    }
}
