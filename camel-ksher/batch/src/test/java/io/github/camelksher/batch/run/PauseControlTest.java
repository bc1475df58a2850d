/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.GIVE_UP_AFTER;
import static io.github.camelksher.batch.run.Bench.INTERVAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.CapturedLog;
import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PauseControlTest {

    private final Bench bench = new Bench();
    private final PauseControl pause = bench.pause;
    private final CapturedLog log = new CapturedLog(BatchWorker.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void record(int order, Event event) {
        pause.record("batch line " + order, "order " + order, event);
    }

    // ---- when it begins ----

    @Test
    void pausesAfterTwentyOrdersInARowThatFail() {
        for (int i = 0; i < 19; i++) {
            record(i, Ends.FAILED);
            assertThat(pause.isPaused()).isFalse();
        }
        record(19, Ends.NO_ANSWER);
        assertThat(pause.isPaused()).isTrue();
    }

    @Test
    void doesNotPauseIfAGoodReplyCameInBetween() {
        for (int i = 0; i < 100; i++) {
            record(i, i % 20 == 19 ? Ends.OPEN : Ends.FAILED);
            assertThat(pause.isPaused()).isFalse();
        }
    }

    @Test
    void pausesWhenThreeOrdersHaveFailedForAMinuteAlthoughNoCallEnds() {
        record(1, Ends.FAILED);
        record(2, Ends.FAILED);
        record(3, Ends.FAILED);
        pause.check();
        assertThat(pause.isPaused()).isFalse();
        bench.run(Duration.ofMinutes(1));
        assertThat(pause.isPaused()).isFalse();
        pause.check();
        assertThat(pause.isPaused()).isTrue();
    }

    @Test
    void doesNotPauseForTwoOrders() {
        for (int i = 0; i < 100; i++) {
            record(i % 2, Ends.FAILED);
            bench.run(Duration.ofMinutes(1));
            pause.check();
        }
        assertThat(pause.isPaused()).isFalse();
        assertThat(bench.state.isRunning()).isTrue();
    }

    @Test
    void saysOnceThatItPausesAndWhy() {
        bench.pause();
        for (int i = 0; i < 20; i++) {
            record(i, Ends.FAILED);
            pause.check();
        }
        assertThat(log.warnings())
                .filteredOn(line -> line.contains("Paused"))
                .singleElement()
                .asString()
                .contains("connection refused to api.mch.ksher.net:443", "10 s");
    }

    // ---- while it lasts ----

    @Test
    void noTimeRunsWhileItPauses() {
        bench.run(Duration.ofSeconds(30));
        bench.pause();
        long ran = bench.runTime.millis();
        bench.run(Duration.ofMinutes(10));
        assertThat(bench.runTime.millis()).isEqualTo(ran).isEqualTo(30_000);
    }

    @Test
    void nothingIsToBeProbedBeforeItPauses() {
        bench.run(Duration.ofHours(1));
        assertThat(pause.mayProbe()).isFalse();
    }

    @Test
    void probesOnceAnIntervalTheFirstTimeAnIntervalAfterItPaused() {
        bench.pause();
        assertThat(pause.mayProbe()).isFalse();
        bench.clock.advance(INTERVAL.minusNanos(1));
        assertThat(pause.mayProbe()).isFalse();
        bench.clock.advance(Duration.ofNanos(1));
        assertThat(pause.mayProbe()).isTrue();
        pause.probes();
        assertThat(pause.mayProbe()).isFalse();
        bench.clock.advance(INTERVAL.minusNanos(1));
        assertThat(pause.mayProbe()).isFalse();
        bench.clock.advance(Duration.ofNanos(1));
        assertThat(pause.mayProbe()).isTrue();
    }

    static Stream<Event> noGoodReply() {
        return Stream.of(Ends.FAILED, Ends.NO_ANSWER, Ends.UNVERIFIED, Ends.CREDENTIALS_REJECTED, Ends.NOT_KSHER);
    }

    @ParameterizedTest
    @MethodSource("noGoodReply")
    void whatIsNoGoodReplyDoesNotEndIt(Event event) {
        bench.pause();
        record(3, event);
        pause.check();
        assertThat(pause.isPaused()).isTrue();
    }

    // ---- how it ends ----

    @ParameterizedTest
    @MethodSource("io.github.camelksher.batch.run.StopRulesTest#goodReplies")
    void aGoodReplyEndsItAndTimeRunsAgain(Event good) {
        bench.pause();
        bench.run(Duration.ofMinutes(5));
        record(3, good);
        assertThat(pause.isPaused()).isFalse();
        assertThat(pause.mayProbe()).isFalse();
        assertThat(bench.lastFailure.reason()).isNull();
        assertThat(log.lines()).anyMatch(line -> line.contains("going on"));
        bench.run(Duration.ofSeconds(7));
        assertThat(bench.runTime.millis()).isEqualTo(7_000);
    }

    @Test
    void stopsTheRunWhenNoGoodReplyCameForTooLongAndNamesTheLastReason() {
        bench.pause();
        record(3, Ends.failed("HTTP status 503"));
        bench.clock.advance(GIVE_UP_AFTER.minusNanos(1));
        pause.check();
        assertThat(bench.state.isRunning()).isTrue();
        bench.clock.advance(Duration.ofNanos(1));
        pause.check();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.settingsAreWrong()).isFalse();
        assertThat(bench.state.stopped())
                .contains("batch.give-up-after", "the last failure: HTTP status 503", "run the same again");
        assertThat(log.warnings()).anyMatch(line -> line.contains("Stopping") && line.contains("HTTP status 503"));
    }

    @Test
    void saysOnceThatItStops() {
        bench.pause();
        bench.clock.advance(GIVE_UP_AFTER);
        pause.check();
        pause.check();
        assertThat(log.warnings()).filteredOn(line -> line.contains("Stopping")).hasSize(1);
    }

    @Test
    void aSecondPauseIsCountedFromItsOwnBeginning() {
        bench.pause();
        bench.clock.advance(GIVE_UP_AFTER.minusSeconds(1));
        record(3, Ends.OPEN);
        bench.clock.advance(Duration.ofSeconds(5));
        bench.pause();
        pause.check();
        assertThat(pause.isPaused()).isTrue();
        assertThat(pause.mayProbe()).as("an interval after this pause began").isFalse();
        assertThat(bench.state.isRunning()).isTrue();
        bench.clock.advance(GIVE_UP_AFTER);
        pause.check();
        assertThat(bench.state.hasFailed()).isTrue();
    }

    @Test
    void aGoodReplyAtTheLastMomentLetsTheRunGoOn() {
        bench.pause();
        bench.clock.advance(GIVE_UP_AFTER);
        record(3, Ends.OPEN);
        pause.check();
        assertThat(bench.state.isRunning()).isTrue();
    }
}
