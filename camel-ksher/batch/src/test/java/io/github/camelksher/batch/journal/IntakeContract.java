/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static io.github.camelksher.batch.OrderRowBuilder.like;
import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.ReportedRowBuilder;
import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What comes in is there once; the same on each database. More than 400 lines, because each further
 * class starts a database.
 */
abstract class IntakeContract extends JournalContract {

    // ---- files ----

    @Test
    void aFilesBatchIsMadeOnceAndFoundByNameAndContentAtItsTargetOnly() {
        BatchInfo batch = journal.beginFile(TARGET, "night-1", "abc", 1);
        assertThat(batch)
                .extracting(BatchInfo::kind, BatchInfo::state, BatchInfo::received, BatchInfo::total, BatchInfo::run)
                .containsExactly(Kind.FILE, State.READING, 0L, null, 1);
        assertThat(journal.beginFile(TARGET, "night-1", "abc", 1)).isEqualTo(batch);
        assertThat(journal.findContent(TARGET, "abc")).isEqualTo(batch);
        assertThat(journal.find(TARGET, "night-1")).isEqualTo(batch);
        assertThat(journal.find(null, "night-1")).isEqualTo(batch);
        assertThat(journal.unfinished(TARGET)).containsExactly(batch);
        assertThat(journal.findContent(REHEARSAL, "abc"))
                .as("a rehearsal is another batch")
                .isNull();
        assertThat(journal.find(REHEARSAL, "night-1")).isNull();
        assertThat(journal.unfinished(REHEARSAL)).isEmpty();
        assertThat(journal.findContent(TARGET, "abd")).isNull();
    }

    @Test
    void theLatestRunOfAContentAndTheNewestOfANameAreFound() {
        BatchInfo first = journal.beginFile(TARGET, "night-1", "abc", 1);
        BatchInfo second = journal.beginFile(TARGET, "night-1-2", "abc", 2);
        BatchInfo other = journal.beginFile(REHEARSAL, "night-1", "abc", 1);
        assertThat(journal.findContent(TARGET, "abc")).isEqualTo(second);
        assertThat(journal.find(null, "night-1")).isEqualTo(other);
        assertThat(journal.unfinished(TARGET)).containsExactly(first, second);
        assertThat(journal.all()).containsExactly(first, second, other);
    }

    @Test
    void aFilesRowsCountAndAreOpenOnceTheLastOneIsIn() {
        BatchInfo batch = begin("night-1");
        journal.addRows(batch, List.of(row(2, "A"), row(3, "B")));
        assertThat(now(batch))
                .extracting(BatchInfo::state, BatchInfo::received, BatchInfo::total)
                .containsExactly(State.READING, 2L, null);
        assertThat(journal.isComplete(batch, AT_ONCE)).isFalse();
        journal.release(batch);
        assertThat(now(batch))
                .extracting(BatchInfo::state, BatchInfo::received, BatchInfo::total)
                .containsExactly(State.OPEN, 2L, 2L);
        assertThat(journal.reports().openRows(batch)).isEqualTo(2);
        assertThat(reported(batch)).isEmpty();
        assertThat(journal.reports().outcomes(batch)).isEmpty();
        assertThat(journal.reports().calls(batch)).isZero();
    }

    @Test
    void aFileThatIsReadAgainFromTheStartAddsOnlyWhatIsMissing() {
        BatchInfo batch = begin("night-1");
        List<OrderRow> chunk = List.of(row(2, "A"), row(3, "A"), invalid(4, "A"), row(5, "B"));
        journal.addRows(batch, chunk);
        List<ReportedRow> before = reported(batch);
        reopen();
        journal.addRows(batch, chunk);
        journal.addRows(batch, List.of(row(5, "B"), row(6, "A"), row(7, "C")));
        assertThat(now(batch).received()).isEqualTo(6);
        assertThat(reported(batch))
                .startsWith(before.toArray(ReportedRow[]::new))
                .hasSize(3);
        assertThat(journal.reports().openRows(batch)).isEqualTo(3);
    }

    @Test
    void noRowsAtAllAreFine() {
        BatchInfo batch = file();
        assertThat(now(batch)).extracting(BatchInfo::received, BatchInfo::total).containsExactly(0L, 0L);
        assertThat(journal.isComplete(batch, LONG)).isTrue();
        assertThat(journal.finish(batch, LONG)).isTrue();
    }

