/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.CapturedLog;
import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LastFailureTest {

    private static final String ANOTHER = "HTTP status 503";

    private final TurnedClock clock = new TurnedClock();
    private final LastFailure lastFailure = new LastFailure(clock);
    private final CapturedLog log = new CapturedLog(BatchWorker.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void fail(String reason) {
        lastFailure.record(Bench.row(2), Ends.failed(reason));
    }

    private long said(String reason) {
        return log.warnings().stream().filter(line -> line.contains(reason)).count();
    }

    @Test
    void namesNothingBeforeTheFirstFailure() {
        assertThat(lastFailure.reason()).isNull();
        lastFailure.record(Bench.row(2), Ends.OPEN);
        assertThat(lastFailure.reason()).isNull();
        assertThat(log.lines()).isEmpty();
    }

    static Stream<Event> failures() {
        return Stream.of(Ends.FAILED, Ends.NO_ANSWER);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void namesTheReasonFromTheFirstCallThatFails(Event failure) {
        lastFailure.record(Bench.row(2), failure);
        assertThat(lastFailure.reason()).isEqualTo("connection refused to api.mch.ksher.net:443");
        assertThat(log.warnings())
                .singleElement()
                .asString()
                .contains("batch line 2", "connection refused to api.mch.ksher.net:443")
                .doesNotContain("SECRET");
    }

    @Test
    void namesTheLatestOfSeveralReasons() {
        fail(Ends.REASON);
        fail(ANOTHER);
        assertThat(lastFailure.reason()).isEqualTo(ANOTHER);
    }

    @ParameterizedTest
    @MethodSource("io.github.camelksher.batch.run.StopRulesTest#goodReplies")
    void namesItUntilAGoodReply(Event good) {
        fail(Ends.REASON);
        clock.advance(Duration.ofHours(1));
        assertThat(lastFailure.reason()).isEqualTo(Ends.REASON);
        lastFailure.record(Bench.row(3), good);
        assertThat(lastFailure.reason()).isNull();
    }

    static Stream<Event> neitherGoodNorPassing() {
        return Stream.of(
                Ends.UNVERIFIED, Ends.CREDENTIALS_REJECTED, Ends.NOT_KSHER, new Event.NotSent(), new Event.GaveUp());
    }

    @ParameterizedTest
    @MethodSource("neitherGoodNorPassing")
    void whatIsNoGoodReplyDoesNotEndIt(Event event) {
        fail(Ends.REASON);
        lastFailure.record(Bench.row(3), event);
        assertThat(lastFailure.reason()).isEqualTo(Ends.REASON);
    }

    @Test
    void saysTheSameReasonOnceAMinute() {
        for (int second = 0; second < 120; second++) {
            fail(Ends.REASON);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(said(Ends.REASON)).isEqualTo(2);
        fail(Ends.REASON);
        assertThat(said(Ends.REASON)).isEqualTo(3);
    }

    @Test
    void saysItAgainAtTheMinuteAndNotBefore() {
        fail(Ends.REASON);
        clock.advance(Duration.ofMinutes(1).minusNanos(1));
        fail(Ends.REASON);
        assertThat(said(Ends.REASON)).isEqualTo(1);
        clock.advance(Duration.ofNanos(1));
        fail(Ends.REASON);
        assertThat(said(Ends.REASON)).isEqualTo(2);
    }

    @Test
    void saysAnotherReasonAtOnce() {
        fail(Ends.REASON);
        fail(ANOTHER);
        assertThat(said(Ends.REASON)).isEqualTo(1);
        assertThat(said(ANOTHER)).isEqualTo(1);
    }

    @Test
    void saysEachOfTwoReasonsThatTakeTurnsOnceAMinute() {
        for (int i = 0; i < 59; i++) {
            fail(i % 2 == 0 ? Ends.REASON : ANOTHER);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(said(Ends.REASON)).isEqualTo(1);
        assertThat(said(ANOTHER)).isEqualTo(1);
    }

    @Test
    void doesNotSayItSoonerBecauseAGoodReplyCameInBetween() {
        for (int i = 0; i < 10; i++) {
            fail(Ends.REASON);
            lastFailure.record(Bench.row(3), Ends.OPEN);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(said(Ends.REASON)).isEqualTo(1);
        fail(Ends.REASON);
        assertThat(lastFailure.reason())
                .as("though it is not said, it is named")
                .isEqualTo(Ends.REASON);
    }
}
