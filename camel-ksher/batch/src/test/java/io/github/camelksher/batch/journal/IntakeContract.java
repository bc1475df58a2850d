/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.ReportedRowBuilder;
import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo.Kind;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.batch.life.RowResult;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import java.time.Instant;
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
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes in is there once, and comes out as it came; the same on each database. */
abstract class IntakeContract {

    private static final Target TARGET = new Target("mch1", "https://api.example/KsherPay", "https://gw.example/api");
    private static final Target REHEARSAL = new Target("mch1", "http://127.0.0.1:1/KsherPay", "http://127.0.0.1:1/api");
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    private static final long AT_ONCE = 0;
    private static final long LONG = 600_000;

    private String url = "";
    private Journal journal;

    /** The URL of a new and empty one. */
    abstract String newDatabase() throws Exception;

    @BeforeEach
    void open() throws Exception {
        url = newDatabase();
        journal = Journal.open(url, null, null);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void reopen() {
        journal.close();
        journal = Journal.open(url, null, null);
    }

    private static OrderRow row(long line, String number) {
        return OrderRow.of(line, Map.of(Column.OPERATION, "close", Column.MCH_ORDER_NO, number));
    }

    private static OrderRow cancel(long line, String number) {
        return OrderRow.of(line, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, number));
    }

    private static OrderRow invalid(long line, String number) {
        return OrderRow.of(
                line,
                Map.of(
                        Column.OPERATION,
                        "close",
                        Column.MCH_ORDER_NO,
                        number,
                        Column.CHANNEL,
                        "a channel that is longer than 32 characters"));
    }

    private BatchInfo begin(String name) {
        return journal.beginFile(TARGET, name, "sha of " + name, 1);
    }

    private BatchInfo file(OrderRow... rows) {
        BatchInfo batch = begin("night-1");
        journal.addRows(batch, List.of(rows));
        journal.release(batch);
        return now(batch);
    }

    private BatchInfo now(BatchInfo batch) {
        return Objects.requireNonNull(journal.find(batch.target(), batch.name()));
    }

    private BatchInfo queue() {
        return Objects.requireNonNull(journal.find(TARGET, "queue"));
    }

    private boolean receive(OrderRow row) {
        return journal.receive(TARGET, "queue", row).join();
    }

    private List<ReportedRow> reported(BatchInfo batch) {
        List<ReportedRow> rows = new ArrayList<>();
        journal.reports().forEachFinal(batch, rows::add);
        return rows;
    }

    private static Save closed(HeldRow row) {
        return Save.ended(row, new RowResult(Outcome.CLOSED, CallDetails.of("by the test")))
                .withQueryEnded(true);
    }

