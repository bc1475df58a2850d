/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.camelksher.batch.life.Action.Command;
import io.github.camelksher.batch.life.Action.Query;
import io.github.camelksher.batch.life.Action.Settle;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.OrderLife.Step;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event in every state that a real sequence of events leads to. */
class OrderLifeTableTest {

    private static final CallDetails DETAILS = new CallDetails("told", 7, "ERR");

    private static final Map<String, Event> EVENTS = events();

    private static Map<String, Event> events() {
        Map<String, Event> events = new LinkedHashMap<>();
        for (String state : List.of(
                "NOTPAY",
                "PAYERROR",
                "PENDING",
                "USERPAYING",
                "NOTSURE",
                "SUCCESS",
                "CLOSED",
                "REFUND",
                "FAIL",
                "BRAND_NEW")) {
            events.put(state, new Event.Seen(OrderState.of(state), true, null, DETAILS));
        }
        events.put("NOTSURE-page", new Event.Seen(OrderState.NOTSURE, false, null, DETAILS));
        events.put("CLOSED-by-8", new Event.Seen(OrderState.CLOSED, true, 8L, DETAILS));
        events.put("no-such-order", new Event.NoSuchOrder(DETAILS, "advice"));
        events.put("not-verified", new Event.NotVerified(DETAILS));
        events.put("query-failed", new Event.QueryFailed(DETAILS, Duration.ZERO));
        events.put("query-refused", new Event.QueryRefused(DETAILS, true));
        events.put("query-strange", new Event.QueryRefused(DETAILS, false));
        events.put("done", new Event.Done(DETAILS));
        events.put("no-answer", new Event.NoAnswer(DETAILS, Duration.ZERO));
        events.put("refused", new Event.Refused(DETAILS));
        events.put("not-let-in", new Event.CredentialsRejected(DETAILS));
        events.put("not-sent", new Event.NotSent());
        events.put("gave-up", new Event.GaveUp());
        return events;
    }

    /** How each column's state came to be. */
    private static final Map<String, List<String>> STATES = states();

    private static Map<String, List<String>> states() {
        Map<String, List<String>> states = new LinkedHashMap<>();
        states.put("fresh", List.of());
        states.put("failed", List.of("query-failed"));
        states.put("unsure", List.of("NOTSURE"));
        states.put("unsureFail", List.of("NOTSURE", "query-failed"));
        states.put("queryOnly", List.of());
        states.put("sending", List.of("NOTPAY"));
        states.put("done", List.of("NOTPAY", "done"));
        states.put("silent", List.of("NOTPAY", "no-answer"));
        states.put("refused", List.of("NOTPAY", "refused"));
        states.put("doneFailed", List.of("NOTPAY", "done", "query-failed"));
        states.put("backedOff", List.of("NOTPAY", "no-answer", "PENDING"));
        states.put("resending", List.of("NOTPAY", "done", "PAYERROR"));
        states.put("doneTwice", List.of("NOTPAY", "done", "PAYERROR", "done"));
        states.put("notSent", List.of("NOTPAY", "not-sent"));
        states.put("notResent", List.of("NOTPAY", "done", "NOTPAY", "not-sent"));
        states.put("ended", List.of("NOTPAY", "done", "CLOSED"));
        return states;
    }

