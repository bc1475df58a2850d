/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.run.Bench.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One row: ends that are withheld, and failures of the journal or the observer. */
class RowWorkerFailureTest extends RowWorkerCase {

    // ---- ends that are withheld ----

    @Test
    void anOrderThatIsCredentialsRejectedIsUnknownOnceAnotherGetsAGoodReply() {
        bench.greet();
        calls.then(Ends.CREDENTIALS_REJECTED, Ends.PAID);
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
        calls.then(Ends.CREDENTIALS_REJECTED);
        worker.work(row(2));
        worker.releaseWithheld();
        assertThat(bench.observer.settled).containsExactly("batch line 2 UNKNOWN");
        worker.releaseWithheld();
        assertThat(lease.saves).as("once").hasSize(1);
    }

    @Test
    void aRefusalBeforeTheFirstGoodReplyStopsTheRunAndSaysWhatToDo() {
        calls.then(Ends.CREDENTIALS_REJECTED);
        worker.work(row(2));
        assertThat(bench.state.settingsAreWrong()).isTrue();
        assertThat(bench.state.hasFailed()).isTrue();
        assertThat(bench.state.stopped()).contains("-1", "app-id", "private-key");
        assertThat(log.warnings()).anyMatch(line -> line.contains("app-id"));
        assertThat(lease.saves).as("nothing is known of the order").isEmpty();
    }

    @Test
    void threeOrdersInARowThatAreCredentialsRejectedStopTheRunAndArePlannedAgain() {
        bench.greet();
        calls.then(Ends.CREDENTIALS_REJECTED, Ends.CREDENTIALS_REJECTED, Ends.CREDENTIALS_REJECTED);
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
    void aCommandThatIsCredentialsRejectedIsAskedAboutByTheNextRunIfThisOneStops() {
        calls.then(Ends.OPEN, Ends.CREDENTIALS_REJECTED, Ends.CREDENTIALS_REJECTED, Ends.CREDENTIALS_REJECTED);
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
    void aCommandThatIsCredentialsRejectedIsUnknownAndSaysThatACommandWentOutIfTheRunGoesOn() {
        calls.then(Ends.OPEN, Ends.CREDENTIALS_REJECTED, Ends.PAID);
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
        calls.then(Ends.CREDENTIALS_REJECTED, Ends.PAID);
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
                .then(Ends.CREDENTIALS_REJECTED);
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