    @Test
    void whatWasReadOfAFileThatChangedCanBeTakenBack() {
        BatchInfo batch = begin("night-1");
        journal.addRows(batch, List.of(row(2, "A"), invalid(3, "B")));
        journal.forget(batch);
        assertThat(journal.all()).isEmpty();
        assertThat(reported(batch)).isEmpty();
        assertThat(file(row(2, "B")).received()).as("the name is free").isEqualTo(1);
    }

    // ---- duplicates ----

    @Test
    void theSameOrderIsADuplicateOfItsFirstLineInOneChunk() {
        BatchInfo batch = file(row(2, "A"), row(4, "B"), row(5, "A"), row(9, "A"), row(11, "B"));
        assertThat(reported(batch))
                .extracting(ReportedRow::line, ReportedRow::outcome, Cells::detail)
                .containsExactly(
                        tuple(5L, Outcome.DUPLICATE, "the same as line 2"),
                        tuple(9L, Outcome.DUPLICATE, "the same as line 2"),
                        tuple(11L, Outcome.DUPLICATE, "the same as line 4"));
        assertThat(journal.reports().outcomes(batch)).isEqualTo(Map.of(Outcome.DUPLICATE, 3L));
        assertThat(batch.received()).isEqualTo(5);
        assertThat(journal.reports().openRows(batch)).isEqualTo(2);
    }

    @Test
    void theSameOrderIsADuplicateAcrossChunksAndRestarts() {
        BatchInfo batch = begin("night-1");
        journal.addRows(batch, List.of(row(2, "A"), row(3, "B")));
        reopen();
        journal.addRows(batch, List.of(row(4, "B"), row(5, "C")));
        journal.addRows(batch, List.of(row(6, "C"), row(7, "A")));
        assertThat(reported(batch))
                .extracting(ReportedRow::line, Cells::detail)
                .containsExactly(
                        tuple(4L, "the same as line 3"),
                        tuple(6L, "the same as line 5"),
                        tuple(7L, "the same as line 2"));
    }

    @Test
    void anInvalidRowIsNobodysFirst() {
        BatchInfo batch = file(invalid(2, "A"), row(3, "A"), invalid(4, "A"), row(5, "A"));
        assertThat(reported(batch))
                .extracting(ReportedRow::line, ReportedRow::outcome, Cells::detail)
                .containsExactly(
                        tuple(2L, Outcome.INVALID, "channel has more than 32 characters"),
                        tuple(4L, Outcome.INVALID, "channel has more than 32 characters"),
                        tuple(5L, Outcome.DUPLICATE, "the same as line 3"));
    }

    @Test
    void onlyTheSameOperationAndNumbersAreDuplicates() {
        BatchInfo batch = file(
                row(2, "A"),
                order(3).operation("cancel").mchOrderNo("A").build(),
                order(4).operation("close").mchOrderNo("A").ksherOrderNo("K").build(),
                order(5).operation("close").ksherOrderNo("A").build(),
                order(6).operation("close").channelOrderNo("A").build(),
                row(7, "a"),
                row(10, "A|B"),
                order(11).operation("close").mchOrderNo("A").ksherOrderNo("B|").build(),
                row(12, "\u00c5"),
                row(13, "A\u030a"));
        assertThat(reported(batch)).isEmpty();
        assertThat(journal.reports().openRows(batch)).isEqualTo(10);
    }

    @Test
    void blanksAndCaseMakeNoOtherOrderOfIt() {
        BatchInfo batch = file(
                row(2, "A"),
                row(3, "A "),
                order(4).operation("CLOSE")
                        .mchOrderNo("\u00a0A")
                        .ksherOrderNo("\t")
                        .build());
        assertThat(reported(batch))
                .extracting(Cells.reported(Column.MCH_ORDER_NO), Cells::detail)
                .containsExactly(tuple("A ", "the same as line 2"), tuple("\u00a0A", "the same as line 2"));
    }

    @Test
    void theChannelMakesNoOtherOrderOfIt() {
        BatchInfo batch = file(
                row(2, "A"),
                order(3).operation(" close ")
                        .mchOrderNo("A")
                        .ksherOrderNo(" ")
                        .channel("wechat")
                        .build());
        assertThat(reported(batch))
                .containsExactly(ReportedRowBuilder.row(3, Outcome.DUPLICATE)
                        .operation(" close ")
                        .mchOrderNo("A")
                        .ksherOrderNo(" ")
                        .channel("wechat")
                        .detail("the same as line 2")
                        .finishedAt(reported(batch).get(0).finishedAt())
                        .build());
    }

