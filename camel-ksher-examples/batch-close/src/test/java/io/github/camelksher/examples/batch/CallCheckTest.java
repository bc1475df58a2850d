/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherOrder.State;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The check of the chaos tests finds what it is there for. */
class CallCheckTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TroubleLog log = new TroubleLog();

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    private static CallRecord call(String operation, long from, long to, State before, State after) {
        return new CallRecord(
                at(from), at(to), "mch", operation, "ORDER-0", before, after, 0, "SUCCESS", null, null, true);
    }

    private static CallRecord query(long from, long to) {
        return call("orderQuery", from, to, State.NOTPAY, State.NOTPAY);
    }

    private static CallRecord close(long from, State before) {
        return call("orderClose", from, from + 10, before, State.CLOSED);
    }

    /** All of them after it was closed, and within a second. */
    private static CallRecord[] closes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> close(100 + 50L * i, State.CLOSED))
                .toArray(CallRecord[]::new);
    }

    private List<String> problems(CallRecord... calls) {
        return new CallCheck(Arrays.asList(calls), log).problems();
    }

    @Test
    void saysNothingOfCallsAsTheyShouldBe() {
        assertThat(problems(query(0, 100), close(110, State.NOTPAY), query(400, 500)))
                .isEmpty();
    }

    @Test
    void seesAnOrderThatIsAskedByTwo() {
        assertThat(problems(query(0, 1_000), close(500, State.NOTPAY)))
                .singleElement()
                .asString()
                .contains("by two");
        assertThat(problems(query(0, 1_000), query(500, 600)))
                .singleElement()
                .asString()
                .contains("by two");
        assertThat(problems(call("gatewayQuery", 0, 1_000, null, null), query(999, 1_100)))
                .singleElement()
                .asString()
                .contains("by two");
    }

    @Test
    void seesAQueryThatComesTooSoon() {
        assertThat(problems(query(0, 100), query(399, 450)))
                .singleElement()
                .asString()
                .contains("too soon, 299 ms");
    }

    @Test
    void seesACommandAfterTheOrderWasClosedAndACloseOfWhatWasPaid() {
        assertThat(problems(close(0, State.CLOSED))).singleElement().asString().contains("again after it was closed");
        assertThat(problems(close(0, State.SUCCESS))).singleElement().asString().contains("paid, and then closed");
    }

    @Test
    void excusesOneQueryOfAnOrderForEachJumpOfTheClockAndNoCommand() {
        log.jumpedAhead(at(150), at(160));
        assertThat(problems(query(0, 100), query(200, 250))).isEmpty();
        assertThat(problems(query(0, 100), query(200, 250), query(300, 350))).hasSize(1);
        assertThat(problems(query(2_000, 2_100), query(2_200, 2_250))).hasSize(1);
        assertThat(problems(query(0, 1_000), close(500, State.NOTPAY))).hasSize(1);
    }

    @Test
    void excusesAsManyCallsOfAWorkerThatWasWokenAsItHasInFlightAndNoMore() {
        log.woke(at(0));
        assertThat(problems(closes(CallCheck.LATE_CALLS_OF_A_WAKE))).isEmpty();
        assertThat(problems(closes(CallCheck.LATE_CALLS_OF_A_WAKE + 1)))
                .singleElement()
                .asString()
                .contains("woken made 17 calls");
        assertThat(problems(close(2_100, State.CLOSED))).hasSize(1);
    }
}
