/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherOrder.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Checks the calls that Ksher saw: no order is asked by two workers at once or too soon, none is
 * commanded after it was closed, none is closed after it was paid. Two things are excused, since no
 * design can avoid them: one query of an order for each jump ahead of the database's clock, and the
 * few calls of a process that was stopped between its last lease check and the socket.
 */
final class CallCheck {

    /** A call is claimed this long before it is seen, at most. */
    private static final Duration CLAIMED_BEFORE = Duration.ofSeconds(1);
    /**
     * A worker that is stopped may have been about to send as many calls:
     * each of its threads (--parallel) can be between the lease check and
     * the socket, and all of them are when they have just got a claim.
     */
    static final int LATE_CALLS_OF_A_WAKE = 16;

    private final Map<String, List<CallRecord>> calls;
    private final TroubleLog troubles;
    private final Set<String> jumped = new HashSet<>();
    private final Map<Integer, Set<CallRecord>> late = new HashMap<>();
    private final Map<String, Integer> excused = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    CallCheck(List<CallRecord> all, TroubleLog troubles) {
        this.calls = all.stream()
                .sorted(Comparator.comparing(CallRecord::arrived))
                .collect(Collectors.groupingBy(CallRecord::order, TreeMap::new, Collectors.toList()));
        this.troubles = troubles;
        calls.forEach(this::check);
        late.forEach((wake, those) -> {
            if (those.size() > LATE_CALLS_OF_A_WAKE) {
                problems.add("a worker that was woken made " + those.size() + " calls beside its heirs': " + those);
            }
        });
    }

    static boolean isQuery(CallRecord call) {
        return call.operation().endsWith("Query");
    }

    /** Whether a command of ours closed it. */
    static boolean closes(CallRecord call) {
        return !isQuery(call) && call.stateAfter() == State.CLOSED && call.stateBefore() != State.CLOSED;
    }

    List<CallRecord> of(String number) {
        return calls.getOrDefault(number, List.of());
    }

    List<String> problems() {
        return problems;
    }

    /** What was excused, by kind. */
    Map<String, Integer> excused() {
        return excused;
    }

    private void check(String number, List<CallRecord> all) {
        for (int i = 0; i < all.size(); i++) {
            CallRecord call = all.get(i);
            if (closes(call) && call.stateBefore() == State.SUCCESS) {
                problems.add(number + " was paid, and then closed: " + call);
            }
            if (!isQuery(call) && call.stateBefore() == State.CLOSED && !isLate(call)) {
                problems.add(number + " was commanded again after it was closed" + context(all, i));
            }
            // A call is reported once, whatever else was wrong with it.
            for (int j = i - 1; j >= 0 && !isBeside(number, all.get(j), call, all, i); j--) {
                // Looks further back.
            }
        }
    }

    private boolean isBeside(String number, CallRecord before, CallRecord call, List<CallRecord> all, int i) {
        Duration gap = Duration.between(before.time(), call.arrived());
        boolean overlap = gap.isNegative();
        boolean tooSoon = isQuery(before) && isQuery(call) && gap.compareTo(TestKsher.INTERVAL) < 0;
        if (!overlap && !tooSoon) {
            return false;
        }
        String what = overlap ? "asked by two at once" : "asked too soon";
        if (isQuery(call) && straddlesJump(number, before, call)) {
            excused.merge(what + " across a jump of the clock", 1, Integer::sum);
        } else if (isLate(call) || isLate(before)) {
            excused.merge(what + " by a worker that was woken", 1, Integer::sum);
        } else {
            problems.add(number + " was " + what + ", " + gap.toMillis() + " ms after the end of the call before"
                    + context(all, i));
        }
        return true;
    }

    /** Also notes that it was. */
    private boolean isLate(CallRecord call) {
        for (int i = 0; i < troubles.wakes().size(); i++) {
            if (troubles.wakes().get(i).meets(call.arrived(), call.arrived())) {
                late.computeIfAbsent(i, wake -> new HashSet<>()).add(call);
                return true;
            }
        }
        return false;
    }

    /** One query of an order for each jump. */
    private boolean straddlesJump(String number, CallRecord before, CallRecord call) {
        Instant begin = before.arrived().minus(CLAIMED_BEFORE);
        for (int i = 0; i < troubles.jumps().size(); i++) {
            if (troubles.jumps().get(i).meets(begin, call.arrived()) && jumped.add(number + " " + i)) {
                return true;
            }
        }
        return false;
    }

    private static String context(List<CallRecord> all, int i) {
        return all.subList(Math.max(0, i - 3), Math.min(all.size(), i + 2)).stream()
                .map(call -> "\n      " + call.arrived() + " to " + call.time() + " " + call.operation() + " "
                        + call.stateBefore() + " to " + call.stateAfter() + ", fault " + call.fault())
                .collect(Collectors.joining());
    }
}
