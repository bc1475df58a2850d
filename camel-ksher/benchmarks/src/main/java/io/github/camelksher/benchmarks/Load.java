/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import io.github.camelksher.benchmarks.Callers.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Whole calls over loopback. The variants take turns, round by round in one process, so that whatever else the machine does
 * meets them all; each is compared with the floor of the same round, and the median of these ratios is what counts.
 */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures whole calls, beside the floor and the peers.")
final class Load implements Callable<Integer> {

    private static final String FLOOR = "floor";
    private static final List<String> VARIANTS =
            List.of(FLOOR, "component", "component in a route", "route-expert", "route-typical", "sdk-style");

    @Option(names = "--bits", description = "of both keys, the merchant's and Ksher's", defaultValue = "512")
    private int bits;

    @Option(names = "--tls", description = "over TLS")
    private boolean tls;

    @Option(names = "--delay", description = "of the responder, in ms", defaultValue = "0")
    private long delay;

    @Option(names = "--callers", split = ",", description = "how many at once", defaultValue = "1,16,64,256")
    private List<Integer> callers = List.of();

    @Option(
            names = "--variants",
            split = ",",
            description = "which, of floor, component, component in a route, route-expert, route-typical and sdk-style;"
                    + " the floor is always among them, and all are if left out")
    private List<String> names = List.of();

    @Option(names = "--rounds", description = "how often each variant has its turn", defaultValue = "7")
    private int rounds;

    @Option(names = "--window", description = "of a variant in a round, in ms", defaultValue = "600")
    private long window;

    @Option(names = "--warm-up", description = "of a variant, in ms", defaultValue = "2000")
    private long warmUp;

    @Option(names = "--virtual", description = "callers are virtual threads")
    private boolean virtual;

    /** A variant and what its rounds found. */
    private record Measured(String name, Variant variant, List<Sample> samples) {

        Measured(String name, Variant variant) {
            this(name, variant, new ArrayList<>());
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Load()).execute(args));
    }

    private void check() {
        require(bits >= 512 && bits <= 4096, "--bits must be from 512 to 4096");
        require(delay >= 0, "--delay must not be negative");
        require(callers.stream().allMatch(count -> count > 0), "--callers must be positive");
        require(VARIANTS.containsAll(names), "--variants: there are " + String.join(", ", VARIANTS));
        require(rounds > 0, "--rounds must be positive");
        require(window >= 3, "--window must be at least 3");
        require(warmUp >= 0, "--warm-up must not be negative");
        require(
                !virtual || Runtime.version().feature() >= 21,
                "--virtual: no virtual threads on Java " + Runtime.version().feature()
                        + "; JAVA_HOME says which Java to use");
    }

    private void require(boolean met, String message) {
        if (!met) {
            throw new ParameterException(new CommandLine(this), message);
        }
    }

    @Override
    public Integer call() throws Exception {
        check();
        int most = Collections.max(callers);
        List<Measured> variants = new ArrayList<>();
        try (Target target = new Target(bits, delay, tls)) {
            ComponentRoute component = new ComponentRoute(target, most);
            variants.add(new Measured(FLOOR, new Floor(target, most)));
            variants.add(new Measured("component", component.alone()));
            variants.add(new Measured("component in a route", component));
            variants.add(new Measured("route-expert", new ExpertRoute(target, most)));
            variants.add(new Measured("route-typical", new TypicalRoute(target)));
            variants.add(new Measured("sdk-style", new SdkStyle(target)));
            if (!names.isEmpty()) {
                variants.removeIf(variant -> !variant.name.equals(FLOOR) && !names.contains(variant.name));
            }
            for (Measured variant : variants) {
                new Callers(Math.min(16, most), virtual).run(variant.variant, warmUp);
            }
            for (int count : callers) {
                measure(variants, count);
            }
        } finally {
            for (Measured variant : variants) {
                variant.variant.close();
            }
        }
        return 0;
    }

    private void measure(List<Measured> variants, int count) throws InterruptedException {
        Callers all = new Callers(count, virtual);
        variants.forEach(variant -> variant.samples.clear());
        List<Measured> order = new ArrayList<>(variants);
        Random shuffle = new Random(1);
        for (int round = 0; round <= rounds; round++) {
            for (Measured variant : order) {
                Sample sample = all.run(variant.variant, round == 0 ? window / 3 : window);
                // The first finds out how many connections and threads there must be.
                if (round > 0) {
                    variant.samples.add(sample);
                }
            }
            // Nobody always comes after the same neighbour, nor after one that left much to clean up.
            Collections.shuffle(order, shuffle);
        }
        print(count, variants);
    }

    private void print(int count, List<Measured> variants) {
        System.out.printf(
                Locale.ROOT,
                "%n%d bits, %s, %d %s%s; Java %s, Camel %s; medians of %d rounds of %d ms (least to most)%n%n",
                bits,
                tls ? "TLS" : "plain",
                count,
                virtual ? "virtual callers" : count == 1 ? "caller" : "callers",
                delay == 0 ? "" : ", replies after " + delay + " ms",
                System.getProperty("java.version"),
                CamelContext.class.getPackage().getImplementationVersion(),
                rounds,
                window);
        System.out.println(
                "| variant | calls/s | p50 | p99 | CPU per call | bytes per call | calls/s to floor | CPU to floor | bytes to floor |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        List<Sample> floor = variants.get(0).samples;
        variants.forEach(variant -> System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                variant.name,
                spread(variant.samples, Sample::perSecond, "%,.0f", ""),
                middle(variant.samples, Sample::p50Micros),
                middle(variant.samples, Sample::p99Micros),
                spread(variant.samples, Sample::cpuMicros, "%,.1f", " µs"),
                spread(variant.samples, Sample::bytes, "%,.0f", ""),
                ratio(variant.samples, floor, Sample::perSecond),
                ratio(variant.samples, floor, Sample::cpuMicros),
                ratio(variant.samples, floor, Sample::bytes)));
        System.out.flush();
    }

    private static String spread(List<Sample> samples, ToDoubleFunction<Sample> of, String form, String unit) {
        double[] sorted = samples.stream().mapToDouble(of).sorted().toArray();
        return String.format(
                Locale.ROOT,
                form + unit + " (" + form + " to " + form + ")",
                median(sorted),
                sorted[0],
                sorted[sorted.length - 1]);
    }

    private static String middle(List<Sample> samples, ToDoubleFunction<Sample> of) {
        double micros = median(samples.stream().mapToDouble(of).toArray());
        return micros < 1000
                ? String.format(Locale.ROOT, "%.0f µs", micros)
                : String.format(Locale.ROOT, "%,.1f ms", micros / 1000);
    }

    private static String ratio(List<Sample> mine, List<Sample> floor, ToDoubleFunction<Sample> of) {
        double[] ratios = new double[mine.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = of.applyAsDouble(mine.get(i)) / of.applyAsDouble(floor.get(i));
        }
        return String.format(Locale.ROOT, "%.2f", median(ratios));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
