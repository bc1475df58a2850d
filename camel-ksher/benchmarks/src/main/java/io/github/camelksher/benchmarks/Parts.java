/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The parts of a call, each alone, with JMH. */
@Command(name = "parts", mixinStandardHelpOptions = true, description = "Measures the parts of a call.")
final class Parts implements Callable<Integer> {

    @Option(names = "--quick", description = "a glance: not to be quoted")
    private boolean quick;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Parts()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        int window = quick ? 200 : 1000;
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^io\\.github\\.camelksher\\..*\\.Parts\\w+Benchmark\\.")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(quick ? 2 : 3)
                .warmupTime(TimeValue.milliseconds(window / 2))
                .measurementIterations(quick ? 3 : 5)
                .measurementTime(TimeValue.milliseconds(window))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (!hasConscrypt()) {
            options.param("provider", PartsSignatureBenchmark.JDK);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        System.out.printf(
                Locale.ROOT,
                "%nJava %s; a fork each, %d windows of %d ms%n%n| part | ns | ± | bytes |%n|---|--:|--:|--:|%n",
                System.getProperty("java.version"),
                quick ? 3 : 5,
                window);
        results.forEach(Parts::print);
        return 0;
    }

    private static boolean hasConscrypt() {
        try {
            return PartsSignatureBenchmark.conscrypt() != null;
        } catch (ReflectiveOperationException | LinkageError e) {
            System.out.println("Without Conscrypt: " + e);
            return false;
        }
    }

    private static void print(RunResult run) {
        String method = run.getParams().getBenchmark().replaceAll(".*\\.", "");
        StringBuilder name =
                new StringBuilder(method.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT));
        for (String parameter : run.getParams().getParamsKeys()) {
            name.append(", ").append(run.getParams().getParam(parameter));
            if (parameter.equals("bits")) {
                name.append(" bits");
            }
        }
        Result<?> time = run.getPrimaryResult();
        double bytes = Objects.requireNonNull(run.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
        System.out.printf(
                Locale.ROOT, "| %s | %,.0f | %,.0f | %,.0f |%n", name, time.getScore(), time.getScoreError(), bytes);
    }
}