    /**
     * A cell: {@code C} command; {@code A1}, {@code N1} asking or confirming, with a query after
     * one step of back-off; an outcome; {@code !} impossible.
     */
    private static final String TABLE =
            """
                          | fresh          failed         unsure         unsureFail     queryOnly     sending done      silent    refused   doneFailed backedOff  resending  doneTwice  notSent        notResent  ended
            NOTPAY        | C              C              C              C              NOT_CLOSED !       C         A1        REFUSED   C          C          !          NOT_CLOSED C              C          !
            PAYERROR      | C              C              C              C              NOT_CLOSED !       C         A1        REFUSED   C          C          !          NOT_CLOSED C              C          !
            PENDING       | C              C              C              C              NOT_CLOSED !       C         A1        REFUSED   C          C          !          NOT_CLOSED C              C          !
            USERPAYING    | C              C              C              C              NOT_CLOSED !       C         A1        REFUSED   C          C          !          NOT_CLOSED C              C          !
            NOTSURE       | A1             A2             C              A3             NOT_CLOSED !       C         A1        REFUSED   C          C          !          NOT_CLOSED A1             C          !
            SUCCESS       | PAID           PAID           PAID           PAID           PAID       !       PAID      PAID      PAID      PAID       PAID       !          PAID       PAID           PAID       !
            CLOSED        | ALREADY_CLOSED ALREADY_CLOSED ALREADY_CLOSED ALREADY_CLOSED CLOSED     !       CLOSED    CLOSED    CLOSED    CLOSED     CLOSED     !          CLOSED     ALREADY_CLOSED CLOSED     !
            REFUND        | REFUNDED       REFUNDED       REFUNDED       REFUNDED       REFUNDED   !       REFUNDED  REFUNDED  REFUNDED  REFUNDED   REFUNDED   !          REFUNDED   REFUNDED       REFUNDED   !
            FAIL          | UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN    !       UNKNOWN   UNKNOWN   UNKNOWN   UNKNOWN    UNKNOWN    !          UNKNOWN    UNKNOWN        UNKNOWN    !
            BRAND_NEW     | UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN    !       UNKNOWN   UNKNOWN   UNKNOWN   UNKNOWN    UNKNOWN    !          UNKNOWN    UNKNOWN        UNKNOWN    !
            NOTSURE-page  | C              C              C              C              NOT_CLOSED !       C         A1        REFUSED   C          C          !          NOT_CLOSED C              C          !
            CLOSED-by-8   | CLOSED         CLOSED         CLOSED         CLOSED         CLOSED     !       CLOSED    CLOSED    CLOSED    CLOSED     CLOSED     !          CLOSED     CLOSED         CLOSED     !
            no-such-order | NOT_FOUND      NOT_FOUND      NOT_FOUND      NOT_FOUND      NOT_FOUND  !       UNKNOWN   UNKNOWN   UNKNOWN   UNKNOWN    UNKNOWN    !          UNKNOWN    NOT_FOUND      UNKNOWN    !
            not-verified  | UNTRUSTED      UNTRUSTED      UNTRUSTED      UNTRUSTED      UNTRUSTED  !       UNTRUSTED UNTRUSTED UNTRUSTED UNTRUSTED  UNTRUSTED  !          UNTRUSTED  UNTRUSTED      UNTRUSTED  !
            query-failed  | A1             A2             A2             A3             A1         !       N1        N1        N1        N2         A1         !          N1         A1             A1         !
            query-refused | UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN    !       UNKNOWN   UNKNOWN   UNKNOWN   UNKNOWN    UNKNOWN    !          UNKNOWN    UNKNOWN        UNKNOWN    !
            query-strange | UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN    !       UNKNOWN   UNKNOWN   UNKNOWN   UNKNOWN    UNKNOWN    !          UNKNOWN    UNKNOWN        UNKNOWN    !
            done          | !              !              !              !              !          N0      !         !         !         !          !          N0         !          !              !          !
            no-answer     | !              !              !              !              !          N0      !         !         !         !          !          N0         !          !              !          !
            refused       | !              !              !              !              !          N0      !         !         !         !          !          N0         !          !              !          !
            not-let-in    | UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN    UNKNOWN UNKNOWN   UNKNOWN   UNKNOWN   UNKNOWN    UNKNOWN    UNKNOWN    UNKNOWN    UNKNOWN        UNKNOWN    !
            not-sent      | !              !              !              !              !          A0      !         !         !         !          !          A0         !          !              !          !
            gave-up       | UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN        UNKNOWN    UNKNOWN UNKNOWN   UNKNOWN   UNKNOWN   UNKNOWN    NOT_CLOSED NOT_CLOSED UNKNOWN    UNKNOWN        NOT_CLOSED !
            """;

    record Cell(String state, String event, String expected) {

        @Override
        public String toString() {
            return state + " + " + event + " = " + expected;
        }
    }

