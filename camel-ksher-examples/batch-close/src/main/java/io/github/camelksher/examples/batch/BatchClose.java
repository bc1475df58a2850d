/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.JournalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = BatchClose.Version.class,
        sortOptions = false,
        // Fixed, and no line is longer: at the width of a narrow terminal, lines would be broken inside words.
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
            "    /observe/health, /observe/metrics (Prometheus)",
            "",
            "Exit: 0 every order settled; 2 some rows need a person;",
            "1 stopped or unfinished; 64 wrong usage or an unusable file.",
            "--watch, --queue and --enqueue: 0 when stopped or done."
        })
final class BatchClose implements Callable<Integer> {

    static final int HELP_WIDTH = 80;

    static final int SETTLED = 0;
    static final int UNFINISHED = 1;
    static final int NEEDS_PERSON = 2;
    static final int USAGE = 64;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ORDERS.csv", description = "orders to close, CSV in UTF-8")
    @Nullable
    Path file;

    @Option(names = "--watch", paramLabel = "DIR", description = "a folder whose files are closed as they come")
    @Nullable
    Path watch;

    @Option(
            names = "--queue",
            paramLabel = "URL",
            description = {"an Artemis broker, tcp://host:61616;", "embedded:61616 starts one in this process"})
    @Nullable
    String queue;

    @Option(names = "--enqueue", description = "put the file's orders on the queue, no more")
    boolean enqueue;

    @Option(names = "--dry-run", description = "read the file, count, and call nothing")
    boolean dryRun;

    @Option(names = "--again", description = "run a finished file once more")
    boolean again;

    @Option(names = "--check-late", paramLabel = "BATCH", description = "ask once more about its closed gateway orders")
    @Nullable
    String checkLate;

    @Option(names = "--write-report", paramLabel = "BATCH", description = "write its report again, from the journal")
    @Nullable
    String writeReport;

    @Option(
            names = "--status",
            description = {"list the batches of the journal in --report", "(or of --journal)"})
    boolean status;

    @Option(
            names = "--prune",
            paramLabel = "DAYS",
            description = {"delete finished batches from the journal", "that are older than so many days"})
    @Nullable
    String prune;

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
        System.exit(execute(new CommandLine(new BatchClose()), args));
    }

    static int execute(CommandLine commandLine, String... args) {
        commandLine
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    boolean ours = e instanceof UsageException
                            || e instanceof UnusableFileException
                            || e instanceof StoppedException
                            || e instanceof JournalException;
                    return say(command, ours ? String.valueOf(e.getMessage()) : unexpected(e), code(e));
                })
                .setParameterExceptionHandler(
                        (e, wrong) -> say(e.getCommandLine(), e.getMessage() + "\nTry run --help", USAGE));
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            // Ends it like any other failure: threads that are left would keep the process alive.
            return say(commandLine, unexpected(e), UNFINISHED);
        }
    }

    private static int code(Exception e) {
        return e instanceof UsageException || e instanceof UnusableFileException ? USAGE : UNFINISHED;
    }

    /** Of what we did not expect only the kind: it may quote anything. */
    private static String unexpected(Throwable e) {
        return "An error of this program, please report it: " + e.getClass().getName()
                + (e instanceof IOException ? " (" + e.getMessage() + ")" : "");
    }

    private static int say(CommandLine command, String text, int code) {
        command.getErr().println(text);
        command.getErr().flush();
        return code;
    }

    /** How many rows, in words. */
    static String rows(long count) {
        return count == 1 ? "1 row" : count + " rows";
    }

    /** What to say of a file that was read; with a warning if it has nothing but a header. */
    static String orders(long count) {
        return rows(count) + (count == 0 ? ". Warning: the file has no orders" : "");
    }

    @Override
    public Integer call() throws Exception {
        CommandLine line = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        check();
        Settings settings = Settings.load(config, System.getenv())
                .with(Settings.JOURNAL, journal)
                .with(Settings.REPORT, report)
                .with(Settings.PARALLEL, parallel);
        BatchConfiguration batch = settings.batch();
        if (status || writeReport != null || dryRun || prune != null) {
            return new Offline(line.getOut(), batch).run(this);
        }
        if (isDemo()) {
            return Demo.run(line.getOut(), settings);
        }
        Application application = new Application(line.getOut(), settings, batch);
        int code;
        try (application) {
            code = application.run(this);
        }
        return application.ending().exit(code);
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
