/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.KsherBatchRoutes;
import io.github.camelksher.batch.journal.Target;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Camel Main for one command: starts it, and stops whatever was started, the latest first. */
final class Application {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");

    private final PrintWriter out;
    final Settings settings;
    final BatchConfiguration configuration;
    private final Main camel = new Main();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    final Ending ending = new Ending();

    /** What to say instead of how to go on, when the run was stopped; null if nothing. */
    @Nullable
    String howToGoOn;

    /** @param configuration the one that the settings say */
    Application(PrintWriter out, Settings settings, BatchConfiguration configuration) {
        this.out = out;
        this.settings = settings;
        this.configuration = configuration;
    }

    /** Runs a command that uses this, then stops. */
    ExitCode run(Command command) throws Exception {
        ExitCode code;
        try {
            code = ending.exit(command.run());
        } finally {
            close();
        }
        return ending.exit(code);
    }

    /**
     * Starts Camel with the routes of batch close.
     *
     * @param bindings what else Camel needs, such as the queue's components
     */
    void start(Map<String, String> properties, Consumer<Main> bindings) throws UsageException {
        Map<String, String> quiet = Map.of(
                "camel.main.autoConfigurationLogSummary", "false",
                "camel.main.startupSummaryLevel", "Off",
                "camel.main.basePackageScanEnabled", "false",
                "camel.main.shutdownTimeout", "90",
                "camel.main.autoConfigurationEnvironmentVariablesEnabled", String.valueOf(settings.usesEnvironment()),
                "camel.main.autoConfigurationSystemPropertiesEnabled", String.valueOf(settings.usesEnvironment()));
        quiet.forEach(camel::addInitialProperty);
        properties.forEach(camel::addInitialProperty);
        settings.camel().forEach(camel::addInitialProperty);
        camel.setDefaultPropertyPlaceholderLocation("false");
        camel.configure().addRoutesBuilder(new KsherBatchRoutes());
        bindings.accept(camel);
        try {
            camel.start();
            closeFirst(camel::stop);
        } catch (RuntimeException e) {
            throw settings.unusable(e);
        }
    }

    CamelContext context() {
        return camel.getCamelContext();
    }

    Target target() {
        return KsherBatch.target(context());
    }

    void say(String text) {
        out.println(text);
    }

    void closeFirst(AutoCloseable resource) {
        resources.addFirst(resource);
    }

    void closeLast(AutoCloseable resource) {
        resources.addLast(resource);
    }

    private void close() {
        ending.limit();
        try {
            resources.forEach(Application::close);
        } finally {
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
