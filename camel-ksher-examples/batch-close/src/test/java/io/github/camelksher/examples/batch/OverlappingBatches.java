/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.fault.FaultKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * {@link MixedOrders} in batches that come at the same time and overlap: most orders are in two of
 * them, and of some both a close and a cancel, so that whoever works on them meets the others.
 */
final class OverlappingBatches {

    /** What one row of a batch asks for. */
    record Row(String operation, String number) {

        /** Whether Ksher knows such an order under the operation's API. */
        boolean fits() {
            return operation.equals("close") == MixedOrders.isClose(MixedOrders.index(number));
        }
    }

    /** A batch; the row with index 0 is on line 2, as in a file with a header. */
    record Batch(String name, List<Row> rows) {}

    private final KsherSimulator ksher;
    private final Random random;
    private final int step;
    private final List<Batch> batches = new ArrayList<>();
    private int opened;

    /** @param step how many orders a batch has that the one before it has not */
    OverlappingBatches(KsherSimulator ksher, Random random, int step) {
        this.ksher = ksher;
        this.random = random;
        this.step = step;
    }

    /** The next batch: the first half of its orders is the second half of the batch before. */
    Batch next() {
        int from = batches.size() * step;
        for (; opened < from + 2 * step; opened++) {
            MixedOrders.open(ksher, opened);
        }
        List<Row> rows = new ArrayList<>();
        for (int i = from; i < from + 2 * step; i++) {
            Row fits = new Row(MixedOrders.isClose(i) ? "close" : "cancel", MixedOrders.number(i));
            Row other = new Row(MixedOrders.isClose(i) ? "cancel" : "close", MixedOrders.number(i));
            // One in ten both ways in one batch, one in ten another way in each.
            if (random.nextInt(10) == 0) {
                rows.add(fits);
                rows.add(other);
            } else {
                rows.add(random.nextInt(10) == 0 ? other : fits);
            }
        }
        Batch batch = new Batch("night-" + batches.size(), List.copyOf(rows));
        batches.add(batch);
        return batch;
    }

    List<Batch> all() {
        return batches;
    }

    /** The batch as a file of orders. */
    static Path writeTo(Path file, Batch batch) throws IOException {
        List<String> lines = new ArrayList<>(List.of("operation,mch_order_no"));
        batch.rows().forEach(row -> lines.add(row.operation() + "," + row.number()));
        return Files.write(file, lines);
    }

    /** The batch's report; null if it is not there. A file's has the file's content in its name. */
    static @Nullable Path report(Path reports, Batch batch) {
        if (!Files.isDirectory(reports)) {
            return null;
        }
        String name = Pattern.quote(batch.name()) + "(-[0-9a-f]{8})?\\.summary\\.json";
        try (Stream<Path> files = Files.list(reports)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .map(file ->
                            file.resolveSibling(file.getFileName().toString().replace(".summary.json", ".report.csv")))
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean allReported(Path reports) {
        return batches.stream().allMatch(batch -> report(reports, batch) != null);
    }

    /**
     * Every row of every batch has one true line in its report, and Ksher was called as it may be.
     */
    void agree(Path reports, TroubleLog troubles) throws IOException {
        CallCheck calls = new CallCheck(ksher.calls(), troubles);
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        List<String> problems = new ArrayList<>(calls.problems());
        problems.addAll(problems(reports, calls, outcomes));
        System.out.println(batches.size() + " batches, calls: " + ksher.calls().size() + ", outcomes: " + outcomes
                + ", excused: " + calls.excused());
        assertThat(ksher.droppedCalls()).as("calls that the simulator forgot").isZero();
        assertThat(problems).isEmpty();
    }

    /**
     * Each row has one line in its batch's report, and it agrees with the simulator's own record.
     */
    private List<String> problems(Path reports, CallCheck calls, Map<Outcome, Integer> outcomes) throws IOException {
        List<String> problems = new ArrayList<>();
        Map<String, List<String>> byOrder = new TreeMap<>();
        for (Batch batch : batches) {
            Path report = report(reports, batch);
            if (report == null) {
                problems.add(batch.name() + " has no report");
                continue;
            }
            Set<Long> lines = new HashSet<>();
            for (CSVRecord row : ReportFile.rows(report)) {
                long line = Long.parseLong(row.get("line"));
                if (!lines.add(line) || line < 2 || line > batch.rows().size() + 1) {
                    problems.add(batch.name() + " has line " + line + " twice, or never had it");
                    continue;
                }
                Outcome outcome = Outcome.valueOf(row.get("outcome"));
                outcomes.merge(outcome, 1, Integer::sum);
                Row asked = batch.rows().get((int) line - 2);
                if (!asked.equals(new Row(row.get("operation"), row.get("mch_order_no")))) {
                    problems.add(batch.name() + " line " + line + " is not " + asked);
                }
                String problem = problem(asked, outcome, calls);
                if (problem != null) {
                    problems.add(batch.name() + " line " + line + " " + asked + " " + outcome + " '" + row.get("detail")
                            + "': " + problem);
                }
                byOrder.computeIfAbsent(asked.number(), number -> new ArrayList<>())
                        .add(outcome.name());
            }
            if (lines.size() != batch.rows().size()) {
                problems.add(batch.name() + " has " + lines.size() + " of "
                        + batch.rows().size() + " rows");
            }
        }
        byOrder.forEach((number, those) -> ofOneOrder(number, those, calls, problems));
        return problems;
    }

    private String problem(Row row, Outcome outcome, CallCheck calls) {
        List<CallRecord> all = calls.of(row.number());
        if (all.isEmpty()) {
            return "nobody asked";
        }
        State state = row.fits() ? MixedOrders.state(ksher, row.number()) : null;
        boolean closedByUs = all.stream().anyMatch(CallCheck::closes);
        boolean agrees =
                switch (outcome) {
                    case PAID -> state == State.SUCCESS && !closedByUs;
                    case CLOSED -> state == State.CLOSED && closedByUs;
                    // Perhaps by a row of another batch.
                    case ALREADY_CLOSED -> state == State.CLOSED;
                    case REFUNDED -> state == State.REFUND;
                    case NOT_FOUND -> state == null;
                    case REFUSED -> state == State.USERPAYING && !closedByUs;
                    case UNTRUSTED ->
                        all.stream()
                                .anyMatch(call -> CallCheck.isQuery(call) && call.fault() == FaultKind.BAD_SIGNATURE);
                    default -> false;
                };
        return agrees ? null : "but it is " + state + ", closed by us: " + closedByUs + ", calls " + all;
    }

    /**
     * The batch that closed an order says so, unless it could not trust the answer. No other does.
     */
    private static void ofOneOrder(String number, List<String> outcomes, CallCheck calls, List<String> problems) {
        Map<String, Integer> counts = new HashMap<>();
        outcomes.forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
        int closed = counts.getOrDefault("CLOSED", 0);
        boolean closedByUs = calls.of(number).stream().anyMatch(CallCheck::closes);
        if (closed > 1) {
            problems.add(number + " was closed once, and " + closed + " rows say that they did it");
        }
        if (closedByUs && closed == 0 && !counts.containsKey("UNTRUSTED")) {
            problems.add(number + " was closed by one of us, and no row says so: " + outcomes);
        }
    }
}
