/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line: which {@link Command} it asks for. */
@CommandLine.Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = BatchClose.Version.class,
        sortOptions = false,
        // Fixed: at the width of a narrow terminal, picocli would break lines inside words.
        usageHelpWidth = BatchClose.HELP_WIDTH,
        customSynopsis = {
            "run                             the demo: a simulator, sample orders",
            "       run ORDERS.csv --config FILE [--again]",
            "                                       close a file's orders",
            "       run --watch DIR | --queue URL --config FILE",
            "                                       go on closing what comes",
            "       run --enqueue ORDERS.csv --queue URL --config FILE",
            "                                       put a file's orders on the queue",
            "       run --check-late BATCH --config FILE",
            "                                       ask once more about cancelled orders",
            "       run --write-report BATCH | --status | --prune DAYS",
            "       run --dry-run ORDERS.csv"
        },
        description = {
            "",
            "Closes unpaid Ksher orders and reports one true row for each.",
            "docs/batch-close.md explains every outcome and what to do about it.",
            "Unfinished batches of the journal are continued first."
        },
        footer = {
            "",
            "Settings, in the file of --config or in the environment",
            "(CAMEL_COMPONENT_KSHER_APP_ID, BATCH_QUERY_INTERVAL, ...):",
            "  camel.component.ksher.app-id, .private-key, .private-key-password,",
            "    .sign-version, .ksher-public-key, .api-url, .gateway-url,",
            "    and every other option of the component;",
            "  batch.query-interval (10s), .give-up-after (15m), .quiet-after (10m),",
            "    .journal.user, .journal.password,",
            "    .queue.name (ksher.orders), .queue.dead-letter (DLQ),",
            "    .queue.user, .queue.password,",
            "    .management-port (off; 0: any), .management-host (127.0.0.1):",
            "    a status page, /observe/health, /observe/metrics (Prometheus)",
            "",
            "Exit: 0 every order settled; 2 some rows need a person;",
            "1 stopped or unfinished; 64 wrong usage or an unusable file.",
            "--watch, --queue and --enqueue: 0 when stopped or done."
        })
final class BatchClose implements Callable<Integer> {

    static final int HELP_WIDTH = 80;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ORDERS.csv", description = "orders to close, CSV in UTF-8")
    private @Nullable Path file;

    @Option(names = "--watch", paramLabel = "DIR", description = "a folder whose files are closed as they come")
    private @Nullable Path watch;

    @Option(
            names = "--queue",
            paramLabel = "URL",
            description = {"an Artemis broker, tcp://host:61616;", "embedded:61616 starts one in this process"})
    private @Nullable String queue;

    @Option(names = "--enqueue", description = "put the file's orders on the queue, no more")
    private boolean enqueue;

    @Option(names = "--dry-run", description = "read the file, count, and call nothing")
    private boolean dryRun;

    @Option(names = "--again", description = "run a finished file once more")
    private boolean again;

    @Option(names = "--check-late", paramLabel = "BATCH", description = "ask once more about its closed gateway orders")
    private @Nullable String checkLate;

    @Option(names = "--write-report", paramLabel = "BATCH", description = "write its report again, from the journal")
    private @Nullable String writeReport;

    @Option(
            names = "--status",
            description = {
                "list the batches of the journal in --report",
                "(or of --journal); beside a running H2 batch",
                "that has a management port, too"
            })
    private boolean status;

    @Option(
            names = "--prune",
            paramLabel = "DAYS",
            description = {"delete finished batches from the journal", "that are older than so many days"})
    private @Nullable String prune;

    @Option(names = "--config", paramLabel = "FILE", description = "settings, as properties")
    private @Nullable Path config;

    @Option(
            names = "--journal",
            paramLabel = "URL",
            description = {"jdbc:postgresql:// for several machines;", "default: H2, in the report's directory"})
    private @Nullable String journal;

    @Option(names = "--report", paramLabel = "DIR", description = "where reports go; default: out")
    private @Nullable Path report;

    @Option(names = "--parallel", paramLabel = "N", description = "calls in flight at most; default: 32")
    private @Nullable String parallel;

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] args) {
        System.exit(ErrorMessages.execute(new CommandLine(new BatchClose()), args));
    }

    @Override
    public Integer call() throws Exception {
        check();
        Settings settings = SettingsReader.read(config, System.getenv())
                .with(Settings.JOURNAL, journal)
                .with(Settings.REPORT, report)
                .with(Settings.PARALLEL, parallel);
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        return command(out, settings, settings.batch()).run().number();
    }

    private Command command(PrintWriter out, Settings settings, BatchConfiguration batch) {
        if (status) {
            return new ListBatches(out, batch);
        }
        if (writeReport != null) {
            return new WriteReport(out, batch, writeReport);
        }
        if (prune != null) {
            return new PruneJournal(out, batch, prune);
        }
        if (dryRun && file != null) {
            return new DryRun(out, file);
        }
        if (isDemo()) {
            return new Demo(out, settings);
        }
        Application application = new Application(out, settings, batch);
        Command command = command(application);
        return () -> application.run(command);
    }

    private Command command(Application application) {
        if (queue != null) {
            return enqueue && file != null
                    ? new EnqueueFile(application, file, queue)
                    : new ConsumeQueue(application, queue);
        }
        if (watch != null) {
            return new WatchFolder(application, watch);
        }
        return checkLate != null
                ? new CheckLate(application, checkLate)
                : new CloseFile(application, Objects.requireNonNull(file), again);
    }

    private boolean isDemo() {
        return file == null && watch == null && queue == null && checkLate == null;
    }

    private void check() throws UsageException {
        long modes = Stream.of(
                        file != null && !enqueue && !dryRun,
                        watch != null,
                        queue != null && !enqueue,
                        enqueue,
                        dryRun,
                        checkLate != null,
                        writeReport != null,
                        prune != null,
                        status)
                .filter(mode -> mode)
                .count();
        if (modes > 1) {
            throw new UsageException("Only one of a file, --watch, --queue, --enqueue, --dry-run, --check-late,"
                    + " --write-report, --prune and --status goes at a time. Try run --help");
        }
        if ((enqueue || dryRun) && file == null) {
            throw new UsageException((enqueue ? "--enqueue" : "--dry-run") + " needs a file with orders.");
        }
        if (enqueue && queue == null) {
            throw new UsageException("--enqueue needs --queue URL.");
        }
        if (again && (file == null || enqueue || dryRun)) {
            throw new UsageException("--again needs a file to run once more.");
        }
        if (isDemo() && config != null && !status && writeReport == null && prune == null) {
            throw new UsageException(
                    "--config needs a file with orders, --watch or --queue: without one, the demo runs.");
        }
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BatchClose.class.getPackage().getImplementationVersion();
            return new String[] {"batch-close " + (version == null ? "(development)" : version)};
        }
    }
}
