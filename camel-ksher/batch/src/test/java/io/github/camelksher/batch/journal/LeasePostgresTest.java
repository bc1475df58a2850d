/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.OrderRow;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeasePostgresTest extends LeaseContract {

    @RegisterExtension
    static final PostgresServer SERVER = new PostgresServer();

    private String url = "";

    @Override
    Journal open() throws SQLException {
        // A schema is looked into before the database's own functions if it is named before them.
        url = SERVER.newDatabase() + "&options=-c%20search_path=public,turned,pg_catalog";
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE SCHEMA turned;
                    CREATE TABLE turned.clock (ahead interval NOT NULL);
                    INSERT INTO turned.clock VALUES (interval '0');
                    CREATE FUNCTION turned.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
                    'SELECT pg_catalog.clock_timestamp() + (SELECT ahead FROM turned.clock)'""");
        }
        return Journal.open(url, null, null);
    }

    @Override
    void turn(Duration by) throws SQLException {
        execute("UPDATE turned.clock SET ahead = ahead + interval '" + by.toSeconds() + " seconds " + by.toMillisPart()
                + " milliseconds'");
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    private void expire(String name) throws SQLException {
        execute("UPDATE worker SET renewed_at = renewed_at - 31000 WHERE name = '" + name + "'");
    }

    @Test
    void aRowOfAWorkerThatIsNotThereIsTakenOverByTheNextHeartbeat() throws Exception {
        try (Lease gone = lease("gone");
                Lease heir = lease("heir")) {
            HeldRow row = claimOne(gone, batch);
            execute("DELETE FROM worker WHERE name = 'gone'");
            heir.renew(0);
            assertThat(save(gone, Save.ended(row, LeaseContract.PAID).withQueryEnded(true)))
                    .as("fenced")
                    .isFalse();
            assertThat(claim(heir, batch)).as("its call may be under way").isEmpty();
            turn(CALL_TIMEOUT.plus(INTERVAL).plusMillis(50));
            assertThat(claim(heir, batch)).hasSize(1);
        }
    }

    @Test
    void theOrderOfARowThatWasTakenOverIsNotFreedByItsLastOwner() throws Exception {
        BatchInfo other = file(TARGET, "another night", row(7, "A"));
        try (Lease gone = lease("gone");
                Lease heir = lease("heir")) {
            HeldRow row = claimOne(gone, batch);
            execute("DELETE FROM worker WHERE name = 'gone'");
            heir.renew(0);
            save(gone, Save.ended(row, LeaseContract.PAID).withQueryEnded(true));
            turn(CALL_TIMEOUT.plus(INTERVAL).plusMillis(50));
            assertThat(claim(heir, other))
                    .as("the order is begun by the other row")
                    .isEmpty();
            assertThat(claim(heir, batch)).hasSize(1);
        }
    }

    @Test
    void aClockThatJumpsAheadKillsNobody() throws Exception {
        try (Lease one = lease("one");
                Lease another = lease("another")) {
            HeldRow row = claimOne(one, batch);
            turn(Duration.ofHours(1));
            another.renew(0);
            one.renew(0);
            assertThat(one.allowsCall(row)).isTrue();
            assertThat(save(one, Save.ended(row, LeaseContract.PAID).withQueryEnded(true)))
                    .isTrue();
        }
    }

    @Test
    void aWorkerThatDidNotRenewIsTakenOverEarlyAndItsOrdersAreAskedLate() throws Exception {
        try (Lease stalled = lease("stalled");
                Lease heir = lease("heir")) {
            HeldRow row = claimOne(stalled, batch);
            expire("stalled");
            assertThat(heir.heldBySilentWorkers(List.of(batch)))
                    .singleElement()
                    .asString()
                    .startsWith("1 orders are in flight in the process stalled, which has been silent for 31 s");
            heir.renew(0);
            assertThat(heir.heldBySilentWorkers(List.of(batch))).isEmpty();
            assertThat(save(stalled, Save.announced(row.withLife(commanded(row)))))
                    .as("a command's announcement is fenced")
                    .isFalse();
            // Its call may have begun 20 s after its last heartbeat.
            assertDueAfter(CALL_TIMEOUT.plusSeconds(20).minusSeconds(31).plus(INTERVAL), heir, batch);
        }
    }

    @Test
    void aWorkerThatDidNotRenewGoesOnUnderAnotherId() throws Exception {
        try (Lease stalled = lease("stalled")) {
            HeldRow row = claimOne(stalled, batch);
            execute("DELETE FROM worker WHERE name = 'stalled'");
            stalled.renew(0);
            assertThat(stalled.allowsCall(row)).isFalse();
            assertThat(save(stalled, Save.announced(row)))
                    .as("taken over by itself")
                    .isFalse();
            turn(CALL_TIMEOUT.plusSeconds(20).plus(INTERVAL));
            HeldRow again = claimOne(stalled, batch);
            assertThat(again.owner()).isNotEqualTo(row.owner());
            assertThat(stalled.allowsCall(again)).isTrue();
            stalled.renew(0);
        }
    }

    @Test
    void aStartJudgesNoHeartbeatSinceTheClockMayJustHaveJumped() throws Exception {
        try (Lease alive = lease("alive")) {
            HeldRow row = claimOne(alive, batch);
            turn(Duration.ofHours(1));
            try (Lease starts = lease("starts")) {
                alive.renew(0);
                starts.renew(0);
                assertThat(save(alive, Save.ended(row, LeaseContract.PAID).withQueryEnded(true)))
                        .isTrue();
            }
        }
    }

    @Test
    void aWorkerThatIsStoppedInTheMiddleOfATransactionHoldsNobodyUp() throws Exception {
        try (Journal stopped = Journal.open(url, null, null);
                Lease lease = lease("goes on")) {
            CompletableFuture<Boolean> never = new CompletableFuture<>();
            CompletableFuture<Boolean> locked = new CompletableFuture<>();
            CompletableFuture<Boolean> locks = stopped.write(sql -> {
                new RunTimes(sql).lock(TARGET.key());
                locked.complete(true);
                never.join();
                return true;
            });
            locked.join();
            lease.renew(0);
            assertThat(claim(lease, batch)).hasSize(1);
            never.complete(true);
            assertThat(locks).failsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void workersWhoseBatchesOverlapAreNotInEachOthersWayAndNoOrderIsHeldByTwo() throws Exception {
        // Every twentieth change is slow, so that their transactions overlap.
        execute(
                """
                CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF random() < 0.05 THEN PERFORM pg_sleep(0.01); END IF; RETURN NEW; END $$;
                CREATE TRIGGER slow BEFORE UPDATE ON order_row FOR EACH ROW EXECUTE FUNCTION slow();
                CREATE TRIGGER slow BEFORE INSERT ON ksher_order FOR EACH ROW EXECUTE FUNCTION slow()""");
        int orders = 60;
        List<BatchInfo> batches = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int shift = i;
            batches.add(file(
                    TARGET,
                    "overlaps-" + i,
                    IntStream.range(0, orders)
                            .mapToObj(n -> row(n + 2, "O" + (n * 7 + shift * 13) % orders))
                            .toArray(OrderRow[]::new)));
        }
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        List<String> together = Collections.synchronizedList(new ArrayList<>());
        var held = new ConcurrentHashMap<String, HeldRow>();
        for (int i = 0; i < 3; i++) {
            String name = "worker " + i;
            List<BatchInfo> order = new ArrayList<>(batches);
            Collections.rotate(order, i);
            workers.add(CompletableFuture.runAsync(() -> {
                try (Journal own = Journal.open(url, null, null);
                        Lease lease =
                                Lease.take(own, new Lease.Worker(TARGET, name, CALL_TIMEOUT), Duration.ofMillis(20))) {
                    while (batches.stream().anyMatch(one -> own.reports().openRows(one) > 0)) {
                        for (HeldRow row : lease.claim(order, 10, 0).rows()) {
                            HeldRow other = held.putIfAbsent(row.orderKey(), row);
                            if (other != null) {
                                together.add(row + " and " + other);
                            }
                            held.remove(row.orderKey(), row);
                            lease.save(Save.ended(row, LeaseContract.PAID).withQueryEnded(true));
                        }
                    }
                }
            }));
        }
        CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
        assertThat(together).isEmpty();
        assertThat(batches)
                .allSatisfy(one ->
                        assertThat(journal.reports().outcomes(one).values()).containsExactly((long) orders));
    }
}
