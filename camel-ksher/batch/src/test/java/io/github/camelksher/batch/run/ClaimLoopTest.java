/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.INTERVAL;
import static io.github.camelksher.batch.run.Bench.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.journal.Claim;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many rows are claimed, when, and what happens when there are none. */
class ClaimLoopTest extends ClaimLoopCase {

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
}
