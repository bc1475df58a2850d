/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.GIVE_UP_AFTER;
import static io.github.camelksher.batch.run.Bench.INTERVAL;
import static io.github.camelksher.batch.run.Bench.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.journal.Save;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The pause and its probes. */
class ClaimLoopPauseTest extends ClaimLoopCase {

    @Test
    void claimsNothingWhileItPausesAndThenOneRowAnInterval() {
        bench.pause();
        lease.has(rows(1_000));
        calls(3, Ends.FAILED);
        assertThat(loop.step()).isEqualTo(A_SECOND);
        bench.clock.advance(INTERVAL.minusNanos(1));
        loop.step();
        assertThat(lease.asked).isEmpty();
        for (int probe = 1; probe <= 3; probe++) {
            bench.clock.advance(INTERVAL);
            loop.step();
            threads.runAll();
            loop.step();
            assertThat(lease.limits()).hasSize(probe).containsOnly(1);
            assertThat(calls.made).hasSize(probe);
        }
    }

    @Test
    void probesNothingWhileARowIsUnderWay() {
        lease.has(rows(1_000));
        loop.step();
        bench.pause();
        bench.clock.advance(INTERVAL);
        loop.step();
        bench.clock.advance(INTERVAL);
        loop.step();
        assertThat(lease.asked).hasSize(1);
    }

    @Test
    void probesNothingWhileAnEndIsNotOnDisk() {
        CompletableFuture<Boolean> disk = new CompletableFuture<>();
        lease.onSave = save -> disk;
        lease.has(rows(1));
        calls(1, Ends.FAILED);
        loop.step();
        threads.runAll();
        bench.pause();
        bench.clock.advance(INTERVAL);
        loop.step();
        assertThat(lease.asked).hasSize(1);
        disk.complete(true);
        loop.step();
        assertThat(lease.limits()).containsExactly(40, 1);
    }

    @Test
    void rowsThatWaitForAThreadWhenThePauseBeginsAreNotCalled() {
        lease.has(rows(40));
        calls(20, Ends.FAILED);
        loop.step();
        threads.run(20);
        assertThat(bench.pause.isPaused()).isTrue();
        // A call that was to be made all the same.
        calls(20, Ends.FAILED);
        threads.runAll();
        assertThat(calls.made)
                .as("only a probe is called while the batch pauses")
                .hasSize(20);
        assertThat(lease.saves.subList(20, lease.saves.size()))
                .as("put back, for the next probe")
                .hasSize(20)
                .allSatisfy(save -> assertThat(save.row().calls()).isZero());
    }

    @Test
    void aLookThatFoundNoRowIsNoProbe() {
        bench.pause();
        hasNoRow(Duration.ofMillis(100));
        bench.clock.advance(INTERVAL);
        loop.step();
        lease.has(rows(1));
        loop.step();
        assertThat(lease.limits()).containsExactly(1, 1);
        assertThat(threads.waiting()).isEqualTo(1);
    }

    @Test
    void aProbeThatIsAnsweredEndsThePauseAndTheBatchGoesOnAtFullWidth() {
        bench.pause();
        lease.has(rows(1_000));
        calls(1, Ends.PAID);
        bench.clock.advance(INTERVAL);
        loop.step();
        threads.runAll();
        assertThat(bench.pause.isPaused()).isFalse();
        loop.step();
        assertThat(lease.limits()).containsExactly(1, 40);
    }

    @Test
    void aProbeThatFindsAnOpenOrderIsSentItsCommand() {
        bench.pause();
        lease.has(rows(1));
        calls.then(Ends.OPEN, Ends.DONE);
        bench.clock.advance(INTERVAL);
        loop.step();
        threads.runAll();
        assertThat(calls.made).containsExactly("query 2", "command 2");
    }

    @Test
    void noTimeOfAProbedOrderRunsDuringThePause() {
        bench.run(Duration.ofSeconds(20));
        bench.pause();
        lease.has(rows(1_000));
        for (int i = 0; i < 30; i++) {
            bench.run(INTERVAL);
            calls(1, Ends.FAILED);
            loop.step();
            threads.runAll();
        }
        assertThat(lease.asked).hasSize(30).allMatch(asked -> asked.ran() == 20_000);
        assertThat(lease.saves).extracting(Save::timeLeft).containsOnly(GIVE_UP_AFTER.minusSeconds(20));
    }

    @Test
    void pausesAndProbesAlthoughNoCallEndsWhenThreeOrdersHaveFailedForAMinute() {
        lease.has(rows(3));
        calls(3, Ends.FAILED);
        loop.step();
        threads.runAll();
        bench.run(Duration.ofMinutes(1));
        loop.step();
        assertThat(bench.pause.isPaused()).isTrue();
        assertThat(lease.asked).hasSize(1);
    }

    @Test
    void thePauseEndsTheRunWhenItHasLastedTooLong() {
        bench.pause();
        lease.has(rows(1_000));
        bench.clock.advance(GIVE_UP_AFTER);
        loop.step();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("batch.give-up-after", Ends.REASON);
        assertThat(lease.asked).as("the rest stays planned").isEmpty();
    }
}
