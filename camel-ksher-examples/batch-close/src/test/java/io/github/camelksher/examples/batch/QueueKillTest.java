/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers on one queue and one journal, at a Ksher that loses, delays and forges replies: one of them is killed with calls in
 * flight, the broker is gone for a while, and in the end every order has one row, and the row is true. {@code -Dorders} makes it
 * longer or shorter, {@code -Dseed} another one.
 */
class QueueKillTest {

    private static final int ORDERS = Integer.getInteger("orders", 1_000);
    private static final long SEED = Long.getLong("seed", 31);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String IN_FLIGHT = "orders were in flight when another process ended";

    @TempDir
    Path directory;

    @Test
    void twoWorkersLoseNothingAndReportNothingFalselyWhenOneIsKilledAndTheBrokerIsGone() throws Exception {
        Random random = new Random(SEED);
        MixedOrders orders = new MixedOrders(ORDERS);
        try (KsherSimulator ksher = MixedOrders.misbehaving(SEED);
                EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
                TestBroker broker = new TestBroker(directory.resolve("broker"))) {
            orders.openAt(ksher);
            Path file = orders.writeTo(directory.resolve("orders.csv"));
            Path config = MixedOrders.config(
                    ksher, directory.resolve("ksher.properties"), Map.of("batch.journal", slowClock(postgres)));
            String[] arguments = {
                "--queue", broker.url(), "--config", config.toString(), "--parallel", "16", "--report", "out"
            };
            try (BatchProcess survivor = BatchProcess.start(directory, "survivor", arguments);
                    BatchProcess victim = BatchProcess.start(directory, "victim", arguments)) {
                survivor.awaitOutput("consuming", SOON);
                victim.awaitOutput("consuming", SOON);
                Cli sent = Cli.run("--enqueue", file, "--queue", broker.url());
                assertThat(sent.exit()).as(sent.printed()).isZero();
                BatchProcess.await(() -> ksher.calls().size() > 32, SOON);
                BatchProcess.pause(Duration.ofMillis(random.nextInt(2_000)));
                victim.kill();
                int then = ksher.calls().size();
                broker.stop();
                BatchProcess.await(() -> ksher.calls().size() > then + 100, SOON);
                broker.start();
                try (BatchProcess again = BatchProcess.start(directory, "again", arguments)) {
                    BatchProcess.await(() -> report() != null, Duration.ofMinutes(5));
                    assertThat(survivor.output() + again.output()).contains(IN_FLIGHT);
                    assertThat(broker.count(TestBroker.ORDERS)).isZero();
                    assertThat(broker.count(TestBroker.DEAD)).isZero();
                    for (BatchProcess worker : List.of(survivor, again)) {
                        worker.terminate();
                    }
                    for (BatchProcess worker : List.of(survivor, again)) {
                        assertThat(worker.exitCode(SOON)).as(worker.output()).isZero();
                        assertThat(worker.output()).doesNotContain("ERROR", "\tat ", "not-for-anybody");
                    }
                    assertThat(survivor.output() + again.output()).containsOnlyOnce("is finished");
                }
            }
            Path report = report();
            assertThat(report).isNotNull();
            orders.agree(report, ksher);
        }
    }

    /** A journal whose database takes up to 50 ms to say what time it is, as one under load does. */
    private static String slowClock(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE SCHEMA slow;
                    CREATE FUNCTION slow.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$
                    DECLARE now timestamptz := pg_catalog.clock_timestamp();
                    BEGIN
                        PERFORM pg_sleep(random() * 0.05);
                        RETURN now;
                    END $$""");
        }
        // A schema is looked into before the database's own functions if it is named before them.
        return postgres.getJdbcUrl("postgres", "postgres") + "&options=-c%20search_path=public,slow,pg_catalog";
    }

    private Path report() {
        Path out = directory.resolve("out");
        if (!Files.isDirectory(out)) {
            return null;
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(path -> path.toString().endsWith(".summary.json"))
                    .findFirst()
                    .map(path ->
                            path.resolveSibling(path.getFileName().toString().replace(".summary.json", ".report.csv")))
                    .orElse(null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
