/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * When a batch is done, and how its rows come out; the same on each database. More than 400 lines,
 * because each further class starts a database.
 */
abstract class BatchContract extends JournalContract {

    // ---- how it comes out ----

    @Test
    void whatIsNotWorkedOnIsEchoedAsItCame() {
        List<String> odd = List.of(
                "=1+1",
                "\"quoted\"",
                "a,b;c",
                "line\nbreak\r\n\t",
                "\u0e44\u0e17\u0e22 \ud83d\ude00",
                " spaces ",
                "'--",
                "\\",
                "%_",
                "\u200b\u202e",
                "x".repeat(60_000));
        BatchInfo batch = begin("night-1");
        long line = 2;
        for (String text : odd) {
            journal.addRows(
                    batch,
                    List.of(order(line++)
                            .operation("pay " + text)
                            .allCells(text)
                            .build()));
        }
        assertThat(reported(batch)).hasSize(odd.size()).allSatisfy(row -> {
            String text = odd.get((int) row.line() - 2);
            assertThat(row.cell(Column.OPERATION.text())).isEqualTo("pay " + text);
            assertThat(row.cell(Column.MCH_ORDER_NO.text())).isEqualTo(text);
            assertThat(row.cell(Column.KSHER_ORDER_NO.text())).isEqualTo(text);
            assertThat(row.cell(Column.CHANNEL_ORDER_NO.text())).isEqualTo(text);
            assertThat(row.cell(Column.CHANNEL.text())).isEqualTo(text);
            assertThat(row.outcome()).isEqualTo(Outcome.INVALID);
            assertThat(Cells.detail(row)).isEqualTo("operation must be close or cancel");
        });
    }

    @Test
    void numbersOfTheFullLengthAreWorkedOnAsTheyCame() {
        String longest = "\ud83d\ude00".repeat(32);
        BatchInfo batch = file(order(2).operation("close").allCells(longest).build());
        settleAll(batch);
        assertThat(reported(batch))
                .extracting(
                        Cells.reported(Column.MCH_ORDER_NO),
                        Cells.reported(Column.KSHER_ORDER_NO),
                        Cells.reported(Column.CHANNEL_ORDER_NO),
                        Cells.reported(Column.CHANNEL))
                .containsExactly(tuple(longest, longest, longest, longest));
    }

    @Test
    void whatADatabaseCannotKeepIsEchoedAsAReplacement() {
        OrderRow nul = row(1, "A\u0000B");
        OrderRow half = row(2, "A\ud83d");
        OrderRow operation = order(3).operation("\u0000")
                .mchOrderNo("A")
                .ksherOrderNo("\u0000")
                .channelOrderNo("\ude00x")
                .channel("\u0000\u0000")
                .build();
        for (int i = 0; i < 2; i++) {
            assertThat(receive(nul)).as("a redelivery too").isTrue();
            assertThat(receive(half)).isTrue();
            assertThat(receive(operation)).isTrue();
        }
        assertThat(reported(queue()))
                .extracting(
                        Cells.reported(Column.OPERATION),
                        Cells.reported(Column.MCH_ORDER_NO),
                        Cells.reported(Column.KSHER_ORDER_NO),
                        Cells.reported(Column.CHANNEL_ORDER_NO),
                        Cells.reported(Column.CHANNEL),
                        ReportedRow::outcome)
                .containsExactly(
                        tuple("close", "A\uFFFDB", "", "", "", Outcome.INVALID),
                        tuple("close", "A\uFFFD", "", "", "", Outcome.INVALID),
                        tuple("\uFFFD", "A", "\uFFFD", "\uFFFDx", "\uFFFD\uFFFD", Outcome.INVALID));
        assertThat(queue().received()).isEqualTo(3);
    }

    @Test
    void aRowOfWhichNothingCouldBeReadIsARowAllTheSame() {
        BatchInfo batch = file(OrderRow.unreadable(2, "cannot be read: a quote is never closed"));
        assertThat(reported(batch))
                .extracting(ReportedRow::line, Cells.reported(Column.OPERATION), ReportedRow::outcome, Cells::detail)
                .containsExactly(tuple(2L, "", Outcome.INVALID, "cannot be read: a quote is never closed"));
    }