    @Test
    void anotherBatchMayHaveTheSameOrders() {
        BatchInfo first = file(row(2, "A"));
        BatchInfo second = begin("night-2");
        journal.addRows(second, List.of(row(2, "A")));
        assertThat(journal.receive(REHEARSAL, "night-1", row(2, "A")).join()).isTrue();
        assertThat(reported(first)).isEmpty();
        assertThat(reported(second)).isEmpty();
        assertThat(journal.reports().openRows(Objects.requireNonNull(journal.find(REHEARSAL, "night-1"))))
                .isEqualTo(1);
    }

    // ---- the queue ----

    @Test
    void aMessageMakesItsBatchAndARedeliveryChangesNothing() {
        assertThat(receive(row(7, "A"))).isTrue();
        BatchInfo batch = queue();
        assertThat(batch)
                .extracting(BatchInfo::kind, BatchInfo::state, BatchInfo::received, BatchInfo::total, BatchInfo::sha256)
                .containsExactly(Kind.QUEUE, State.OPEN, 1L, null, null);
        assertThat(receive(row(7, "A"))).isTrue();
        reopen();
        assertThat(receive(row(7, "A"))).isTrue();
        assertThat(queue().received()).isEqualTo(1);
        assertThat(journal.reports().openRows(batch)).isEqualTo(1);
    }

    @Test
    void aRedeliveryOfADuplicateOrAnInvalidRowIsSilentToo() {
        receive(row(1, "A"));
        for (int i = 0; i < 2; i++) {
            assertThat(receive(row(2, "A"))).isTrue();
            assertThat(receive(invalid(3, "A"))).isTrue();
        }
        assertThat(reported(queue()))
                .extracting(ReportedRow::line, ReportedRow::outcome)
                .containsExactly(tuple(2L, Outcome.DUPLICATE), tuple(3L, Outcome.INVALID));
        assertThat(queue().received()).isEqualTo(3);
    }

    @Test
    void theSameLineWithOtherContentIsNotTaken() {
        OrderRow first = order(1).operation("close")
                .mchOrderNo("A")
                .ksherOrderNo("K")
                .channelOrderNo("C")
                .channel("wechat")
                .build();
        assertThat(receive(first)).isTrue();
        assertThat(receive(like(first).operation("cancel").build())).isFalse();
        assertThat(receive(like(first).mchOrderNo("B").build())).isFalse();
        assertThat(receive(like(first).ksherOrderNo("").build())).isFalse();
        assertThat(receive(like(first).channelOrderNo("c").build())).isFalse();
        assertThat(receive(like(first).channel("alipay").build())).isFalse();
        assertThat(receive(invalid(1, "A"))).isFalse();
        assertThat(receive(first)).isTrue();
        assertThat(queue().received()).isEqualTo(1);
        settleAll(queue());
        assertThat(reported(queue())).hasSize(1).allMatch(row -> row.cell(Column.CHANNEL_ORDER_NO.text())
                .equals("C"));
    }

    @Test
    void otherColumnsComeOutAsTheyCameAndBelongToARowsContent() {
        Map<String, String> others = new LinkedHashMap<>();
        others.put("remark", "=\"x\"\n\u0e44 \u0000");
        others.put("a customer", "");
        OrderRow carried = order(1).operation("cancel").mchOrderNo("A").build().withOthers(others);
        assertThat(receive(carried)).isTrue();
        assertThat(receive(carried)).as("a redelivery").isTrue();
        Map<String, String> turned = new LinkedHashMap<>();
        turned.put("a customer", "");
        turned.put("remark", others.get("remark"));
        assertThat(receive(carried.withOthers(turned))).as("in another order").isTrue();
        assertThat(receive(carried.withOthers(Map.of("remark", "y")))).isFalse();
        assertThat(receive(order(1).operation("cancel").mchOrderNo("A").build()))
                .isFalse();
        assertThat(receive(invalid(2, "B").withOthers(Map.of("half \ud83d", "\ud83d"))))
                .isTrue();
        assertThat(receive(row(3, "C"))).isTrue();
        settleAll(queue());
        assertThat(reported(queue()))
                .extracting(ReportedRow::others)
                .containsExactly(others, Map.of("half \ufffd", "\ufffd"), Map.of());
        assertThat(journal.reports().otherColumns(queue(), 9)).containsExactly("remark", "a customer", "half \ufffd");
        assertThat(journal.reports().otherColumns(queue(), 2)).containsExactly("remark", "a customer");
        BatchInfo late = journal.beginLate(queue(), 1);
        settleAll(late);
        assertThat(reported(late)).extracting(ReportedRow::others).containsExactly(others);
    }

