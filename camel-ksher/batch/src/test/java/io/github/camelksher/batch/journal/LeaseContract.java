/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import io.github.camelksher.reply.OrderState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who owns a row, and when an order may be queried again; on each database, by the test's clock. */
abstract class LeaseContract {

    static final Target TARGET = new Target("mch1", "https://api.example/KsherPay", "https://gw.example/api");
    static final Target MISTYPED = new Target("mch1", "https://api.exmple/KsherPay", "https://gw.example/api");
    static final Duration INTERVAL = Duration.ofSeconds(10);
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    static final RowResult PAID = new RowResult(Outcome.PAID, CallDetails.of(""));

    Journal journal;
    BatchInfo batch;

    /** A new and empty one, with the test's clock. */
    abstract Journal open() throws Exception;

    /** Turns the clock, forwards or back. */
    abstract void turn(Duration by) throws Exception;

    /** To look into it. */
    abstract Connection connect() throws SQLException;

    @BeforeEach
    void start() throws Exception {
        journal = open();
        batch = file(TARGET, "night", row(2, "A"));
    }

    @AfterEach
    void stop() {
        journal.close();
    }

    static OrderRow row(long line, String number) {
        return order(line).operation("close").mchOrderNo(number).build();
    }

    BatchInfo file(Target target, String name, OrderRow... rows) {
        BatchInfo file = journal.beginFile(target, name, "sha of " + name, 1);
        journal.addRows(file, List.of(rows));
        journal.release(file);
        return Objects.requireNonNull(journal.find(target, name));
    }

    Lease lease(String name) {
        return Lease.take(journal, new Lease.Worker(TARGET, name, CALL_TIMEOUT), INTERVAL);
    }

    static List<HeldRow> claim(Lease lease, BatchInfo of) {
        return lease.claim(List.of(of), 10, 0).rows();
    }

    static HeldRow claimOne(Lease lease, BatchInfo of) {
        List<HeldRow> rows = claim(lease, of);
        assertThat(rows).as("claimed").hasSize(1);
        return rows.get(0);
    }

    static boolean save(Lease lease, Save save) {
        return lease.save(save).join();
    }

    static Save waiting(HeldRow row) {
        return Save.waiting(row).withQueryEnded(true).withDelay(INTERVAL).withTimeLeft(Duration.ofMinutes(15));
    }

