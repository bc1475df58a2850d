/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
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
        version = "1.0.0",
        description = {
            "Closes the unpaid orders of a CSV file and reports one true row per order.",
            "Without FILE: a demo on an embedded Ksher simulator."
        },
        footer = {
            "",
            "Settings, in the file of --config or in the environment (CAMEL_COMPONENT_KSHER_APP_ID, …):",
            "  camel.component.ksher.app-id, .private-key, .private-key-password, .sign-version,",
            "  .ksher-public-key, .api-url, .gateway-url; batch.query-interval (10s), batch.give-up-after (15m)",
            "",
            "Exit: 0 every order settled; 2 some rows need a person; 1 stopped or unfinished;",
            "64 wrong usage or an unusable file."
        })
final class BatchClose implements Callable<Integer> {

    static final int USAGE = 64;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "orders to close, CSV in UTF-8")
    private @Nullable Path file;

    @Option(names = "--report", paramLabel = "DIR", description = "where the report goes (${DEFAULT-VALUE})")
    private Path report = Path.of("out");

    @Option(names = "--parallel", paramLabel = "N", description = "calls in flight at most (${DEFAULT-VALUE})")
    private int parallel = 32;

    @Option(names = "--config", paramLabel = "FILE", description = "settings, as properties")
    private @Nullable Path config;

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return execute(new CommandLine(new BatchClose()), args);
    }

    static int execute(CommandLine commandLine, String... args) {
        return commandLine
                .setExitCodeExceptionMapper(e -> e instanceof UnusableFile ? USAGE : Batch.UNFINISHED)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    // Our own messages are for the operator; of any other exception only the kind: it may quote
                    // anything.
                    String text = e instanceof UnusableFile || e instanceof IOException
                            ? e.getMessage()
                            : "an error of this program, please report it: "
                                    + e.getClass().getName();
                    command.getErr().println(text);
                    return e instanceof UnusableFile ? USAGE : Batch.UNFINISHED;
                })
                .setParameterExceptionHandler((e, wrong) -> {
                    e.getCommandLine().getErr().println(e.getMessage() + "\nTry run --help");
                    return USAGE;
                })
                .execute(args);
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        if (parallel < 1 || parallel > 200) {
            throw new UnusableFile("--parallel must be from 1 to 200: " + parallel);
        }
        if (file != null) {
            Settings settings = Settings.load(config, System.getenv());
            return new Batch(out, report, settings.pace(parallel)).run(orders(file), settings);
        }
        if (config != null) {
            throw new UnusableFile("--config needs a FILE with orders: without one, the demo runs");
        }
        try (KsherSimulator ksher = Demo.start()) {
            out.println("Demo on an embedded Ksher simulator. Queries of one order are "
                    + Demo.QUERY_INTERVAL.toMillis() + " ms apart instead of 10 s, on both sides.");
            Settings settings = Demo.settings(ksher);
            return new Batch(out, report, settings.pace(parallel))
                    .run(OrdersFile.read(Demo.FILE, Demo.orders()), settings);
        }
    }

    private static OrdersFile orders(Path file) throws UnusableFile {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableFile("cannot read " + file + ": " + e.getClass().getSimpleName());
        }
        return OrdersFile.read(String.valueOf(file.getFileName()), content);
    }
}
