/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.GIVE_UP_AFTER;
import static io.github.camelksher.batch.run.Bench.INTERVAL;
import static io.github.camelksher.batch.run.Bench.row;
import static io.github.camelksher.batch.run.Bench.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.journal.Claim;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.life.Event;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClaimLoopTest {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final Bench bench = new Bench(32);
    private final FakeLease lease = bench.lease;
    private final ScriptedCalls calls = bench.calls;
    private final HandExecutor threads = new HandExecutor();
    private final ClaimLoop loop = bench.loop(threads);
    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void nothingThatIsSaidNamesAnOrder() {
        log.close();
        assertThat(log.lines()).noneMatch(line -> line.contains("SECRET"));
        assertThat(String.valueOf(bench.state.stopped())).doesNotContain("SECRET");
    }

    private void calls(int howMany, Event end) {
        for (int i = 0; i < howMany; i++) {
            calls.then(end);
        }
    }

    private void hasNoRow(@Nullable Duration nextIn) {
        lease.onClaim = limit -> new Claim(List.of(), nextIn);
    }

    // ---- how many ----

    @ParameterizedTest
    @CsvSource({"1,2", "2,3", "4,5", "8,10", "32,40", "100,125"})
    void claimsAsManyRowsAsCallsMayBeInFlightAndAQuarterMore(int parallel, int rows) {
        Bench other = new Bench(parallel);
        other.lease.has(rows(1_000));
        ClaimLoop others = other.loop(threads);
        others.step();
        others.step();
        assertThat(other.lease.limits()).containsExactly(rows);
        assertThat(threads.waiting()).isEqualTo(rows);
    }

    @Test
    void claimsMoreWhenMoreThanHalfOfThePrefetchIsUsedUpAndNoMoreThanFillIt() {
        lease.has(rows(1_000));
        calls(40, Ends.PAID);
        loop.step();
        threads.run(4);
        loop.step();
        assertThat(lease.limits()).as("few rows are not worth a claim").containsExactly(40);
        threads.run(1);
        loop.step();
        assertThat(lease.limits()).containsExactly(40, 5);
        assertThat(threads.waiting()).isEqualTo(40);
    }

    @Test
    void claimsTheLastRowsAndTheNextOnesOneByOneIfOneCallMayBeInFlight() {
        Bench other = new Bench(1);
        other.lease.has(rows(10));
        other.calls.then(Ends.PAID, Ends.PAID);
        ClaimLoop others = other.loop(threads);
        others.step();
        threads.run(1);
        others.step();
        threads.run(1);
        others.step();
        assertThat(other.lease.limits()).containsExactly(2, 1, 1);
    }

    @Test
    void aRowCountsAsUnderWayUntilItsThreadHasDoneWithIt() {
        Bench other = new Bench(1);
        other.lease.has(rows(10));
        ClaimLoop others = other.loop(threads);
        others.step();
        other.calls.thenDo(() -> {
            others.step();
            return Ends.PAID;
        });
        threads.run(1);
        assertThat(other.lease.limits()).as("none while the call is made").containsExactly(2);
        others.step();
        assertThat(other.lease.limits()).containsExactly(2, 1);
    }

    @Test
    void worksOnEachClaimedRowOnce() {
        lease.has(rows(3));
        calls(3, Ends.PAID);
        loop.step();
        threads.runAll();
        loop.step();
        assertThat(calls.made).containsExactlyInAnyOrder("query 2", "query 3", "query 4");
        assertThat(threads.waiting()).isZero();
    }

    @Test
    void claimsNothingWhileTheLeaseDoesNotAllowIt() {
        lease.onAllowsClaim = () -> false;
        assertThat(loop.step()).isEqualTo(A_SECOND);
        assertThat(lease.asked).isEmpty();
        lease.onAllowsClaim = () -> true;
        loop.step();
        assertThat(lease.asked).hasSize(1);
    }

    @Test
    void claimsNothingOnceTheWorkerStopped() {
        bench.state.stop("Ctrl-C");
        loop.step();
        assertThat(lease.asked).isEmpty();
    }

    @Test
    void rowsThatWaitForAThreadWhenTheWorkerStopsArePutBackWithoutACall() {
        lease.has(rows(5));
        calls(1, Ends.PAID);
        loop.step();
        threads.run(1);
        bench.state.stop("Ctrl-C");
        threads.runAll();
        assertThat(calls.made).hasSize(1);
        assertThat(lease.saves).hasSize(5);
        assertThat(lease.saves.subList(1, 5)).allSatisfy(save -> {
            assertThat(save.delay()).isEqualTo(Duration.ZERO);
            assertThat(save.row().calls()).isZero();
        });
    }

    // ---- what it tells the journal ----

    @Test
    void tellsTheJournalTheRunTimeAndTheOpenBatches() {
        bench.run(Duration.ofSeconds(12));
        loop.step();
        assertThat(lease.asked).containsExactly(new FakeLease.Asked(List.of(Bench.BATCH), 40, 12_000));
    }

    @Test
    void looksTheOpenBatchesUpFiveTimesASecondAtMost() {
        loop.step();
        bench.clock.advance(Duration.ofMillis(200));
        loop.step();
        assertThat(bench.lookUps).isEqualTo(1);
        bench.openBatches = List::of;
        bench.clock.advance(Duration.ofNanos(1));
        loop.step();
        assertThat(bench.lookUps).isEqualTo(2);
        assertThat(lease.asked.get(2).batches()).isEmpty();
    }

    // ---- how long it waits ----

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none,1000", "300,300", "1000,1000", "300000,1000", "20,20", "19,20", "0,20"})
    void withoutARowItWaitsUntilOneIsDueButNotLongerThanASecond(@Nullable Long nextIn, long wait) {
        hasNoRow(nextIn == null ? null : Duration.ofMillis(nextIn));
        assertThat(loop.step()).isEqualTo(Duration.ofMillis(wait));
    }

    @Test
    void doesNotWaitIfThereAreMoreRowsThanItClaimed() {
        lease.onClaim = limit -> new Claim(rows(limit), Duration.ZERO);
        assertThat(loop.step()).isEqualTo(Duration.ZERO);
        assertThat(loop.step()).as("now all threads have work").isEqualTo(A_SECOND);
    }

    @Test
    void isWokenByARowThatAThreadHasDoneWithAndByAnEndThatIsOnDisk() throws InterruptedException {
        CompletableFuture<Boolean> disk = new CompletableFuture<>();
        lease.onSave = save -> disk;
        lease.has(rows(1));
        calls(1, Ends.PAID);
        loop.step();
        threads.runAll();
        bench.wakeUp.await(Duration.ofHours(1));
        disk.complete(true);
        bench.wakeUp.await(Duration.ofHours(1));
    }

    // ---- when there is nothing to do ----

    @Test
    void tellsWhoWantsToKnowThatNothingIsUnderWayAndNothingCanBeBegun() {
        hasNoRow(Duration.ofMinutes(5));
        loop.step();
        assertThat(bench.idle).containsExactly(List.of(Bench.BATCH));
    }

    @Test
    void tellsNobodyWhileARowIsUnderWayOrNotOnDisk() {
        CompletableFuture<Boolean> disk = new CompletableFuture<>();
        lease.onSave = save -> disk;
        lease.has(rows(1));
        calls(1, Ends.PAID);
        loop.step();
        loop.step();
        assertThat(bench.idle).as("a row waits for its thread").isEmpty();
        threads.runAll();
        loop.step();
        assertThat(bench.idle).as("its end is not on disk").isEmpty();
        disk.complete(true);
        loop.step();
        assertThat(bench.idle).hasSize(1);
    }

    @Test
    void releasesWhatIsWithheldWhenNoRowIsLeftThatCouldBringAGoodReply() {
        withholdOne();
        hasNoRow(null);
        loop.step();
        assertThat(bench.observer.settled).containsExactly("batch line 2 UNTRUSTED");
    }

    @Test
    void releasesItTooWhenTheOnlyRowsThatWaitAreOfTheOrdersThatAreWithheld() {
        withholdOne();
        hasNoRow(INTERVAL);
        loop.step();
        assertThat(bench.observer.settled).containsExactly("batch line 2 UNTRUSTED");
    }

    @Test
    void doesNotReleaseItWhileARowWaitsThatCanGoOn() {
        withholdOne();
        hasNoRow(Duration.ofMinutes(5));
        lease.onAnyCanGoOn = () -> true;
        loop.step();
        assertThat(lease.saves).isEmpty();
    }

    @Test
    void doesNotAskTheJournalForSuchRowsIfNothingIsWithheld() {
        lease.onAnyCanGoOn = () -> {
            throw new AssertionError("this was not to be asked");
        };
        hasNoRow(null);
        loop.step();
        assertThat(bench.idle).hasSize(1);
    }

    @Test
    void doesNotReleaseItWhileARowIsUnderWay() {
        lease.has(rows(2));
        calls.then(Ends.UNVERIFIED, Ends.PAID);
        loop.step();
        threads.run(1);
        loop.step();
        assertThat(lease.saves).isEmpty();
        threads.run(1);
        assertThat(bench.observer.settled).containsExactlyInAnyOrder("batch line 2 UNTRUSTED", "batch line 3 PAID");
    }

    @Test
    void doesNotReleaseItOnTheStrengthOfAClaimThatIsOlderThanTheLastSave() {
        CompletableFuture<Boolean> disk = new CompletableFuture<>();
        lease.has(rows(2));
        calls.then(Ends.UNVERIFIED, Ends.FAILED);
        lease.onSave = save -> disk;
        loop.step();
        threads.runAll();
        lease.onClaim = limit -> {
            // The journal had no row that waits when it was asked; only now the one that failed is one.
            disk.complete(true);
            return new Claim(List.of(), null);
        };
        loop.step();
        assertThat(lease.saves).extracting(save -> save.row().row().line()).containsExactly(3L);
        assertThat(bench.observer.settled).isEmpty();
    }

    /** Line 2 was answered with what does not verify, before any reply that does. */
    private void withholdOne() {
        lease.has(rows(1));
        calls(1, Ends.UNVERIFIED);
        loop.step();
        threads.runAll();
    }

    // ---- the pause ----

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

    // ---- how it ends ----

    @Test
    void runsUntilTheWorkerStops() {
        lease.has(rows(1_000));
        calls(2, Ends.PAID);
        calls.thenDo(() -> {
            bench.state.stop("Ctrl-C");
            return Ends.PAID;
        });
        bench.loop(Runnable::run).run();
        assertThat(calls.made).hasSize(3);
        assertThat(bench.state.stopped()).isEqualTo("Ctrl-C");
        assertThat(bench.state.hasFailed()).isFalse();
        assertThat(lease.saves).as("every claimed row is written").hasSize(40);
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws InterruptedException {
        Thread thread = new Thread(loop::run);
        thread.start();
        thread.interrupt();
        thread.join();
        assertThat(bench.state.stopped()).isEqualTo("interrupted");
    }

    /** Lets what is described go wrong in this way. */
    private static Arguments fault(String what, BiConsumer<Bench, RuntimeException> set) {
        return Arguments.of(what, set);
    }

    private static void failInQuery(Bench bench, RuntimeException e) {
        bench.calls.thenDo(() -> {
            throw e;
        });
    }

    private static void failInSave(Bench bench, Event seen, RuntimeException e) {
        bench.calls.then(seen);
        bench.lease.onSave = save -> {
            throw e;
        };
    }

    private static void failAfterSave(Bench bench, Event seen, RuntimeException e) {
        bench.calls.then(seen);
        bench.lease.onSave = save -> CompletableFuture.failedFuture(e);
    }

    static Stream<Arguments> faultsOfTheJournal() {
        return Stream.of(
                fault(
                        "the open batches",
                        (bench, e) -> bench.openBatches = () -> {
                            throw e;
                        }),
                fault(
                        "a claim",
                        (bench, e) -> bench.lease.onClaim = limit -> {
                            throw e;
                        }),
                fault("what can go on", (bench, e) -> {
                    bench.calls.then(Ends.UNVERIFIED);
                    bench.lease.onAnyCanGoOn = () -> {
                        throw e;
                    };
                }),
                fault("an end that is not taken", (bench, e) -> failInSave(bench, Ends.PAID, e)),
                fault("an end that is not written", (bench, e) -> failAfterSave(bench, Ends.PAID, e)),
                fault("a wait that is not taken", (bench, e) -> failInSave(bench, Ends.FAILED, e)),
                fault("a wait that is not written", (bench, e) -> failAfterSave(bench, Ends.FAILED, e)),
                fault("an announcement that is not taken", (bench, e) -> failInSave(bench, Ends.OPEN, e)),
                fault("an announcement that is not written", (bench, e) -> failAfterSave(bench, Ends.OPEN, e)),
                fault("a withheld end that is not taken", (bench, e) -> failInSave(bench, Ends.UNVERIFIED, e)),
                fault("a withheld end that is not written", (bench, e) -> failAfterSave(bench, Ends.UNVERIFIED, e)),
                fault("what is told when nothing can be begun", (bench, e) -> {
                    bench.calls.then(Ends.PAID);
                    bench.onIdle = () -> {
                        throw e;
                    };
                }));
    }

    static Stream<Arguments> faultsOfOthers() {
        return Stream.of(
                fault("a query", ClaimLoopTest::failInQuery),
                fault("a command", (bench, e) -> {
                    bench.calls.then(Ends.OPEN);
                    failInQuery(bench, e);
                }),
                fault(
                        "whether a claim is allowed",
                        (bench, e) -> bench.lease.onAllowsClaim = () -> {
                            throw e;
                        }),
                fault(
                        "whether a call is allowed",
                        (bench, e) -> bench.lease.onAllowsCall = row -> {
                            throw e;
                        }),
                fault("the observer, told of a call", (bench, e) -> {
                    bench.calls.then(Ends.PAID);
                    bench.observer.onCalled = () -> {
                        throw e;
                    };
                }),
                fault("the observer, told of an end", (bench, e) -> {
                    bench.calls.then(Ends.PAID);
                    bench.observer.onSettled = () -> {
                        throw e;
                    };
                }));
    }

    /** Runs with one row at hand, until it fails, or until nothing is left to do. */
    private void runToTheEnd(BiConsumer<Bench, RuntimeException> set, RuntimeException fault) {
        lease.has(List.of(row(2)));
        bench.onIdle = () -> bench.state.stop("nothing is left to do");
        set.accept(bench, fault);
        bench.loop(Runnable::run).run();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"faultsOfTheJournal", "faultsOfOthers"})
    void aMistakeAnywhereEndsTheRunWithWords(String what, BiConsumer<Bench, RuntimeException> set) {
        runToTheEnd(set, new IllegalStateException("SECRET2, which a message may quote"));
        assertThat(bench.state.hasFailed()).as(what).isTrue();
        assertThat(bench.state.stopped()).as(what).contains("IllegalStateException");
        assertThat(bench.rowWorker.inFlight()).isZero();
        assertThat(bench.rowWorker.unsaved()).as("nobody waits for it").isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultsOfTheJournal")
    void aJournalThatFailsAnywhereEndsTheRunWithItsOwnWords(String what, BiConsumer<Bench, RuntimeException> set) {
        runToTheEnd(set, new JournalException("The disk is full: make room."));
        assertThat(bench.state.hasFailed()).as(what).isTrue();
        assertThat(bench.state.stopped()).as(what).isEqualTo("The disk is full: make room.");
        assertThat(bench.rowWorker.unsaved()).as("nobody waits for it").isZero();
    }

    @Test
    void anErrorOfACallEndsTheRunWithWords() {
        lease.has(List.of(row(2)));
        calls.thenDo(() -> {
            throw new StackOverflowError("too deep");
        });
        loop.step();
        threads.runAll();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("StackOverflowError", "please report it");
        assertThat(lease.saves).as("it stays announced, and is asked about").isEmpty();
    }

    @Test
    void anErrorOfTheJournalEndsTheRunWithWords() {
        lease.onClaim = limit -> {
            throw new OutOfMemoryError("heap");
        };
        loop.run();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("OutOfMemoryError", "please report it");
    }

    @Test
    void threadsThatTakeNoWorkEndTheRunWithWords() {
        lease.has(rows(3));
        Executor full = work -> {
            throw new RejectedExecutionException("no thread");
        };
        bench.loop(full).run();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("RejectedExecutionException", "please report it");
        assertThat(calls.made).isEmpty();
    }

    @Test
    void aMistakeOfOneRowStopsTheOthersThatWaitAndLosesNone() {
        List<HeldRow> rows = rows(3);
        lease.has(rows);
        loop.step();
        failInQuery(bench, new IllegalStateException("a mistake"));
        threads.runAll();
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).extracting(save -> save.row().row().line()).containsExactly(3L, 4L);
        assertThat(lease.saves).allSatisfy(save -> assertThat(Objects.requireNonNull(save.delay()))
                .isEqualTo(Duration.ZERO));
        assertThat(bench.state.stopped()).contains("IllegalStateException");
    }
}
