/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.fault.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Orders in every state at a Ksher that fails at random, and what must be true of them in the end.
 */
final class MixedOrders {

    private final int count;

    MixedOrders(int count) {
        this.count = count;
    }

    static String number(int i) {
        return "ORDER-" + i;
    }

    static boolean isClose(int i) {
        return i % 2 == 0;
    }

    private static KsherOrder order(int i) {
        return isClose(i) ? KsherOrder.of(number(i)) : KsherOrder.gateway(number(i));
    }

    /** Opens them all but one in twenty, which Ksher does not know. */
    void openAt(KsherSimulator ksher) {
        for (int i = 0; i < count; i++) {
            open(ksher, i);
        }
    }

    static void open(KsherSimulator ksher, int i) {
        KsherOrder order = order(i).amount(100 + i, "THB").openid("not-for-anybody");
        switch (i % 20) {
            case 1 -> ksher.open(order.state(State.SUCCESS));
            case 2 -> ksher.open(order.state(State.CLOSED));
            case 3 -> ksher.open(order.state(State.REFUND));
            case 4 -> ksher.open(order.state(State.USERPAYING));
            case 5 -> ksher.open(order.paysAfterQueries(1));
            case 6 -> ksher.open(order.state(State.NOTSURE).paysAfterQueries(2));
            case 7 -> ksher.open(order.otp(-4));
            case 8 -> ksher.open(order.state(State.PAYERROR));
            case 9 -> {
                // Nobody knows it.
            }
            default -> ksher.open(order);
        }
    }

    /** How Ksher has it now; null if it does not know it. */
    static @Nullable State state(KsherSimulator ksher, String number) {
        return index(number) % 20 == 9 ? null : ksher.order(number).state();
    }

    static int index(String number) {
        return Integer.parseInt(number.substring(6));
    }

    Path writeTo(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of("operation,mch_order_no"));
        for (int i = 0; i < count; i++) {
            lines.add((isClose(i) ? "close," : "cancel,") + number(i));
        }
        return Files.write(file, lines);
    }

    /** Each order has one row in the report, and the row agrees with the simulator's own record. */
    void agree(Path out, KsherSimulator ksher) throws IOException {
        List<CSVRecord> rows = ReportFile.rows(ReportFile.find(out));
        assertThat(rows).as("one row for each order").hasSize(count);
        assertThat(rows.stream().map(row -> row.get("mch_order_no")).distinct()).hasSize(count);
        Map<String, List<CallRecord>> calls = ksher.calls().stream().collect(Collectors.groupingBy(CallRecord::order));
        Map<Outcome, Integer> outcomes = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (CSVRecord row : rows) {
            Outcome outcome = Outcome.valueOf(row.get("outcome"));
            outcomes.merge(outcome, 1, Integer::sum);
            String number = row.get("mch_order_no");
            String problem = problem(outcome, number, calls.getOrDefault(number, List.of()), ksher);
            if (problem != null) {
                wrong.add("line " + row.get("line") + " " + number + " " + outcome + " '" + row.get("detail") + "': "
                        + problem);
            }
        }
        System.out.println("outcomes: " + outcomes + ", calls: " + ksher.calls().size());
        assertThat(wrong).isEmpty();
    }

    private static String problem(Outcome outcome, String number, List<CallRecord> calls, KsherSimulator ksher) {
        State state = state(ksher, number);
        List<CallRecord> commands = calls.stream()
                .filter(call -> !call.operation().endsWith("Query"))
                .toList();
        boolean closedByUs = commands.stream()
                .anyMatch(call -> call.stateAfter() == State.CLOSED && call.stateBefore() != State.CLOSED);
        if (commands.stream()
                .anyMatch(call -> call.stateBefore() == State.SUCCESS && call.stateAfter() == State.CLOSED)) {
            return "was paid, and then closed";
        }
        if (commands.stream().anyMatch(call -> call.stateBefore() == State.CLOSED)) {
            return "was commanded again after it was closed";
        }
        String tooSoon = tooSoon(calls);
        if (tooSoon != null) {
            return tooSoon;
        }
        boolean agrees =
                switch (outcome) {
                    case PAID -> state == State.SUCCESS && !closedByUs;
                    case CLOSED -> state == State.CLOSED && closedByUs;
                    case ALREADY_CLOSED -> state == State.CLOSED && !closedByUs;
                    case REFUNDED -> state == State.REFUND;
                    case NOT_FOUND -> state == null;
                    case REFUSED -> state == State.USERPAYING && !closedByUs;
                    case UNTRUSTED ->
                        calls.stream()
                                .anyMatch(call ->
                                        call.operation().endsWith("Query") && call.fault() == FaultKind.BAD_SIGNATURE);
                    default -> false;
                };
        return agrees ? null : "but it is " + state + ", closed by us: " + closedByUs + ", calls " + calls;
    }

    private static String tooSoon(List<CallRecord> calls) {
        List<CallRecord> queries = calls.stream()
                .filter(call -> call.operation().endsWith("Query"))
                .sorted(Comparator.comparing(CallRecord::arrived))
                .toList();
        for (int i = 1; i < queries.size(); i++) {
            Duration gap =
                    Duration.between(queries.get(i - 1).time(), queries.get(i).arrived());
            if (gap.compareTo(TestKsher.INTERVAL) < 0) {
                return "two queries " + gap.toMillis() + " ms apart";
            }
        }
        return null;
    }
}