    static OrderLife commanded(HeldRow row) {
        return row.life()
                .after(new Event.Seen(OrderState.NOTPAY, true, null, CallDetails.of("")))
                .life();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
            boolean changes = sql.startsWith("UPDATE") || sql.startsWith("DELETE");
            assertThat(!changes || statement.getUpdateCount() > 0).as(sql).isTrue();
        }
    }

    String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            return result.next() ? result.getString(1) : "nothing";
        }
    }

    /** Not before, and then at once. */
    void assertDueAfter(Duration wait, Lease lease, BatchInfo of) throws Exception {
        turn(wait.minusMillis(500));
        assertThat(claim(lease, of)).as("half a second before " + wait).isEmpty();
        turn(Duration.ofMillis(550));
        assertThat(claim(lease, of)).as("after " + wait).hasSize(1);
    }

    // ---- pace ----

    @Test
    void aWaitIsCountedByTheJournalsClockFromTheEndOfTheQuery() throws Exception {
        try (Lease lease = lease("one")) {
            HeldRow row = claimOne(lease, batch);
            turn(Duration.ofSeconds(25));
            save(lease, waiting(row));
            assertDueAfter(INTERVAL, lease, batch);
        }
    }

    @Test
    void anotherRowOfAnOrderBeginsWhenTheFirstIsFinalAndThePaceAllowsItWhicheverBatchItIsIn() throws Exception {
        BatchInfo other = file(TARGET, "another night", row(7, "A"));
        try (Lease lease = lease("one")) {
            HeldRow first = claimOne(lease, batch);
            assertThat(claim(lease, other)).isEmpty();
            save(lease, waiting(first));
            turn(Duration.ofSeconds(11));
            HeldRow again = claimOne(lease, batch);
            assertThat(claim(lease, other)).as("the first is not final").isEmpty();
            turn(Duration.ofSeconds(11));
            save(lease, Save.ended(again, PAID).withQueryEnded(true));
            assertDueAfter(INTERVAL, lease, other);
        }
    }

    @Test
    void theLastLookComesWhenTheOrdersTimeIsUpButNeverSoonerThanThePaceAllows() throws Exception {
        try (Lease lease = lease("one")) {
            save(
                    lease,
                    Save.waiting(claimOne(lease, batch))
                            .withQueryEnded(true)
                            .withDelay(Duration.ofMinutes(5))
                            .withTimeLeft(Duration.ofSeconds(20)));
            turn(Duration.ofSeconds(19));
            assertThat(claim(lease, batch)).isEmpty();
            turn(Duration.ofSeconds(2));
            save(
                    lease,
                    Save.waiting(claimOne(lease, batch)).withQueryEnded(true).withDelay(Duration.ofMinutes(5)));
            assertDueAfter(INTERVAL, lease, batch);
        }
    }

    // ---- whose a row is ----

    @Test
    void aRowThatAWorkerHoldsWithoutKnowingItIsPutBackByItsOwnHeartbeat() throws Exception {
        try (Lease lease = lease("one")) {
            execute("UPDATE order_row SET state = 'H', due_at = NULL, owner = (SELECT MAX(id) FROM worker)");
            lease.renew(0);
            assertThat(ask("SELECT state FROM order_row")).isEqualTo("W");
        }
    }

    @Test
    void aRowThatIsInHandStaysThereAtTheHeartbeat() {
        try (Lease lease = lease("one")) {
            HeldRow row = claimOne(lease, batch);
            lease.renew(0);
            assertThat(lease.allowsCall(row)).isTrue();
            HeldRow announced = row.withLife(commanded(row)).withCalls(2);
            assertThat(save(lease, Save.announced(announced))).isTrue();
            lease.renew(0);
            assertThat(save(lease, Save.ended(announced, PAID))).isTrue();
        }
    }

    @Test
    void aWorkerThatClosesHasNoRowLeftAndNoRowIsNobodys() throws Exception {
        try (Lease lease = lease("one")) {
            HeldRow row = claimOne(lease, batch);
            save(lease, Save.announced(row.withLife(commanded(row)).withCalls(2)));
        }
        assertThat(ask("SELECT COUNT(*) FROM worker")).isEqualTo("0");
        assertThat(ask("SELECT state FROM order_row")).isEqualTo("W");
        try (Lease next = lease("next")) {
            turn(INTERVAL.plusMillis(50));
            HeldRow row = claimOne(next, batch);
            assertThat(row.life().phase()).as("its command may have been sent").isEqualTo(Phase.CONFIRMING);
            assertThat(row.life().commands().sent()).isEqualTo(1);
        }
    }

    // ---- the clock is set ----

    @Test
    void aClockThatJumpsAheadMakesNoBatchQuiet() throws Exception {
        assertThat(journal.receive(
                                TARGET,
                                "queue",
                                order(1).operation("pay").mchOrderNo("A").build())
                        .join())
                .isTrue();
        BatchInfo queue = Objects.requireNonNull(journal.find(TARGET, "queue"));
        long quiet = Duration.ofMinutes(10).toMillis();
        try (Lease lease = lease("one")) {
            turn(Duration.ofHours(1));
            assertThat(journal.isComplete(queue, quiet))
                    .as("before a heartbeat")
                    .isFalse();
            lease.renew(0);
            assertThat(journal.isComplete(queue, quiet)).as("after it").isFalse();
        }
    }

    @Test
    void aClockThatIsSetBackDelaysByNoMoreThanTheInterval() throws Exception {
        BatchInfo more = file(TARGET, "more", row(2, "B"), row(3, "C"));
        BatchInfo same = file(TARGET, "same", row(2, "C"));
        try (Lease lease = lease("one")) {
            HeldRow row = claimOne(lease, batch);
            List<HeldRow> others = claim(lease, more);
            save(lease, waiting(row));
            save(
                    lease,
                    Save.waiting(others.get(0))
                            .withQueryEnded(true)
                            .withDelay(Duration.ofMinutes(5))
                            .withTimeLeft(Duration.ofMinutes(15)));
            save(lease, Save.ended(others.get(1), PAID).withQueryEnded(true));
            lease.renew(0);
            turn(Duration.ofHours(-7));
            lease.renew(0);
            assertThat(claim(lease, same)).isEmpty();
            turn(INTERVAL.plusMillis(600));
            assertThat(claim(lease, batch)).as("waited the interval").hasSize(1);
            assertThat(claim(lease, same)).as("the second row of an order").hasSize(1);
            turn(Duration.ofMinutes(5));
            assertThat(claim(lease, more)).as("its back-off, and no hour more").hasSize(1);
        }
    }

    @Test
    void aRowThatWasSavedWithoutAQueryWhileTheClockWasAheadWaitsNoHour() throws Exception {
        try (Lease lease = lease("one")) {
            save(lease, waiting(claimOne(lease, batch)));
            turn(INTERVAL.plusMillis(50));
            HeldRow row = claimOne(lease, batch);
            turn(Duration.ofHours(1));
            lease.renew(0);
            save(lease, Save.waiting(row).withDelay(INTERVAL).withTimeLeft(Duration.ofMinutes(15)));
            turn(Duration.ofHours(-1));
            lease.renew(0);
            turn(INTERVAL.plusMillis(600));
            assertThat(claim(lease, batch)).hasSize(1);
        }
    }

    @Test
    void aRowThatWasPutBackWithItsCommandUnansweredWhileTheClockWasAheadWaitsNoHour() throws Exception {
        try (Lease ended = lease("ended")) {
            HeldRow row = claimOne(ended, batch);
            save(ended, Save.announced(row.withLife(commanded(row))));
            turn(Duration.ofHours(1));
            ended.renew(0);
        }
        turn(Duration.ofHours(-1));
        try (Lease next = lease("next")) {
            turn(INTERVAL.plusMillis(600));
            assertThat(claimOne(next, batch).life().commands().sent()).isEqualTo(1);
        }
    }

    @Test
    void aClockThatWasAheadInTheLastRunStopsTheNextOneForNoMoreThanTheInterval() throws Exception {
        turn(Duration.ofHours(7));
        try (Lease ahead = lease("ahead")) {
            save(ahead, waiting(claimOne(ahead, batch)));
            ahead.renew(0);
        }
        turn(Duration.ofHours(-7));
        try (Lease next = lease("next")) {
            turn(INTERVAL.plusMillis(600));
            assertThat(claim(next, batch)).hasSize(1);
        }
    }

    @Test
    void aBatchWhoseRowsDoNotComeAlthoughItsTotalIsKnownIsFoundAndNeverDone() throws Exception {
        assertThat(journal.receive(
                                TARGET,
                                "queue",
                                order(1).operation("pay").mchOrderNo("A").build())
                        .join())
                .isTrue();
        journal.receiveTotal(TARGET, "queue", 40).join();
        BatchInfo queue = Objects.requireNonNull(journal.find(TARGET, "queue"));
        assertThat(journal.waitingForRows(TARGET, Duration.ofMinutes(1))).isEmpty();
        turn(Duration.ofHours(1));
        assertThat(journal.waitingForRows(TARGET, Duration.ofMinutes(1)))
                .extracting(BatchInfo::name, BatchInfo::received, BatchInfo::total)
                .containsExactly(org.assertj.core.api.Assertions.tuple("queue", 1L, 40L));
        assertThat(journal.finish(queue, 0)).isFalse();
    }

    // ---- another address ----

    @Test
    void anOrderThatWasOnlyAskedAboutAtAnotherAddressIsFreeWhenNobodyWorksThere() throws Exception {
        BatchInfo wrong = file(MISTYPED, "night", row(2, "A"));
        try (Lease mistyped = Lease.take(journal, new Lease.Worker(MISTYPED, "mistyped", CALL_TIMEOUT), INTERVAL)) {
            save(mistyped, waiting(claimOne(mistyped, wrong)));
            if (!journal.isExclusive()) {
                try (Lease corrected = lease("corrected")) {
                    turn(INTERVAL.plusMillis(50));
                    assertThat(claim(corrected, batch))
                            .as("the other one still runs")
                            .isEmpty();
                    assertThat(corrected.heldElsewhere(List.of(batch)))
                            .containsExactly("night (https://api.exmple/KsherPay and https://gw.example/api)");
                }
            }
        }
        try (Lease corrected = lease("corrected")) {
            turn(INTERVAL.plus(INTERVAL));
            save(corrected, Save.ended(claimOne(corrected, batch), PAID).withQueryEnded(true));
            assertThat(corrected.heldElsewhere(List.of(batch))).isEmpty();
        }
        try (Lease mistyped = Lease.take(journal, new Lease.Worker(MISTYPED, "again", CALL_TIMEOUT), INTERVAL)) {
            turn(INTERVAL.plus(INTERVAL));
            assertThat(claim(mistyped, wrong))
                    .as("its row is planned, and not lost")
                    .hasSize(1);
        }
    }

    @Test
    void anOrderThatWasCommandedAtAnotherAddressIsHeldAndItIsSaidByWhichBatch() throws Exception {
        BatchInfo wrong = file(MISTYPED, "night", row(2, "A"));
        try (Lease mistyped = Lease.take(journal, new Lease.Worker(MISTYPED, "mistyped", CALL_TIMEOUT), INTERVAL)) {
            HeldRow row = claimOne(mistyped, wrong);
            save(mistyped, Save.announced(row.withLife(commanded(row)).withCalls(2)));
        }
        try (Lease corrected = lease("corrected")) {
            turn(Duration.ofMinutes(10));
            assertThat(claim(corrected, batch)).isEmpty();
            assertThat(corrected.heldElsewhere(List.of(batch))).hasSize(1);
        }
    }

    // ---- run time ----

    @Test
    void theRunTimeOfATargetIsTheLongestThatAnybodyCounts() {
        try (Lease one = lease("one")) {
            assertThat(one.ranBefore()).isZero();
            assertThat(one.renew(5_000)).isEqualTo(5_000);
            try (Lease another = lease("another")) {
                assertThat(another.ranBefore()).isEqualTo(5_000);
                assertThat(another.renew(4_000)).isEqualTo(5_000);
                assertThat(another.renew(6_000)).isEqualTo(6_000);
            }
            assertThat(one.renew(5_500)).isEqualTo(6_000);
        }
    }

    // ---- old batches ----

    @Test
    void whatIsOlderThanItIsToBeKeptIsDeletedAndNothingElse() throws Exception {
        BatchInfo open = file(TARGET, "open", row(2, "B"));
        try (Lease lease = lease("one")) {
            save(lease, Save.ended(claimOne(lease, batch), PAID).withQueryEnded(true));
            HeldRow begun = claimOne(lease, open);
            assertThat(journal.finish(batch, 0)).isTrue();
            turn(Duration.ofDays(29));
            assertThat(journal.prune(Duration.ofDays(30))).isZero();
            turn(Duration.ofDays(2));
            assertThat(journal.prune(Duration.ofDays(30))).isEqualTo(1);
            assertThat(journal.all()).extracting(BatchInfo::name).containsExactly("open");
            assertThat(ask("SELECT COUNT(*) FROM ksher_order")).isEqualTo("1");
            assertThat(save(lease, Save.ended(begun, PAID).withQueryEnded(true)))
                    .isTrue();
        }
    }
}
