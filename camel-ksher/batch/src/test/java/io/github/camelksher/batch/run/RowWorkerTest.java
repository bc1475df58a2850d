/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.GIVE_UP_AFTER;
import static io.github.camelksher.batch.run.Bench.after;
import static io.github.camelksher.batch.run.Bench.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.batch.life.RowResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RowWorkerTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final Bench bench = new Bench();
    private final FakeLease lease = bench.lease;
    private final ScriptedCalls calls = bench.calls;
    private final RowWorker worker = bench.rowWorker;
    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void nothingThatIsSaidNamesAnOrder() {
        log.close();
        assertThat(log.lines()).noneMatch(line -> line.contains("SECRET"));
        assertThat(String.valueOf(bench.state.stopped())).doesNotContain("SECRET");
    }

    private static RowResult result(Save save) {
        return Objects.requireNonNull(save.result(), "the row is not final");
    }

    /** The worker stops while what comes next is under way. */
    private Event stopping(Event end) {
        bench.state.stop("Ctrl-C");
        return end;
    }

    // ---- queries ----

    @Test
    void aFinalAnswerIsWrittenWithTheCallThatBroughtIt() {
        calls.then(Ends.PAID);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).hasSize(1);
        Save end = lease.lastSave();
        assertThat(result(end).outcome()).isEqualTo(Outcome.PAID);
        assertThat(end.queryEnded()).isTrue();
        assertThat(end.row().calls()).isEqualTo(1);
        assertThat(end.row().life().phase()).isEqualTo(Phase.SETTLED);
    }

    @Test
    void theObserverIsToldOfAnEndWhenItIsOnDiskAndNotBefore() {
        CompletableFuture<Boolean> disk = new CompletableFuture<>();
        lease.onSave = save -> disk;
        calls.then(Ends.PAID);
        worker.work(row(2));
        assertThat(worker.unsaved()).isEqualTo(1);
        assertThat(bench.observer.settled).isEmpty();
        disk.complete(true);
        assertThat(bench.observer.settled).containsExactly("batch line 2 PAID");
        assertThat(worker.unsaved()).isZero();
    }

    @Test
    void aRowThatWaitsIsNotToldAsSettled() {
        calls.then(Ends.FAILED);
        worker.work(row(2));
        assertThat(bench.observer.settled).isEmpty();
    }

    @Test
    void theLoopIsWokenWhenAnEndIsOnDisk() throws InterruptedException {
        calls.then(Ends.PAID);
        worker.work(row(2));
        bench.wakeUp.await(Duration.ofHours(1));
    }

    @Test
    void aClosedOrderIsTheWorkOfTheEarlierRowThatSentItACommand() {
        calls.then(Ends.CLOSED);
        HeldRow row = row(9);
        worker.work(new HeldRow(
                row.batchId(), row.batch(), row.row(), row.orderKey(), row.life(), row.calls(), row.begunRan(), 5L, 7));
        RowResult result = result(lease.lastSave());
        assertThat(result.outcome()).isEqualTo(Outcome.CLOSED);
        assertThat(result.details().text()).contains("line 5");
    }

    @Test
    void anOrderThatWasClosedWithoutUsIsNoWorkOfOurs() {
        calls.then(Ends.CLOSED);
        worker.work(row(2));
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.ALREADY_CLOSED);
    }

    @ParameterizedTest
    @CsvSource({"CLOSE,orderQuery,orderClose", "CANCEL,gatewayQuery,gatewayCancel"})
    void theObserverIsToldOfEachCallItsOperationAndHowLongItTook(RowOperation operation, String query, String command) {
        calls.thenDo(() -> {
                    bench.clock.advance(Duration.ofSeconds(3));
                    return Ends.OPEN;
                })
                .thenDo(() -> {
                    bench.clock.advance(Duration.ofSeconds(4));
                    return Ends.DONE;
                });
        worker.work(row(2, operation));
        assertThat(bench.observer.called).containsExactly(query + " 3 s", command + " 4 s");
    }

    @Test
    void anOrderThatIsOnlyCheckedIsNeverSentACommand() {
        calls.then(Ends.OPEN);
        worker.work(row(2, RowOperation.CHECK));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.NOT_CLOSED);
    }

    @Test
    void aCallIsInFlightWhileItIsMadeAndNotAfterHoweverItEnded() {
        List<Integer> inFlight = new ArrayList<>();
        calls.thenDo(() -> {
            inFlight.add(worker.inFlight());
            throw new IllegalStateException("a mistake");
        });
        assertThatThrownBy(() -> worker.work(row(2))).hasMessage("a mistake");
        assertThat(inFlight).containsExactly(1);
        assertThat(worker.inFlight()).isZero();
    }

    // ---- commands ----

    @Test
    void anOpenOrderIsSentACommandWhoseAnnouncementIsWrittenFirst() {
        List<Integer> callsMadeAtSave = new ArrayList<>();
        lease.onSave = save -> {
            callsMadeAtSave.add(calls.made.size());
            return CompletableFuture.completedFuture(true);
        };
        calls.then(Ends.OPEN, Ends.DONE);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2", "command 2");
        assertThat(callsMadeAtSave).containsExactly(1, 2);
        Save announced = lease.saves.get(0);
        assertThat(FakeLease.announces(announced)).isTrue();
        assertThat(announced.queryEnded()).isTrue();
        assertThat(announced.row().life().phase()).isEqualTo(Phase.COMMANDING);
        assertThat(announced.row().life().commands().sent()).isEqualTo(1);
        assertThat(announced.row().calls()).isEqualTo(2);
        Save end = lease.saves.get(1);
        assertThat(end.row().life().phase()).isEqualTo(Phase.CONFIRMING);
        assertThat(end.row().life().commands().sent()).isEqualTo(1);
        assertThat(end.row().calls()).isEqualTo(2);
        assertThat(end.delay()).isEqualTo(TEN_SECONDS);
        assertThat(end.queryEnded()).as("its query's end is written already").isFalse();
    }

    @Test
    void theCommandWaitsUntilItsAnnouncementIsOnDisk() throws InterruptedException {
        CountDownLatch announcing = new CountDownLatch(1);
        CompletableFuture<Boolean> disk = new CompletableFuture<>();
        lease.onSave = save -> {
            announcing.countDown();
            return FakeLease.announces(save) ? disk : CompletableFuture.completedFuture(true);
        };
        calls.then(Ends.OPEN, Ends.DONE);
        Thread thread = new Thread(() -> worker.work(row(2)));
        thread.start();
        try {
            assertThat(announcing.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(calls.made).containsExactly("query 2");
        } finally {
            disk.complete(true);
            thread.join();
        }
        assertThat(calls.made).containsExactly("query 2", "command 2");
    }

    @Test
    void aCommandIsSentUpToThirtySecondsAfterTheOrderWasSeenOpen() {
        lease.beforeAnnouncementIsOnDisk(() -> bench.clock.advance(Duration.ofSeconds(30)));
        calls.then(Ends.OPEN, Ends.DONE);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2", "command 2");
    }

    @Test
    void laterThanThatItIsAskedAgainInsteadAndTheCommandDoesNotCount() {
        lease.beforeAnnouncementIsOnDisk(
                () -> bench.clock.advance(Duration.ofSeconds(30).plusNanos(1)));
        calls.then(Ends.OPEN);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).hasSize(2);
        assertNoCommandIsLeftIn(lease.lastSave());
        assertThat(lease.lastSave().delay()).isEqualTo(TEN_SECONDS);
    }

    @Test
    void howLongTheQueryItselfTookDoesNotCount() {
        calls.thenDo(() -> {
                    bench.clock.advance(Duration.ofSeconds(59));
                    return Ends.OPEN;
                })
                .then(Ends.DONE);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2", "command 2");
    }

    @Test
    void theThirtySecondsBeginWithTheReplyWhateverIsDoneWithItFirst() {
        bench.observer.onCalled = () -> bench.clock.advance(Duration.ofSeconds(31));
        calls.then(Ends.OPEN, Ends.DONE);
        worker.work(row(2));
        assertThat(calls.made)
                .as("the observer took so long that the order was seen open 31 s ago")
                .containsExactly("query 2");
    }

    @Test
    void aCommandIsNotSentIfTheLeaseDoesNotAllowItAnyMoreWhenItsAnnouncementIsOnDisk() {
        lease.beforeAnnouncementIsOnDisk(() -> lease.onAllowsCall = row -> false);
        calls.then(Ends.OPEN);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertNoCommandIsLeftIn(lease.lastSave());
    }

    @Test
    void aRefusedAnnouncementSendsNothingAndWritesNothing() {
        lease.onSave = save -> CompletableFuture.completedFuture(false);
        calls.then(Ends.OPEN);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).as("the row is another worker's").hasSize(1);
        assertThat(log.warnings()).singleElement().asString().contains("batch line 2", "not sent");
        assertThat(bench.state.isRunning()).isTrue();
        assertThat(worker.unsaved()).isZero();
    }

    @Test
    void aRefusedAnnouncementThatCameTooLateSendsNothingEither() {
        lease.onSave = save -> {
            bench.clock.advance(Duration.ofMinutes(5));
            return CompletableFuture.completedFuture(false);
        };
        calls.then(Ends.OPEN);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(bench.observer.settled).isEmpty();
        assertThat(worker.unsaved()).isZero();
    }

    @Test
    void anAnnouncementThatFailsSendsNothingAndSaysWhatToDo() {
        lease.onSave = save -> CompletableFuture.failedFuture(new SQLException("No space left on device"));
        calls.then(Ends.OPEN);
        assertThatThrownBy(() -> worker.work(row(2)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("run the same again");
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).hasSize(1);
    }

    @Test
    void aSecondCommandCountsAsAnotherCall() {
        calls.then(Ends.OPEN, Ends.DONE);
        worker.work(after(row(2), Ends.OPEN, Ends.DONE));
        assertThat(lease.saves).hasSize(2);
        assertThat(lease.lastSave().row().life().commands().sent()).isEqualTo(2);
        assertThat(lease.lastSave().row().calls()).isEqualTo(4);
    }

    private static void assertNoCommandIsLeftIn(Save save) {
        assertThat(save.delay()).isNotNull();
        assertThat(save.row().life().phase()).isEqualTo(Phase.ASKING);
        assertThat(save.row().life().commands().sent()).isZero();
        assertThat(save.row().calls()).as("the query's only").isEqualTo(1);
    }

    // ---- a worker that stops, or may not call ----

    @Test
    void aStoppedWorkerCallsNothingAndPutsTheRowBackWithoutCountingTheCall() {
        bench.state.stop("Ctrl-C");
        worker.work(row(2));
        assertThatRowIsPutBackUntouched();
    }

    @Test
    void aWorkerWhoseLeaseDoesNotAllowTheCallPutsTheRowBackWithoutCountingIt() {
        lease.onAllowsCall = row -> false;
        worker.work(row(2));
        assertThatRowIsPutBackUntouched();
        assertThat(bench.state.isRunning()).isTrue();
    }

    private void assertThatRowIsPutBackUntouched() {
        assertThat(calls.made).isEmpty();
        assertThat(lease.saves).hasSize(1);
        Save back = lease.lastSave();
        assertThat(back.row().calls()).isZero();
        assertThat(back.row().life()).isEqualTo(row(2).life());
        assertThat(back.queryEnded()).isFalse();
        assertThat(back.delay()).isEqualTo(Duration.ZERO);
        assertThat(worker.unsaved()).isZero();
    }

    @Test
    void aRowThatIsPutBackAfterACommandIsStillToBeConfirmed() {
        bench.state.stop("Ctrl-C");
        HeldRow row = after(row(2), Ends.OPEN, Ends.NO_ANSWER);
        worker.work(row);
        assertThat(lease.lastSave().row().life()).isEqualTo(row.life());
        assertThat(lease.lastSave().row().calls()).isEqualTo(2);
        assertThat(calls.made).isEmpty();
    }

    @Test
    void anOrderThatIsSeenOpenWhileTheWorkerStopsIsNotSentACommand() {
        calls.thenDo(() -> stopping(Ends.OPEN));
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).as("no command was announced").hasSize(1);
        assertNoCommandIsLeftIn(lease.lastSave());
        assertThat(lease.lastSave().queryEnded()).isTrue();
    }

    @Test
    void aWorkerThatStopsWhileTheAnnouncementIsWrittenSendsNothing() {
        lease.beforeAnnouncementIsOnDisk(() -> bench.state.stop("Ctrl-C"));
        calls.then(Ends.OPEN);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).hasSize(2);
        assertNoCommandIsLeftIn(lease.lastSave());
    }

    @Test
    void whatACallInFlightBringsIsWrittenAlthoughTheWorkerStopped() {
        calls.thenDo(() -> stopping(Ends.PAID));
        worker.work(row(2));
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.PAID);
        assertThat(bench.observer.settled).containsExactly("batch line 2 PAID");
    }

    @Test
    void theEndOfACommandInFlightIsWrittenAlthoughTheWorkerStopped() {
        calls.then(Ends.OPEN).thenDo(() -> stopping(Ends.DONE));
        worker.work(row(2));
        assertThat(lease.saves).hasSize(2);
        assertThat(lease.lastSave().row().life().phase()).isEqualTo(Phase.CONFIRMING);
        assertThat(lease.lastSave().row().life().commands().done()).isEqualTo(1);
        assertThat(lease.lastSave().row().calls()).isEqualTo(2);
    }

    // ---- waits ----

    @Test
    void aFailedQueryIsRepeatedWithBackOff() {
        HeldRow row = row(2);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            calls.then(Ends.FAILED);
            worker.work(row);
            Save save = lease.lastSave();
            waits.add(Objects.requireNonNull(save.delay()).toSeconds());
            assertThat(save.queryEnded()).isTrue();
            row = save.row().withCalls(save.row().calls() + 1);
        }
        assertThat(waits).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @ParameterizedTest
    @CsvSource({"0,10", "5,10", "45,45", "300,300", "3600,300"})
    void aQueryWaitsAsLongAsKshersSideAsksButNotLongerThanTheLongestBackOff(long asked, long waits) {
        calls.then(Ends.failed(Duration.ofSeconds(asked)));
        worker.work(row(2));
        assertThat(lease.lastSave().delay()).isEqualTo(Duration.ofSeconds(waits));
    }

    @ParameterizedTest
    @CsvSource({"0,10", "45,45", "3600,300"})
    void theConfirmAfterACommandWaitsAsLongAsKshersSideAsks(long asked, long waits) {
        calls.then(Ends.OPEN, Ends.noAnswer(Duration.ofSeconds(asked)));
        worker.work(row(2));
        assertThat(lease.lastSave().delay()).isEqualTo(Duration.ofSeconds(waits));
    }

    @Test
    void whatKshersSideAsksForAfterACommandIsCountedFromTheCommandsEnd() {
        calls.then(Ends.OPEN).thenDo(() -> {
            bench.clock.advance(Duration.ofSeconds(20));
            return Ends.noAnswer(Duration.ofSeconds(30));
        });
        worker.work(row(2));
        assertThat(lease.lastSave().queryEnded()).isFalse();
        assertThat(lease.lastSave().delay())
                .as("from the query's end, 20 s before the command's, so that the next call is 30 s after the latter")
                .isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void anOrderThatIsStillOpenAfterAnUnansweredCommandIsAskedAgainWithBackOff() {
        HeldRow row = row(2);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.then(Ends.OPEN, Ends.NO_ANSWER);
            worker.work(row);
            row = lease.lastSave().row().withCalls(lease.lastSave().row().calls() + 1);
            calls.then(Ends.OPEN);
            worker.work(row);
            waits.add(Objects.requireNonNull(lease.lastSave().delay()).toSeconds());
            row = lease.lastSave().row().withCalls(lease.lastSave().row().calls() + 1);
        }
        assertThat(waits).containsExactly(10L, 20L, 40L);
        assertThat(lease.lastSave().row().life().commands().sent()).isEqualTo(3);
        assertThat(lease.lastSave().row().calls()).isEqualTo(9);
    }

    // ---- whether a query ended since the last save ----

    @Test
    void aSaveThatFollowsAWrittenAnnouncementOfACommandThatWasNotSentIsNotAfterAQuery() {
        lease.beforeAnnouncementIsOnDisk(() -> bench.state.stop("Ctrl-C"));
        calls.then(Ends.OPEN);
        worker.work(row(2));
        assertThat(lease.saves).extracting(Save::queryEnded).containsExactly(true, false);
    }

    @Test
    void aCommandThatIsNotLetInIsPutBackWithoutAQueryEither() {
        calls.then(Ends.OPEN, Ends.NOT_LET_IN, Ends.NOT_LET_IN, Ends.NOT_LET_IN);
        worker.work(row(2));
        worker.work(row(3));
        worker.work(row(4));
        worker.putBackWithheld();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(lease.saves)
                .as("line 2 after its query, and then after its command; the others after their queries")
                .extracting(save -> save.row().row().line() + " " + save.queryEnded())
                .containsExactly("2 true", "2 false", "3 true", "4 true");
    }

    // ---- time ----

    @Test
    void theTimeThatAnOrderHasLeftIsCountedFromItsFirstCall() {
        bench.run(Duration.ofMinutes(2));
        HeldRow row = row(2);
        HeldRow later = new HeldRow(
                row.batchId(), row.batch(), row.row(), row.orderKey(), row.life(), 1, 60_000, null, row.owner());
        calls.then(Ends.FAILED, Ends.FAILED);
        worker.work(row);
        assertThat(lease.lastSave().timeLeft()).isEqualTo(GIVE_UP_AFTER.minusMinutes(2));
        worker.work(later);
        assertThat(lease.lastSave().timeLeft()).isEqualTo(GIVE_UP_AFTER.minusMinutes(1));
    }

    @Test
    void noneIsLeftOfATimeThatRanOutDuringTheCall() {
        bench.run(GIVE_UP_AFTER.minusSeconds(5));
        calls.thenDo(() -> {
            bench.run(Duration.ofSeconds(10));
            return Ends.FAILED;
        });
        worker.work(row(2));
        assertThat(lease.lastSave().result()).as("it gets a last look").isNull();
        assertThat(lease.lastSave().timeLeft()).isEqualTo(Duration.ZERO);
    }

    @Test
    void whileTheBatchPausesNoOrdersTimeRuns() {
        bench.run(Duration.ofMinutes(1));
        calls.thenDo(() -> {
            bench.pause();
            bench.run(Duration.ofMinutes(14));
            return Ends.FAILED;
        });
        worker.work(row(2));
        assertThat(lease.lastSave().timeLeft()).isEqualTo(GIVE_UP_AFTER.minusMinutes(1));
    }

    @Test
    void aMomentBeforeItsTimeIsUpAnOrderIsSentACommand() {
        bench.run(GIVE_UP_AFTER.minusMillis(1));
        calls.then(Ends.OPEN, Ends.DONE);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2", "command 2");
        assertThat(lease.lastSave().timeLeft()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void atTheLastLookAnOpenOrderIsSentNoCommandAndIsUnknown() {
        bench.run(GIVE_UP_AFTER);
        calls.then(Ends.OPEN);
        worker.work(row(2));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(lease.saves).hasSize(1);
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result(lease.lastSave()).details().text()).contains("no command was sent", "batch.give-up-after");
        assertThat(lease.lastSave().row().life().commands().sent()).isZero();
        assertThat(lease.lastSave().row().calls()).isEqualTo(1);
    }

    @Test
    void atTheLastLookAnOrderThatIsOpenAfterACommandIsNotClosed() {
        bench.run(GIVE_UP_AFTER);
        calls.then(Ends.OPEN);
        worker.work(after(row(2), Ends.OPEN, Ends.NO_ANSWER));
        assertThat(calls.made).containsExactly("query 2");
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(lease.lastSave().row().life().commands().sent()).isEqualTo(1);
    }

    @Test
    void anOrderWhoseLastVerifiedAnswerAfterACommandWasOpenIsNotClosedThoughTheLastLookFails() {
        bench.run(GIVE_UP_AFTER);
        calls.then(Ends.FAILED);
        worker.work(after(row(2), Ends.OPEN, Ends.NO_ANSWER, Ends.OPEN));
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.NOT_CLOSED);
    }

    @Test
    void anOrderThatNobodyCouldAskToItsLastLookIsUnknown() {
        bench.run(GIVE_UP_AFTER);
        calls.then(Ends.FAILED);
        worker.work(after(row(2), Ends.FAILED));
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result(lease.lastSave()).details().text()).contains(Ends.REASON);
    }

    @Test
    void whatTheLastLookSeesCounts() {
        bench.run(GIVE_UP_AFTER);
        calls.then(Ends.CLOSED);
        worker.work(after(row(2), Ends.OPEN, Ends.NO_ANSWER));
        assertThat(result(lease.lastSave()).outcome()).isEqualTo(Outcome.CLOSED);
    }

    // ---- ends that are withheld ----

    @Test
    void anOrderThatIsNotLetInIsUnknownOnceAnotherGetsAGoodReply() {
        bench.greet();
        calls.then(Ends.NOT_LET_IN, Ends.PAID);
        worker.work(row(2));
        assertThat(lease.saves)
                .as("it may be the whole batch that is not let in")
                .isEmpty();
        worker.work(row(3));
        assertThat(bench.observer.settled).containsExactlyInAnyOrder("batch line 2 UNKNOWN", "batch line 3 PAID");
        assertThat(lease.saves).allMatch(Save::queryEnded);
        assertThat(bench.state.isRunning()).isTrue();
    }

    @Test
    void aWithheldEndIsWrittenAsItIsIfNothingIsLeftThatCouldBringAGoodReply() {
        bench.greet();
        calls.then(Ends.NOT_LET_IN);
        worker.work(row(2));
        worker.releaseWithheld();
        assertThat(bench.observer.settled).containsExactly("batch line 2 UNKNOWN");
        worker.releaseWithheld();
        assertThat(lease.saves).as("once").hasSize(1);
    }

    @Test
    void aRefusalBeforeTheFirstGoodReplyStopsTheRunAndSaysWhatToDo() {
        calls.then(Ends.NOT_LET_IN);
        worker.work(row(2));
        assertThat(bench.state.settingsAreWrong()).isTrue();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("-1", "app-id", "private-key");
        assertThat(log.warnings()).anyMatch(line -> line.contains("app-id"));
        assertThat(lease.saves).as("nothing is known of the order").isEmpty();
    }

    @Test
    void threeOrdersInARowThatAreNotLetInStopTheRunAndArePlannedAgain() {
        bench.greet();
        calls.then(Ends.NOT_LET_IN, Ends.NOT_LET_IN, Ends.NOT_LET_IN);
        worker.work(row(2));
        worker.work(row(3));
        assertThat(bench.state.isRunning()).isTrue();
        worker.work(row(4));
        assertThat(bench.state.settingsAreWrong()).isTrue();
        worker.putBackWithheld();
        assertThatRowsArePutBack(2, 3, 4);
    }

    @Test
    void tenFirstRepliesThatAreNotKshersStopTheRunAndTheirRowsArePlannedAgain() {
        for (int line = 2; line <= 11; line++) {
            assertThat(bench.state.isRunning()).isTrue();
            calls.then(line % 2 == 0 ? Ends.UNVERIFIED : Ends.NOT_KSHER);
            worker.work(row(line));
        }
        assertThat(bench.state.settingsAreWrong()).isTrue();
        assertThat(bench.state.stopped()).contains("ksher-public-key", "api-url");
        worker.putBackWithheld();
        assertThatRowsArePutBack(2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    private void assertThatRowsArePutBack(long... lines) {
        assertThat(lease.saves)
                .extracting(save -> save.row().row().line())
                .containsExactlyInAnyOrder(Arrays.stream(lines).boxed().toArray(Long[]::new));
        assertThat(lease.saves).allSatisfy(save -> {
            assertThat(save.result()).isNull();
            assertThat(save.delay()).isEqualTo(Duration.ZERO);
            assertThat(save.row().life().phase()).isEqualTo(Phase.ASKING);
            assertThat(save.row().life().commands().sent()).isZero();
            assertThat(save.row().calls()).as("the call was made").isEqualTo(1);
        });
        assertThat(bench.observer.settled).isEmpty();
        assertThat(worker.unsaved()).isZero();
    }

    @Test
    void aFirstReplyThatDoesNotVerifyIsUntrustedOnceAnotherDoes() {
        calls.then(Ends.UNVERIFIED, Ends.PAID);
        worker.work(row(2));
        assertThat(lease.saves).isEmpty();
        worker.work(row(3));
        assertThat(bench.observer.settled).containsExactlyInAnyOrder("batch line 2 UNTRUSTED", "batch line 3 PAID");
    }

    @Test
    void afterAVerifiedReplyOneThatDoesNotVerifyIsUntrustedAtOnce() {
        bench.greet();
        calls.then(Ends.UNVERIFIED);
        worker.work(row(2));
        assertThat(bench.observer.settled).containsExactly("batch line 2 UNTRUSTED");
        assertThat(result(lease.lastSave()).details().text()).contains("no command was sent");
    }

    @Test
    void aWarningSaysOnceWhichOptionMayBeWrongWhenAReplyDoesNotVerify() {
        calls.then(Ends.UNVERIFIED, Ends.UNVERIFIED);
        worker.work(row(2));
        worker.work(row(3));
        assertThat(log.warnings()).singleElement().asString().contains("batch line 2", "ksher-public-key");
    }

    @Test
    void aCommandThatIsNotLetInIsAskedAboutByTheNextRunIfThisOneStops() {
        calls.then(Ends.OPEN, Ends.NOT_LET_IN, Ends.NOT_LET_IN, Ends.NOT_LET_IN);
        worker.work(row(2));
        worker.work(row(3));
        assertThat(bench.state.isRunning()).isTrue();
        worker.work(row(4));
        assertThat(bench.state.settingsAreWrong()).isTrue();
        worker.putBackWithheld();
        Save back = lease.saves.get(1);
        assertThat(back.row().row().line()).isEqualTo(2);
        assertThat(back.result()).isNull();
        assertThat(back.row().life().phase()).isEqualTo(Phase.CONFIRMING);
        assertThat(back.row().life().commands().sent()).isEqualTo(1);
        assertThat(back.row().calls()).isEqualTo(2);
    }

    @Test
    void aCommandThatIsNotLetInIsUnknownAndSaysThatACommandWentOutIfTheRunGoesOn() {
        calls.then(Ends.OPEN, Ends.NOT_LET_IN, Ends.PAID);
        worker.work(row(2));
        worker.work(row(3));
        Save end = lease.saves.stream()
                .filter(save -> save.result() != null && save.row().row().line() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(result(end).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result(end).details().text()).startsWith("a command was sent");
        assertThat(end.queryEnded()).isFalse();
        assertThat(end.row().calls()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = RowOperation.class,
            names = {"CLOSE", "CANCEL"})
    void theSameGoesForBothKindsOfOrders(RowOperation operation) {
        bench.greet();
        calls.then(Ends.NOT_LET_IN, Ends.PAID);
        worker.work(row(2, operation));
        worker.work(row(3, operation));
        assertThat(bench.observer.settled).containsExactlyInAnyOrder("batch line 2 UNKNOWN", "batch line 3 PAID");
    }

    @Test
    void aGoodReplyOfACallThatWasInFlightWhenTheRunStoppedReleasesNothing() {
        calls.thenDo(() -> {
                    // While the query of line 3 is in flight, that of line 2 stops the run.
                    worker.work(row(2));
                    return Ends.PAID;
                })
                .then(Ends.NOT_LET_IN);
        worker.work(row(3));
        assertThat(bench.state.settingsAreWrong()).isTrue();
        assertThat(bench.observer.settled).containsExactly("batch line 3 PAID");
        worker.putBackWithheld();
        assertThat(lease.lastSave().row().row().line()).isEqualTo(2);
        assertThat(lease.lastSave().result()).as("planned again").isNull();
    }

    @Test
    void aVerifiedReplyThatComesAfterTheTenThatStoppedTheRunReleasesNothing() {
        calls.thenDo(() -> {
            // While the query of line 2 is in flight, ten others stop the run.
            for (int line = 3; line <= 12; line++) {
                calls.then(Ends.UNVERIFIED);
                worker.work(row(line));
            }
            return Ends.PAID;
        });
        worker.work(row(2));
        assertThat(bench.state.settingsAreWrong()).isTrue();
        assertThat(bench.observer.settled).containsExactly("batch line 2 PAID");
        worker.putBackWithheld();
        assertThat(lease.saves).filteredOn(save -> save.result() == null).hasSize(10);
    }

    // ---- failures ----

    @Test
    void everyCallIsToldToThePause() {
        calls.thenDo(() -> {
            // While the query of line 2 is in flight, those of twenty others fail.
            for (int line = 3; line <= 22; line++) {
                assertThat(bench.pause.isPaused()).isFalse();
                calls.then(Ends.FAILED);
                worker.work(row(line));
            }
            assertThat(bench.pause.isPaused()).isTrue();
            return Ends.PAID;
        });
        worker.work(row(2));
        assertThat(bench.pause.isPaused()).isFalse();
    }

    @Test
    void anUnansweredCommandIsToldToThePauseToo() {
        calls.then(Ends.OPEN, Ends.NO_ANSWER);
        worker.work(row(2));
        assertThat(bench.lastFailure.reason()).isEqualTo(Ends.REASON);
    }

    @Test
    void anEndThatIsRefusedIsTheOtherWorkersAndIsNotToldAsSettled() {
        lease.onSave = save -> CompletableFuture.completedFuture(false);
        calls.then(Ends.PAID);
        worker.work(row(2));
        assertThat(bench.observer.settled).isEmpty();
        assertThat(bench.state.isRunning()).isTrue();
        assertThat(worker.unsaved()).isZero();
        assertThat(log.warnings()).singleElement().asString().contains("batch line 2", "not held");
    }

    @Test
    void anEndThatCannotBeWrittenStopsTheRunAndSaysWhatToDo() throws InterruptedException {
        CompletableFuture<Boolean> disk = new CompletableFuture<>();
        lease.onSave = save -> disk;
        calls.then(Ends.PAID);
        worker.work(row(2));
        disk.completeExceptionally(new CompletionException(new SQLException("No space left on device")));
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("No space left on device", "run the same again");
        assertThat(bench.observer.settled).isEmpty();
        assertThat(worker.unsaved()).isZero();
        bench.wakeUp.await(Duration.ofHours(1));
    }

    @Test
    void whatTheJournalSaysOfItsFailureIsSaidAsItIs() {
        lease.onSave = save -> CompletableFuture.failedFuture(new JournalException("the disk is full: make room"));
        calls.then(Ends.PAID);
        worker.work(row(2));
        assertThat(bench.state.stopped()).isEqualTo("the disk is full: make room");
    }

    @Test
    void anErrorOfAWriteStopsTheRunWithWordsToo() {
        lease.onSave = save -> CompletableFuture.failedFuture(new OutOfMemoryError("heap"));
        calls.then(Ends.PAID);
        worker.work(row(2));
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("OutOfMemoryError");
        assertThat(worker.unsaved()).isZero();
    }

    @Test
    void eachOfSeveralWithheldRowsThatCannotBePutBackIsAccountedFor() {
        calls.then(Ends.UNVERIFIED, Ends.UNVERIFIED, Ends.UNVERIFIED);
        for (int line = 2; line <= 4; line++) {
            worker.work(row(line));
        }
        lease.onSave = save -> CompletableFuture.failedFuture(new JournalException("away"));
        worker.putBackWithheld();
        assertThat(lease.saves).hasSize(3);
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(worker.unsaved()).isZero();
    }

    @Test
    void aSaveThatIsNotEvenTakenStopsTheRunAndIsNotWaitedFor() {
        lease.onSave = save -> {
            throw new IllegalStateException("a mistake");
        };
        calls.then(Ends.PAID);
        worker.work(row(2));
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("IllegalStateException");
        assertThat(worker.unsaved())
                .as("the worker's end waits for what is not written yet")
                .isZero();
    }

    @Test
    void aMistakeOfAnObserverThatIsToldOfAnEndStopsTheRunWithWords() throws InterruptedException {
        bench.observer.onSettled = () -> {
            throw new IllegalStateException("a mistake of the observer");
        };
        calls.then(Ends.PAID);
        worker.work(row(2));
        assertThat(worker.unsaved()).isZero();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("IllegalStateException");
        bench.wakeUp.await(Duration.ofHours(1));
    }

    @Test
    void aMistakeOfAnObserverThatIsToldOfACommandLeavesTheCommandAnnouncedAndNothingElse() {
        bench.observer.onCalled = () -> {
            if (bench.observer.called.size() == 2) {
                throw new IllegalStateException("a mistake of the observer");
            }
        };
        calls.then(Ends.OPEN, Ends.DONE);
        assertThatThrownBy(() -> worker.work(row(2))).hasMessage("a mistake of the observer");
        assertThat(lease.saves).hasSize(1);
        assertThat(FakeLease.announces(lease.lastSave()))
                .as("so it is asked about")
                .isTrue();
    }

    @Test
    void aReplyThatCannotHappenHereIsAMistakeAndNoOutcome() {
        calls.then(new Event.Done(new CallDetails("", 0, null)));
        assertThatThrownBy(() -> worker.work(row(2))).isInstanceOf(IllegalStateException.class);
        assertThat(lease.saves).isEmpty();
        assertThat(bench.observer.settled).isEmpty();
    }
}
