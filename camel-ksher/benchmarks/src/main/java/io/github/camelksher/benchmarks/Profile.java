/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where a call's bytes come from: Flight Recorder's samples of what one caller allocates, by whose code it was. */
@Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Tells where the bytes of a call come from, of the floor and of the component.")
final class Profile implements Callable<Integer> {

    private static final String SAMPLE = "jdk.ObjectAllocationSample";
    private static final String BENCHMARKS = Profile.class.getPackageName() + ".";
    private static final String OURS = "io.github.camelksher.";

    @Option(names = "--window", description = "how long each is recorded, in s", defaultValue = "15")
    private int window;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Profile()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        try (Target target = new Target(512, 0, false);
                Floor floor = new Floor(target, 1);
                ComponentRoute route = new ComponentRoute(target, 1);
                Variant component = route.alone()) {
            print(record(floor), record(component));
        }
        return 0;
    }

    private Map<String, Double> record(Variant variant) throws IOException, InterruptedException {
        Callers caller = new Callers(1, false);
        // Until all of it is compiled: what the compiler finds needless is not allocated.
        caller.run(variant, Duration.ofSeconds(window).toMillis());
        double bytes = caller.run(variant, 1_000).bytes();
        Path file = Files.createTempFile("ksher-profile", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(SAMPLE).with("throttle", "2000/s");
            recording.start();
            caller.run(variant, Duration.ofSeconds(window).toMillis());
            recording.stop();
            recording.dump(file);
            return shares(RecordingFile.readAllEvents(file), bytes);
        } finally {
            Files.delete(file);
        }
    }

    private static Map<String, Double> shares(List<RecordedEvent> events, double bytes) {
        Map<String, Double> weights = new TreeMap<>();
        for (RecordedEvent event : events) {
            if (event.getStackTrace() != null) {
                String whose = whose(event.getStackTrace().getFrames());
                if (whose != null) {
                    weights.merge(whose, (double) event.getLong("weight"), Double::sum);
                }
            }
        }
        double all = weights.values().stream().mapToDouble(weight -> weight).sum();
        weights.replaceAll((whose, weight) -> weight / all * bytes);
        return weights;
    }

    /** Whose code allocates, innermost first; null if it is no part of a call. */
    private static @Nullable String whose(List<RecordedFrame> frames) {
        @Nullable String innermost = null;
        boolean called = false;
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            String method = frame.getMethod().getName();
            if (type.equals("java.security.Signature") && (method.equals("sign") || method.equals("verify"))) {
                return method;
            }
            if (innermost == null) {
                innermost = library(type);
            }
            called |= method.equals("query") && type.startsWith(BENCHMARKS);
        }
        return called ? innermost : null;
    }

    private static @Nullable String library(String type) {
        if (type.startsWith("org.apache.hc.")) {
            return "HttpClient";
        }
        if (type.startsWith("com.fasterxml.jackson.")) {
            return "Jackson";
        }
        if (type.startsWith("org.apache.camel.")) {
            return "Camel: exchange and message";
        }
        if (type.startsWith(BENCHMARKS)) {
            return "the floor's own code";
        }
        return type.startsWith(OURS) ? type.substring(OURS.length()).replaceAll("\\$.*", "") : null;
    }

    private void print(Map<String, Double> floor, Map<String, Double> component) {
        System.out.printf(
                Locale.ROOT,
                "%n512 bits, plain, 1 caller; Java %s; sampled for %d s each%n%n| bytes of a call | floor | component |%n|---|--:|--:|%n",
                System.getProperty("java.version"),
                window);
        TreeSet<String> names = new TreeSet<>(floor.keySet());
        names.addAll(component.keySet());
        List<String> rows = new ArrayList<>(names);
        rows.sort(Comparator.comparing((String name) -> -component.getOrDefault(name, 0.0)));
        for (String row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f |%n",
                    row,
                    floor.getOrDefault(row, 0.0),
                    component.getOrDefault(row, 0.0));
        }
        System.out.printf(Locale.ROOT, "| all | %,.0f | %,.0f |%n", sum(floor), sum(component));
    }

    private static double sum(Map<String, Double> shares) {
        return shares.values().stream().mapToDouble(share -> share).sum();
    }
}