    @Test
    void theSameLineAsADuplicatesOrAnInvalidRowsWithOtherContentIsNotTaken() {
        receive(row(1, "A"));
        receive(row(2, "A"));
        receive(invalid(3, "B"));
        assertThat(receive(row(2, "B"))).isFalse();
        assertThat(receive(row(3, "B"))).isFalse();
        assertThat(receive(row(3, "A"))).isFalse();
        assertThat(queue().received()).isEqualTo(3);
    }

    @Test
    void theDuplicateIsWhicheverComesLater() {
        receive(row(9, "A"));
        receive(row(2, "A"));
        assertThat(reported(queue()))
                .extracting(ReportedRow::line, Cells::detail)
                .containsExactly(tuple(2L, "the same as line 9"));
    }

    @Test
    void aRedeliveryLeavesAnOrderInWorkAndItsEndAlone() {
        receive(row(1, "A"));
        BatchInfo batch = queue();
        try (Lease lease = Lease.take(journal, new Lease.Worker(TARGET, "a worker", CALL_TIMEOUT), Duration.ZERO)) {
            HeldRow held = lease.claim(List.of(batch), 1, 0).rows().get(0);
            assertThat(receive(row(1, "A"))).isTrue();
            assertThat(lease.save(Save.ended(held, new RowResult(Outcome.PAID, CallDetails.of("paid")))
                                    .withQueryEnded(true))
                            .join())
                    .isTrue();
        }
        assertThat(receive(row(1, "A"))).isTrue();
        assertThat(receive(row(1, "B"))).isFalse();
        assertThat(reported(batch)).extracting(ReportedRow::outcome).containsExactly(Outcome.PAID);
        assertThat(journal.reports().openRows(batch)).isZero();
    }

    @Test
    void aTotalIsTakenOnceAndNoOtherOne() {
        assertThat(journal.receiveTotal(TARGET, "queue", 3).join()).isTrue();
        assertThat(journal.receiveTotal(TARGET, "queue", 3).join()).isTrue();
        assertThat(journal.receiveTotal(TARGET, "queue", 4).join()).isFalse();
        reopen();
        assertThat(journal.receiveTotal(TARGET, "queue", 2).join()).isFalse();
        assertThat(queue().total()).isEqualTo(3);
        assertThat(journal.receiveTotal(TARGET, "another", 1_000_000_000_000L).join())
                .isTrue();
    }

    @Test
    void aFilesBatchTakesItsOwnRowsFromAQueueSilentlyAndNoOtherTotal() {
        BatchInfo batch = file(row(2, "A"), row(3, "B"));
        assertThat(journal.receive(TARGET, batch.name(), row(2, "A")).join()).isTrue();
        assertThat(journal.receive(TARGET, batch.name(), row(2, "X")).join()).isFalse();
        assertThat(journal.receiveTotal(TARGET, batch.name(), 2).join()).isTrue();
        assertThat(journal.receiveTotal(TARGET, batch.name(), 3).join()).isFalse();
        assertThat(now(batch))
                .isEqualTo(new BatchInfo(
                        batch.id(),
                        TARGET,
                        "night-1",
                        Kind.FILE,
                        batch.sha256(),
                        1,
                        State.OPEN,
                        2,
                        2L,
                        batch.createdAt(),
                        now(batch).touchedAt(),
                        null));
    }

    @Test
    void manyConsumersWithTheSameMessagesTakeEachOnce() throws Exception {
        int messages = 150;
        ExecutorService consumers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> taken = new ArrayList<>();
            for (int consumer = 0; consumer < 8; consumer++) {
                List<Integer> order = new ArrayList<>(
                        IntStream.rangeClosed(1, messages).boxed().toList());
                Collections.shuffle(order, new Random(consumer));
                taken.add(consumers.submit(() -> order.stream()
                        .map(line -> receive(row(line, "A" + line % 100)))
                        .reduce(true, Boolean::logicalAnd)));
            }
            for (Future<Boolean> one : taken) {
                assertThat(one.get()).isTrue();
            }
        } finally {
            consumers.shutdown();
        }
        assertThat(queue().received()).isEqualTo(messages);
        assertThat(journal.reports().openRows(queue())).isEqualTo(100);
        assertThat(journal.reports().outcomes(queue())).isEqualTo(Map.of(Outcome.DUPLICATE, 50L));
    }
}