    private void settleAll(BatchInfo batch) {
        try (Lease lease = Lease.take(journal, new Lease.Worker(TARGET, "a worker", CALL_TIMEOUT), Duration.ZERO)) {
            List<HeldRow> rows = lease.claim(List.of(batch), 10_000, 0).rows();
            for (HeldRow row : rows) {
                assertThat(lease.save(closed(row)).join()).isTrue();
            }
        }
        assertThat(journal.reports().openRows(batch)).isZero();
    }

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
                OrderRow.of(3, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A")),
                OrderRow.of(4, Map.of(Column.OPERATION, "close", Column.MCH_ORDER_NO, "A", Column.KSHER_ORDER_NO, "K")),
                OrderRow.of(5, Map.of(Column.OPERATION, "close", Column.KSHER_ORDER_NO, "A")),
                OrderRow.of(6, Map.of(Column.OPERATION, "close", Column.CHANNEL_ORDER_NO, "A")),
                row(7, "a"),
                row(10, "A|B"),
                OrderRow.of(
                        11, Map.of(Column.OPERATION, "close", Column.MCH_ORDER_NO, "A", Column.KSHER_ORDER_NO, "B|")),
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
                OrderRow.of(
                        4,
                        Map.of(
                                Column.OPERATION,
                                "CLOSE",
                                Column.MCH_ORDER_NO,
                                "\u00a0A",
                                Column.KSHER_ORDER_NO,
                                "\t")));
        assertThat(reported(batch))
                .extracting(Cells::mchOrderNo, Cells::detail)
                .containsExactly(tuple("A ", "the same as line 2"), tuple("\u00a0A", "the same as line 2"));
    }

    @Test
    void theChannelMakesNoOtherOrderOfIt() {
        BatchInfo batch = file(
                row(2, "A"),
                OrderRow.of(
                        3,
                        Map.of(
                                Column.OPERATION,
                                " close ",
                                Column.MCH_ORDER_NO,
                                "A",
                                Column.KSHER_ORDER_NO,
                                " ",
                                Column.CHANNEL,
                                "wechat")));
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
        OrderRow first = OrderRow.of(
                1,
                Map.of(
                        Column.OPERATION,
                        "close",
                        Column.MCH_ORDER_NO,
                        "A",
                        Column.KSHER_ORDER_NO,
                        "K",
                        Column.CHANNEL_ORDER_NO,
                        "C",
                        Column.CHANNEL,
                        "wechat"));
        assertThat(receive(first)).isTrue();
        assertThat(receive(OrderRow.of(
                        1,
                        Map.of(
                                Column.OPERATION,
                                "cancel",
                                Column.MCH_ORDER_NO,
                                "A",
                                Column.KSHER_ORDER_NO,
                                "K",
                                Column.CHANNEL_ORDER_NO,
                                "C",
                                Column.CHANNEL,
                                "wechat"))))
                .isFalse();
        assertThat(receive(OrderRow.of(
                        1,
                        Map.of(
                                Column.OPERATION,
                                "close",
                                Column.MCH_ORDER_NO,
                                "B",
                                Column.KSHER_ORDER_NO,
                                "K",
                                Column.CHANNEL_ORDER_NO,
                                "C",
                                Column.CHANNEL,
                                "wechat"))))
                .isFalse();
        assertThat(receive(OrderRow.of(
                        1,
                        Map.of(
                                Column.OPERATION,
                                "close",
                                Column.MCH_ORDER_NO,
                                "A",
                                Column.CHANNEL_ORDER_NO,
                                "C",
                                Column.CHANNEL,
                                "wechat"))))
                .isFalse();
        assertThat(receive(OrderRow.of(
                        1,
                        Map.of(
                                Column.OPERATION,
                                "close",
                                Column.MCH_ORDER_NO,
                                "A",
                                Column.KSHER_ORDER_NO,
                                "K",
                                Column.CHANNEL_ORDER_NO,
                                "c",
                                Column.CHANNEL,
                                "wechat"))))
                .isFalse();
        assertThat(receive(OrderRow.of(
                        1,
                        Map.of(
                                Column.OPERATION,
                                "close",
                                Column.MCH_ORDER_NO,
                                "A",
                                Column.KSHER_ORDER_NO,
                                "K",
                                Column.CHANNEL_ORDER_NO,
                                "C",
                                Column.CHANNEL,
                                "alipay"))))
                .isFalse();
        assertThat(receive(invalid(1, "A"))).isFalse();
        assertThat(receive(first)).isTrue();
        assertThat(queue().received()).isEqualTo(1);
        settleAll(queue());
        assertThat(reported(queue())).hasSize(1).allMatch(row -> Cells.channelOrderNo(row)
                .equals("C"));
    }

    @Test
    void otherColumnsComeOutAsTheyCameAndBelongToARowsContent() {
        Map<String, String> others = new LinkedHashMap<>();
        others.put("remark", "=\"x\"\n\u0e44 \u0000");
        others.put("a customer", "");
        OrderRow carried = OrderRow.of(1, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A"))
                .withOthers(others);
        assertThat(receive(carried)).isTrue();
        assertThat(receive(carried)).as("a redelivery").isTrue();
        Map<String, String> turned = new LinkedHashMap<>();
        turned.put("a customer", "");
        turned.put("remark", others.get("remark"));
        assertThat(receive(carried.withOthers(turned))).as("in another order").isTrue();
        assertThat(receive(carried.withOthers(Map.of("remark", "y")))).isFalse();
        assertThat(receive(OrderRow.of(1, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A"))))
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
                    List.of(OrderRow.of(
                            line++,
                            Map.of(
                                    Column.OPERATION,
                                    "pay " + text,
                                    Column.MCH_ORDER_NO,
                                    text,
                                    Column.KSHER_ORDER_NO,
                                    text,
                                    Column.CHANNEL_ORDER_NO,
                                    text,
                                    Column.CHANNEL,
                                    text))));
        }
        assertThat(reported(batch)).hasSize(odd.size()).allSatisfy(row -> {
            String text = odd.get((int) row.line() - 2);
            assertThat(Cells.operation(row)).isEqualTo("pay " + text);
            assertThat(Cells.mchOrderNo(row)).isEqualTo(text);
            assertThat(Cells.ksherOrderNo(row)).isEqualTo(text);
            assertThat(Cells.channelOrderNo(row)).isEqualTo(text);
            assertThat(Cells.channel(row)).isEqualTo(text);
            assertThat(row.outcome()).isEqualTo(Outcome.INVALID);
            assertThat(Cells.detail(row)).isEqualTo("operation must be close or cancel");
        });
    }

    @Test
    void numbersOfTheFullLengthAreWorkedOnAsTheyCame() {
        String longest = "\ud83d\ude00".repeat(32);
        BatchInfo batch = file(OrderRow.of(
                2,
                Map.of(
                        Column.OPERATION,
                        "close",
                        Column.MCH_ORDER_NO,
                        longest,
                        Column.KSHER_ORDER_NO,
                        longest,
                        Column.CHANNEL_ORDER_NO,
                        longest,
                        Column.CHANNEL,
                        longest)));
        settleAll(batch);
        assertThat(reported(batch))
                .extracting(Cells::mchOrderNo, Cells::ksherOrderNo, Cells::channelOrderNo, Cells::channel)
                .containsExactly(tuple(longest, longest, longest, longest));
    }

    @Test
    void whatADatabaseCannotKeepIsEchoedAsAReplacement() {
        OrderRow nul = row(1, "A\u0000B");
        OrderRow half = row(2, "A\ud83d");
        OrderRow operation = OrderRow.of(
                3,
                Map.of(
                        Column.OPERATION,
                        "\u0000",
                        Column.MCH_ORDER_NO,
                        "A",
                        Column.KSHER_ORDER_NO,
                        "\u0000",
                        Column.CHANNEL_ORDER_NO,
                        "\ude00x",
                        Column.CHANNEL,
                        "\u0000\u0000"));
        for (int i = 0; i < 2; i++) {
            assertThat(receive(nul)).as("a redelivery too").isTrue();
            assertThat(receive(half)).isTrue();
            assertThat(receive(operation)).isTrue();
        }
        assertThat(reported(queue()))
                .extracting(
                        Cells::operation,
                        Cells::mchOrderNo,
                        Cells::ksherOrderNo,
                        Cells::channelOrderNo,
                        Cells::channel,
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
                .extracting(ReportedRow::line, Cells::operation, ReportedRow::outcome, Cells::detail)
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
                OrderRow.of(2, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A", Column.CHANNEL, "wechat")),
                OrderRow.of(3, Map.of(Column.OPERATION, " CanceL\t", Column.MCH_ORDER_NO, "B")),
                row(4, "C"),
                OrderRow.of(5, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A")),
                OrderRow.of(6, Map.of(Column.OPERATION, "cancel")));
        settleAll(batch);
        assertThat(journal.lateOf(batch)).isNull();

        BatchInfo late = now(journal.beginLate(batch, 1));

        assertThat(late)
                .extracting(BatchInfo::name, BatchInfo::kind, BatchInfo::state, BatchInfo::received, BatchInfo::total)
                .containsExactly("night-1.late", Kind.LATE, State.OPEN, 2L, 2L);
        assertThat(journal.lateOf(batch)).isEqualTo(late);
        settleAll(late);
        assertThat(reported(late))
                .extracting(ReportedRow::line, Cells::operation, Cells::mchOrderNo, Cells::channel)
                .containsExactly(tuple(2L, "cancel", "A", "wechat"), tuple(3L, " CanceL\t", "B", ""));
        assertThat(journal.beginLate(batch, 2).name()).isEqualTo("night-1.late-2");
    }

    @Test
    void anOrderFromAQueueIsNeverTakenForOneThatIsOnlyAskedAbout() {
        BatchInfo batch = file(OrderRow.of(2, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A")));
        settleAll(batch);
        BatchInfo late = journal.beginLate(batch, 1);
        assertThat(journal.receive(TARGET, late.name(), row(7, "B")).join()).isFalse();
        assertThat(now(late).received()).isEqualTo(1);
        assertThat(journal.reports().openRows(late)).isEqualTo(1);
    }

    @Test
    void aQueuesBatchIsNeverTakenForALateOne() {
        BatchInfo batch = file(OrderRow.of(2, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A")));
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
                    .containsExactly(tuple(3L, 2L), tuple(5L, null));
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
