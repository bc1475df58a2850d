/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.after;
import static io.github.camelksher.batch.run.Bench.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.batch.life.RowResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One row: its query, its waits, and what a stopped worker does with it. */
class RowWorkerTest extends RowWorkerCase {

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
    void aCommandThatIsCredentialsRejectedIsPutBackWithoutAQueryEither() {
        calls.then(Ends.OPEN, Ends.CREDENTIALS_REJECTED, Ends.CREDENTIALS_REJECTED, Ends.CREDENTIALS_REJECTED);
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
}
