/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a batch takes on the production clock, beside the ideal, and what it holds: run by hand,
 * see CONTRIBUTING. Arguments: how many orders, for each run; all runs share one journal, so that
 * the later ones find it full.
 */
final class ScaleMeasure {

    private static final Duration LATENCY = Duration.ofMillis(50);
    private static final int PARALLEL = 64;
    /**
     * {@code -Dgateway}: all of them are payment pages that nobody opened, else every second one.
     */
    private static final boolean ONLY_GATEWAY = System.getProperty("gateway") != null;

    private static final int COLLECT_EVERY_SECONDS = 10;
    /** Of a full collection: others leave garbage behind. */
    private static final Pattern AFTER_GC = Pattern.compile("Pause Full.* [0-9]+M->([0-9]+)M");

    private ScaleMeasure() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("scale");
        System.out.printf(
                "%d ms latency, --parallel %d, 10 s between an order's queries; in %s%n",
                LATENCY.toMillis(), PARALLEL, directory);
        System.out.println(
                "  orders    calls   wall s  ideal s  ratio  CPU ms/order  heap after GC MB  threads  journal MB");
        try (KsherSimulator ksher = KsherSimulator.builder().port(0).start()) {
            ksher.faults().latency(LATENCY, LATENCY, 1);
            Path config = TestKsher.config(
                    ksher,
                    directory.resolve("ksher.properties"),
                    Map.of("batch.query-interval", "10s", "batch.give-up-after", "15m"));
            for (int run = 0; run < args.length; run++) {
                measure(directory, ksher, config, run, Integer.parseInt(args[run]));
            }
        }
    }

    private static void measure(Path directory, KsherSimulator ksher, Path config, int run, int orders)
            throws Exception {
        ksher.reset();
        ksher.faults().latency(LATENCY, LATENCY, 1);
        Path file = directory.resolve("orders-" + run + ".csv");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("operation,mch_order_no\n");
            for (int i = 0; i < orders; i++) {
                boolean gateway = ONLY_GATEWAY || i % 2 != 0;
                String number = "R" + run + "-" + i;
                ksher.open((gateway ? KsherOrder.gateway(number) : KsherOrder.of(number)).amount(100, "THB"));
                out.write((gateway ? "cancel," : "close,") + number + "\n");
            }
        }
        Path gc = directory.resolve("gc-" + run + ".log");
        AtomicInteger threads = new AtomicInteger();
        long start = System.nanoTime();
        int exit;
        long cpu = 0;
        long collected = start;
        try (BatchProcess process = BatchProcess.start(
                directory,
                "run-" + run,
                List.of("-Xlog:gc:file=" + gc, "-XX:TieredStopAtLevel=4"),
                file.toString(),
                "--config",
                config.toString(),
                "--report",
                "out",
                "--parallel",
                String.valueOf(PARALLEL))) {
            while (process.isAlive()) {
                threads.accumulateAndGet(process.threads(), Math::max);
                cpu = Math.max(cpu, process.cpuMillis());
                if (System.nanoTime() - collected > TimeUnit.SECONDS.toNanos(COLLECT_EVERY_SECONDS)) {
                    collected = System.nanoTime();
                    new ProcessBuilder("jcmd", String.valueOf(process.pid()), "GC.run")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
                }
                BatchProcess.pause(Duration.ofMillis(100));
            }
            exit = process.exitCode(Duration.ofSeconds(1));
        }
        double wall = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        int calls = ksher.calls().size();
        double ideal = calls * LATENCY.toMillis() / 1_000.0 / PARALLEL + 10;
        System.out.printf(
                "%8d %8d %8.1f %8.1f %6.2f %13.2f %17d %8d %11.1f%s%n",
                orders,
                calls,
                wall,
                ideal,
                ideal / wall,
                cpu / (double) orders,
                heapAfterGc(gc),
                threads.get(),
                Files.size(directory.resolve("out/journal.mv.db")) / 1e6,
                exit == 0 ? "" : "  EXIT " + exit);
    }

    private static long heapAfterGc(Path log) throws IOException {
        long most = 0;
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = AFTER_GC.matcher(line);
            if (matcher.find()) {
                most = Math.max(most, Long.parseLong(matcher.group(1)));
            }
        }
        return most;
    }
}
