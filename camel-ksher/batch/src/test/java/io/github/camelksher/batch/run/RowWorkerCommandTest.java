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
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.Outcome;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One row: its command, and the time that it is given. */
class RowWorkerCommandTest extends RowWorkerCase {

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
}