    static List<Cell> cells() {
        List<String[]> lines = TABLE.lines()
                .map(line -> line.substring(line.indexOf('|') + 1).strip().split(" +"))
                .toList();
        List<String> names = TABLE.lines()
                .map(line -> line.substring(0, line.indexOf('|')).strip())
                .toList();
        List<Cell> cells = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            for (int j = 0; j < lines.get(0).length; j++) {
                cells.add(new Cell(lines.get(0)[j], names.get(i), lines.get(i)[j]));
            }
        }
        return cells;
    }

    private static OrderLife life(String state) {
        OrderLife life = OrderLife.begin(state.equals("queryOnly") ? RowOperation.CHECK : RowOperation.CANCEL);
        for (String event : STATES.get(state)) {
            life = life.after(EVENTS.get(event)).life();
        }
        return life;
    }

    /**
     * Commands that went out on the way to the state: those that ended, in whatever way, and were
     * not held back.
     */
    private static long commandsSent(String state, String last) {
        Set<String> ends = Set.of("done", "no-answer", "refused");
        boolean refusedNow = last.equals("not-let-in") && life(state).phase() == Phase.COMMANDING;
        return STATES.get(state).stream().filter(ends::contains).count() + (ends.contains(last) || refusedNow ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyEventInEveryState(Cell cell) {
        OrderLife before = life(cell.state());
        Event event = EVENTS.get(cell.event());
        if (cell.expected().equals("!")) {
            assertThatIllegalStateException().isThrownBy(() -> before.after(event));
            return;
        }
        Step step = before.after(event);
        OrderLife after = step.life();
        assertThat(after.queryOnly()).isEqualTo(before.queryOnly());
        if (cell.expected().equals("C")) {
            assertThat(after.phase()).isEqualTo(Phase.COMMANDING);
            assertThat(step.action()).isEqualTo(new Command());
            assertThat(after.commands().sent()).isEqualTo(before.commands().sent() + 1);
        } else if (cell.expected().matches("[AN][0-9]")) {
            boolean asking = cell.expected().startsWith("A");
            assertThat(after.phase()).isEqualTo(asking ? Phase.ASKING : Phase.CONFIRMING);
            assertThat(step.action()).isEqualTo(new Query(cell.expected().charAt(1) - '0'));
            assertThat((long) after.commands().sent()).isEqualTo(commandsSent(cell.state(), cell.event()));
        } else {
            assertThat(after.phase()).isEqualTo(Phase.SETTLED);
            RowResult result = ((Settle) step.action()).result();
            assertThat(result.outcome()).isEqualTo(Outcome.valueOf(cell.expected()));
            boolean says = result.outcome() == Outcome.UNKNOWN || result.outcome() == Outcome.UNTRUSTED;
            boolean sent = commandsSent(cell.state(), cell.event()) > 0;
            assertThat(result.details().text().startsWith("a command was sent; "))
                    .isEqualTo(says && sent);
            assertThat(result.details().text().startsWith("no command was sent; "))
                    .isEqualTo(says && !sent);
        }
    }

    @Test
    void theTableLeavesNothingOut() {
        List<Cell> cells = cells();
        assertThat(cells.stream().map(Cell::state).distinct()).containsExactlyElementsOf(STATES.keySet());
        assertThat(cells.stream().map(Cell::event).distinct()).containsExactlyElementsOf(EVENTS.keySet());
        assertThat(cells).hasSize(STATES.size() * EVENTS.size());
        assertThat(STATES.keySet().stream().map(state -> life(state).phase()).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Phase.values());
        assertThat(EVENTS.values().stream().map(Event::getClass).collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(Event.class.getPermittedSubclasses()).collect(Collectors.toSet()));
    }

    private record Reached(OrderLife life, int answeredDone, boolean openJustNow) {}

    /** Whatever happens in whatever order, up to seven events deep. */
    @Test
    void noSequenceOfEventsBreaksThePromises() {
        Set<Reached> reached = new LinkedHashSet<>(Set.of(new Reached(OrderLife.begin(RowOperation.CLOSE), 0, false)));
        Set<Reached> level = reached;
        for (int depth = 0; depth < 7; depth++) {
            level = level.stream()
                    .flatMap(OrderLifeTableTest::next)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            reached.addAll(level);
        }
        assertThat(reached).hasSizeGreaterThan(50);
        assertThat(reached).allMatch(one -> one.answeredDone() <= 2, "no more than two commands that were answered");
        assertThat(reached.stream().filter(one -> one.life().phase() == Phase.COMMANDING))
                .isNotEmpty()
                .allMatch(Reached::openJustNow, "a command follows a verified open, and nothing else");
    }

    private static Stream<Reached> next(Reached from) {
        if (from.life().phase() == Phase.SETTLED) {
            return Stream.of();
        }
        return EVENTS.values().stream().flatMap(event -> {
            Step step;
            try {
                step = from.life().after(event);
            } catch (IllegalStateException e) {
                return Stream.of();
            }
            if (step.action() instanceof Settle settle) {
                assertOutcomeIsSeen(from.life(), event, settle.result().outcome());
            }
            boolean open = event instanceof Event.Seen seen && seen.state().isOpen();
            return Stream.of(
                    new Reached(step.life(), from.answeredDone() + (event instanceof Event.Done ? 1 : 0), open));
        });
    }

    /**
     * What is told of an order was in a verified reply to a query, and in no reply to a command.
     */
    private static void assertOutcomeIsSeen(OrderLife from, Event event, Outcome outcome) {
        String seen = event instanceof Event.Seen one ? one.state().toString() : "";
        boolean byAnotherRow = event instanceof Event.Seen one && one.commandedByLine() != null;
        assertThat(outcome == Outcome.PAID).isEqualTo(seen.equals("SUCCESS"));
        assertThat(outcome == Outcome.REFUNDED).isEqualTo(seen.equals("REFUND"));
        assertThat(outcome == Outcome.CLOSED || outcome == Outcome.ALREADY_CLOSED)
                .isEqualTo(seen.equals("CLOSED"));
        assertThat(outcome == Outcome.ALREADY_CLOSED)
                .isEqualTo(seen.equals("CLOSED") && from.commands().sent() == 0 && !byAnotherRow);
        if (outcome == Outcome.NOT_CLOSED || outcome == Outcome.REFUSED) {
            assertThat(from.commands().sent()).isPositive();
        }
    }
}
