/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is killed again and again with calls in flight, at a Ksher that loses, delays and
 * forges replies; in the end every order has one row, and the row is true. {@code -Dkills} and
 * {@code -Dorders} make the long tests longer or shorter.
 */
class KillTest {

    private static final Kills FEW = new Kills(3, 300);
    private static final Kills MANY = new Kills(Integer.getInteger("kills", 12), Integer.getInteger("orders", 2_000));
    private static final String IN_FLIGHT =
            "SELECT COUNT(*) FROM order_row WHERE state = 'H' AND owner = (SELECT MAX(id) FROM worker)";

    @TempDir
    Path directory;

    private record Kills(int count, int orders) {}

    @Test
    void onH2NothingIsLostOrReportedFalselyWhenItIsKilledAFewTimes() throws Exception {
        killOnH2(FEW);
    }

    @Test
    void onPostgresqlNothingIsLostOrReportedFalselyWhenItIsKilledAFewTimes() throws Exception {
        killOnPostgresql(FEW);
    }

    @Tag("full")
    @Test
    void onH2NothingIsLostOrReportedFalselyHoweverOftenItIsKilled() throws Exception {
        killOnH2(MANY);
    }

    @Tag("full")
    @Test
    void onPostgresqlNothingIsLostOrReportedFalselyHoweverOftenItIsKilled() throws Exception {
        killOnPostgresql(MANY);
    }

    private void killOnH2(Kills kills) throws Exception {
        killAgainAndAgain(11, kills, "jdbc:h2:file:" + directory.resolve("out/journal"));
    }

    private void killOnPostgresql(Kills kills) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            killAgainAndAgain(12, kills, postgres.getJdbcUrl("postgres", "postgres"));
        }
    }

    private void killAgainAndAgain(long seed, Kills kills, String journal) throws Exception {
        Random random = new Random(seed);
        MixedOrders orders = new MixedOrders(kills.orders());
        try (KsherSimulator ksher = TestKsher.misbehaving(seed)) {
            orders.openAt(ksher);
            Path file = orders.writeTo(directory.resolve("orders.csv"));
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), settings(journal));
            String[] arguments = {file.toString(), "--config", config.toString(), "--report", "out", "--parallel", "16"
            };
            int inFlight = 0;
            for (int kill = 1; kill <= kills.count(); kill++) {
                Instant start = Instant.now();
                try (BatchProcess process = BatchProcess.start(directory, "run-" + kill, arguments)) {
                    // Its own calls: the simulator may still be busy with those of the killed one.
                    BatchProcess.await(
                            () -> !process.isAlive()
                                    || ksher.calls().stream()
                                            .anyMatch(call -> call.arrived().isAfter(start)),
                            Duration.ofSeconds(60));
                    BatchProcess.pause(Duration.ofMillis(random.nextInt(1_200)));
                    assertThat(process.isAlive())
                            .as("was there to be killed, the %sth time: %s", kill, process.output())
                            .isTrue();
                    process.kill();
                    inFlight += callsInFlight(journal) > 0 ? 1 : 0;
                }
            }
            arguments[arguments.length - 1] = "64";
            try (BatchProcess process = BatchProcess.start(directory, "run-last", arguments)) {
                assertThat(process.exitCode(Duration.ofMinutes(5)))
                        .as(process.output())
                        .isEqualTo(ExitCode.NEEDS_PERSON.number());
                assertThat(process.output()).doesNotContain("not-for-anybody");
            }
            System.out.println(kills.count() + " kills, " + inFlight + " with calls in flight");
            assertThat(inFlight).as("kills that left calls in flight").isEqualTo(kills.count());
            orders.agree(directory.resolve("out"), ksher);
        }
    }

    /**
     * An order of a PostgreSQL worker that died is asked
     * again after the longest time that its call may take.
     */
    private static Map<String, String> settings(String journal) {
        return Map.of(
                "batch.journal", journal,
                "camel.component.ksher.response-timeout", "5s",
                "camel.component.ksher.call-timeout", "10s");
    }

    /** How many rows the process that was killed last had in flight, by the journal. */
    private static int callsInFlight(String journal) throws SQLException {
        try (Connection connection = DriverManager.getConnection(journal);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(IN_FLIGHT)) {
            result.next();
            return result.getInt(1);
        }
    }
}