    @Test
    void rowsComeOutInTheOrderOfTheirLinesHoweverManyThereAreAndInWhateverOrderTheyCame() {
        List<OrderRow> rows = new ArrayList<>();
        LongStream.rangeClosed(1, 4_501).forEach(line -> rows.add(invalid(line * 7, "A" + line)));
        Collections.shuffle(rows, new Random(7));
        BatchInfo batch = begin("night-1");
        journal.addRows(batch, rows.subList(0, 4_000));
        journal.addRows(batch, rows.subList(4_000, 4_501));
        assertThat(reported(batch))
                .extracting(ReportedRow::line)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 4_501)
                        .map(line -> line * 7)
                        .boxed()
                        .toList());
        assertThat(journal.reports().outcomes(batch)).isEqualTo(Map.of(Outcome.INVALID, 4_501L));
        assertThat(journal.reports().finalRows(batch, List.of(Outcome.INVALID, Outcome.PAID), 3))
                .extracting(ReportedRow::line)
                .containsExactly(7L, 14L, 21L);
        assertThat(journal.reports().finalRows(batch, List.of(Outcome.PAID), 3)).isEmpty();
    }

    @Test
    void outcomesAreInTheirOwnOrderAndTogetherAllThatCameIn() {
        BatchInfo batch = file(invalid(2, "A"), row(3, "B"), row(4, "B"), row(5, "C"));
        settleAll(batch);
        assertThat(journal.reports().outcomes(batch))
                .containsExactly(
                        Map.entry(Outcome.CLOSED, 2L),
                        Map.entry(Outcome.DUPLICATE, 1L),
                        Map.entry(Outcome.INVALID, 1L));
        assertThat(journal.reports().outcomes(batch).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(now(batch).received());
        assertThat(journal.reports().calls(batch)).as("a query of each").isEqualTo(2);
        assertThat(journal.reports().lastFinishedAt(batch))
                .isBetween(batch.createdAt(), Instant.now().plusSeconds(60));
    }

    // ---- how far it is ----

    @Test
    void progressIsOfTheTargetsUnfinishedBatchesOrOfAll() {
        assertThat(journal.progress(TARGET)).isEmpty();
        BatchInfo night = file(invalid(2, "A"), row(3, "B"), row(4, "B"), row(5, "C"));
        receive(row(1, "D"));
        journal.receive(REHEARSAL, "elsewhere", row(1, "E")).join();
        assertThat(journal.progress(TARGET))
                .containsExactly(
                        new BatchProgress(night, 2, Map.of(Outcome.DUPLICATE, 1L, Outcome.INVALID, 1L)),
                        new BatchProgress(queue(), 1, Map.of()));
        assertThat(journal.progress(TARGET).get(0).received()).isEqualTo(night.received());
        settleAll(night);
        assertThat(journal.finish(night, LONG)).isTrue();
        assertThat(journal.progress(TARGET))
                .extracting(one -> one.batch().name())
                .containsExactly("queue");
        assertThat(journal.progress(null))
                .extracting(one -> one.batch().name(), BatchProgress::openRows, BatchProgress::settled)
                .containsExactly(tuple("night-1", 0L, 4L), tuple("queue", 1L, 0L), tuple("elsewhere", 1L, 0L));
    }

    @Test
    void progressCountsEachRowOnceWhileRowsBecomeFinal() {
        int rows = 300;
        BatchInfo batch = file(LongStream.rangeClosed(1, rows)
                .mapToObj(line -> row(line, "A" + line))
                .toArray(OrderRow[]::new));
        CompletableFuture<Void> settled = CompletableFuture.runAsync(() -> settleAll(batch));
        long last = 0;
        while (last < rows) {
            BatchProgress progress = journal.progress(TARGET).get(0);
            assertThat(progress.received()).isEqualTo(rows);
            assertThat(progress.settled()).isGreaterThanOrEqualTo(last);
            last = progress.settled();
            assertThat(settled).isNotCompletedExceptionally();
        }
        settled.join();
    }

    // ---- when a batch is done ----

    @Test
    void aBatchWithATotalIsCompleteWhenAllCameAndAreFinal() {
        receive(invalid(1, "A"));
        assertThat(journal.receiveTotal(TARGET, "queue", 3).join()).isTrue();
        assertThat(journal.isComplete(queue(), AT_ONCE)).as("two are missing").isFalse();
        receive(row(2, "B"));
        receive(row(2, "B"));
        receive(row(3, "B"));
        assertThat(queue().received()).isEqualTo(3);
        assertThat(journal.isComplete(queue(), AT_ONCE)).as("one is not final").isFalse();
        assertThat(journal.finish(queue(), AT_ONCE)).isFalse();
        settleAll(queue());
        assertThat(journal.isComplete(queue(), LONG)).as("needs no quiet").isTrue();
    }

    @Test
    void aBatchWithoutATotalIsCompleteWhenNothingCameForLong() {
        receive(invalid(1, "A"));
        assertThat(journal.isComplete(queue(), LONG)).isFalse();
        assertThat(journal.isComplete(queue(), AT_ONCE)).isTrue();
        receive(row(2, "B"));
        assertThat(journal.isComplete(queue(), AT_ONCE)).as("one is not final").isFalse();
    }

    @Test
    void whateverComesBreaksTheQuiet() {
        receive(invalid(1, "A"));
        Instant before = queue().touchedAt();
        awaitAfter(before);
        receive(invalid(1, "A"));
        Instant redelivered = queue().touchedAt();
        assertThat(redelivered).isAfter(before);
        awaitAfter(redelivered);
        receive(row(2, "B"));
        Instant more = queue().touchedAt();
        assertThat(more).isAfter(redelivered);
        awaitAfter(more);
        journal.receiveTotal(TARGET, "queue", 2).join();
        assertThat(queue().touchedAt()).isAfter(more);
        assertThat(queue().createdAt()).isBeforeOrEqualTo(before);
    }

    /** A millisecond, by the journal's clock. */
    private void awaitAfter(Instant instant) {
        while (journal.now() <= instant.toEpochMilli()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aBatchIsMarkedAsDoneOnce() {
        BatchInfo batch = file(invalid(2, "A"));
        assertThat(journal.finish(batch, LONG)).isTrue();
        assertThat(journal.finish(batch, LONG)).isFalse();
        assertThat(journal.isComplete(batch, LONG)).isFalse();
        assertThat(now(batch).isDone()).isTrue();
        assertThat(now(batch).finishedAt()).isNotNull().isAfterOrEqualTo(batch.createdAt());
        assertThat(journal.unfinished(TARGET)).isEmpty();
        assertThat(journal.findContent(TARGET, String.valueOf(batch.sha256()))).isEqualTo(now(batch));
        reopen();
        assertThat(now(batch).isDone()).isTrue();
    }

    @Test
    void aRowThatComesLateOpensADoneBatchAgain() {
        receive(invalid(1, "A"));
        assertThat(journal.finish(queue(), AT_ONCE)).isTrue();
        receive(invalid(1, "A"));
        assertThat(queue().isDone()).as("a redelivery does not").isTrue();
        assertThat(receive(row(1, "A"))).isFalse();
        assertThat(queue().isDone()).as("what is not taken does not").isTrue();

        receive(row(2, "B"));

        assertThat(queue())
                .extracting(BatchInfo::state, BatchInfo::received, BatchInfo::finishedAt)
                .containsExactly(State.OPEN, 2L, null);
        assertThat(journal.unfinished(TARGET)).hasSize(1);
        settleAll(queue());
        assertThat(journal.finish(queue(), AT_ONCE)).isTrue();
        assertThat(reported(queue())).hasSize(2);
    }

    @Test
    void aTotalThatComesLateHoldsALateRowsBatchOpenUntilAllAreThere() {
        receive(invalid(1, "A"));
        assertThat(journal.finish(queue(), AT_ONCE)).isTrue();
        assertThat(journal.receiveTotal(TARGET, "queue", 3).join()).isTrue();
        receive(invalid(2, "B"));
        assertThat(journal.isComplete(queue(), AT_ONCE)).isFalse();
        receive(invalid(3, "C"));
        assertThat(journal.finish(queue(), LONG)).isTrue();
    }

    @Test
    void aTotalOfNothingIsCompleteAtOnce() {
        journal.receiveTotal(TARGET, "queue", 0).join();
        assertThat(journal.finish(queue(), LONG)).isTrue();
        assertThat(journal.reports().outcomes(queue())).isEmpty();
    }

    @Test
    void aFileThatIsNotReadToItsEndIsNeverComplete() {
        BatchInfo batch = begin("night-1");
        journal.addRows(batch, List.of(invalid(2, "A")));
        assertThat(journal.isComplete(batch, AT_ONCE)).isFalse();
        assertThat(journal.finish(batch, AT_ONCE)).isFalse();
        journal.release(batch);
        journal.release(batch);
        assertThat(journal.finish(batch, AT_ONCE)).isTrue();
        journal.release(batch);
        assertThat(now(batch).isDone()).as("released before").isTrue();
    }

    // ---- whose a row is ----

    @Test
    void rowsThatAWorkerHeldWhenItClosedAreTakenByTheNextOne() {
        BatchInfo batch = file(row(2, "A"), row(3, "B"), cancel(4, "C"), row(5, "D"), row(6, "E"));
        try (Lease closes =
                Lease.take(journal, new Lease.Worker(TARGET, "closes", CALL_TIMEOUT), Duration.ofMillis(1))) {
            assertThat(closes.claim(List.of(batch), 10, 0).rows()).hasSize(5);
        }
        try (Lease heir = Lease.take(journal, new Lease.Worker(TARGET, "heir", CALL_TIMEOUT), Duration.ofMillis(1))) {
            List<HeldRow> taken = new ArrayList<>();
            for (Instant end = Instant.now().plusSeconds(20);
                    taken.size() < 5 && Instant.now().isBefore(end); ) {
                taken.addAll(heir.claim(List.of(batch), 10, 0).rows());
            }
            assertThat(taken).extracting(row -> row.row().line()).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L);
        }
    }

    // ---- asking once more ----

    @Test
    void aLateBatchAsksAboutEveryClosedGatewayOrderAndNoOther() {
        BatchInfo batch = file(
                order(2).operation("cancel").mchOrderNo("A").channel("wechat").build(),
                order(3).operation(" CanceL\t").mchOrderNo("B").build(),
                row(4, "C"),
                order(5).operation("cancel").mchOrderNo("A").build(),
                order(6).operation("cancel").build());
        settleAll(batch);
        assertThat(journal.lateOf(batch)).isNull();

        BatchInfo late = now(journal.beginLate(batch, 1));

        assertThat(late)
                .extracting(BatchInfo::name, BatchInfo::kind, BatchInfo::state, BatchInfo::received, BatchInfo::total)
                .containsExactly("night-1.late", Kind.LATE, State.OPEN, 2L, 2L);
        assertThat(journal.lateOf(batch)).isEqualTo(late);
        settleAll(late);
        assertThat(reported(late))
                .extracting(
                        ReportedRow::line,
                        Cells.reported(Column.OPERATION),
                        Cells.reported(Column.MCH_ORDER_NO),
                        Cells.reported(Column.CHANNEL))
                .containsExactly(tuple(2L, "cancel", "A", "wechat"), tuple(3L, " CanceL\t", "B", ""));
        assertThat(journal.beginLate(batch, 2).name()).isEqualTo("night-1.late-2");
    }

    @Test
    void anOrderFromAQueueIsNeverTakenForOneThatIsOnlyAskedAbout() {
        BatchInfo batch = file(order(2).operation("cancel").mchOrderNo("A").build());
        settleAll(batch);
        BatchInfo late = journal.beginLate(batch, 1);
        assertThat(journal.receive(TARGET, late.name(), row(7, "B")).join()).isFalse();
        assertThat(now(late).received()).isEqualTo(1);
        assertThat(journal.reports().openRows(late)).isEqualTo(1);
    }

    @Test
    void aQueuesBatchIsNeverTakenForALateOne() {
        BatchInfo batch = file(order(2).operation("cancel").mchOrderNo("A").build());
        settleAll(batch);
        journal.receive(TARGET, "night-1.late", row(1, "B")).join();
        assertThatExceptionOfType(JournalException.class)
                .isThrownBy(() -> journal.beginLate(batch, 1))
                .withMessageContaining("night-1.late");
        BatchInfo queue = Objects.requireNonNull(journal.find(TARGET, "night-1.late"));
        assertThat(queue.received()).isEqualTo(1);
        assertThat(journal.reports().openRows(queue)).isEqualTo(1);
    }

    @Test
    void aRowKnowsWhichOtherRowOfItsOrderInItsBatchSentACommand() {
        BatchInfo batch = file(row(2, "A"), cancel(3, "A"), row(4, "B"), cancel(5, "B"));
        BatchInfo other = begin("night-2");
        journal.addRows(other, List.of(cancel(2, "A")));
        journal.release(other);
        try (Lease lease =
                Lease.take(journal, new Lease.Worker(TARGET, "a worker", CALL_TIMEOUT), Duration.ofMillis(1))) {
            OrderLife commanded = OrderLife.begin(RowOperation.CLOSE)
                    .after(new Event.Seen(OrderState.NOTPAY, true, null, CallDetails.of("")))
                    .life();
            for (HeldRow row : lease.claim(List.of(batch), 10, 0).rows()) {
                assertThat(row.commandedByLine()).isNull();
                OrderLife life = row.row().line() == 2 ? commanded : row.life();
                assertThat(lease.save(closed(row.withLife(life))).join()).isTrue();
            }
            List<HeldRow> second = new ArrayList<>();
            while (second.size() < 2) {
                second.addAll(lease.claim(List.of(batch), 10, 0).rows());
            }
            assertThat(second)
                    .extracting(row -> row.row().line(), HeldRow::commandedByLine)
                    .containsExactlyInAnyOrder(tuple(3L, 2L), tuple(5L, null));
            second.forEach(row -> lease.save(closed(row)).join());
            List<HeldRow> elsewhere = List.of();
            while (elsewhere.isEmpty()) {
                elsewhere = lease.claim(List.of(other), 10, 0).rows();
            }
            assertThat(elsewhere.get(0).commandedByLine())
                    .as("in another batch")
                    .isNull();
        }
    }
}
