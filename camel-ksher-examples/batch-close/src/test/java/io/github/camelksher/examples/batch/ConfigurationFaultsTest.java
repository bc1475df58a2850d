/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is set up wrongly, or breaks: the batch stops,
 * says what to do, and goes on later with nothing lost.
 */
class ConfigurationFaultsTest {

    @TempDir
    Path directory;

    private Path orders(KsherSimulator ksher, int count) throws IOException {
        List<String> lines = new ArrayList<>(List.of("operation,mch_order_no"));
        for (int i = 0; i < count; i++) {
            ksher.open(order(i));
            lines.add((i % 2 == 0 ? "close,A" : "cancel,A") + i);
        }
        return Files.write(directory.resolve("orders.csv"), lines);
    }

    private static KsherOrder order(int i) {
        return i % 2 == 0 ? KsherOrder.of("A" + i) : KsherOrder.gateway("A" + i);
    }

    private Cli run(KsherSimulator ksher, Path file, Map<String, String> settings) throws IOException {
        Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), settings);
        return Cli.run(file, "--config", config, "--report", directory.resolve("out"));
    }

    private void finishes(KsherSimulator ksher, Path file, int count) throws IOException {
        Cli cli = run(ksher, file, Map.of());
        assertThat(cli.exit()).as(cli.printed()).isZero();
        Path report = report();
        assertThat(ReportFile.rows(report)).hasSize(count).allSatisfy(row -> assertThat(row.get("outcome"))
                .isEqualTo("CLOSED"));
        assertThat(ksher.calls())
                .as("none was commanded again after it was closed")
                .noneMatch(call -> isCommand(call) && call.stateBefore() == State.CLOSED);
    }

    private static boolean isCommand(CallRecord call) {
        return !call.operation().endsWith("Query");
    }

    private Path report() throws IOException {
        return ReportFile.find(directory.resolve("out"));
    }

    private void wroteNoReport() throws IOException {
        try (var files = Files.list(directory.resolve("out"))) {
            assertThat(files.map(path -> path.getFileName().toString())).allMatch(name -> name.startsWith("journal"));
        }
    }

    @Test
    void theWrongKeyStopsItAtOnceAndWithTheRightOneItGoesOn() throws Exception {
        try (KsherSimulator ksher = TestKsher.start();
                KsherSimulator other = TestKsher.start()) {
            Path file = orders(ksher, 40);
            Cli cli = run(ksher, file, Map.of("camel.component.ksher.private-key", other.merchantKey()));
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.printed())
                    .contains("code -2", "private-key", "Correct the settings, then run the same again");
            assertThat(ksher.calls()).noneMatch(ConfigurationFaultsTest::isCommand);
            wroteNoReport();
            finishes(ksher, file, 40);
        }
    }

    @Test
    void theWrongAppIdStopsItAtOnce() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            Path file = orders(ksher, 40);
            Cli cli = run(ksher, file, Map.of("camel.component.ksher.app-id", "mch999"));
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.printed()).contains("code -1", "app-id");
            wroteNoReport();
            finishes(ksher, file, 40);
        }
    }

    @Test
    void theWrongKsherKeyStopsItAfterTenRepliesAndNoRowIsUntrusted() throws Exception {
        try (KsherSimulator ksher = TestKsher.start();
                KsherSimulator other = TestKsher.start()) {
            Path file = orders(ksher, 40);
            Cli cli = run(ksher, file, Map.of("camel.component.ksher.ksher-public-key", other.publicKey()));
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.printed())
                    .contains("ksher-public-key", "does not verify", "Correct the settings, then run the same again")
                    .doesNotContain("To go on");
            assertThat(ksher.calls()).noneMatch(ConfigurationFaultsTest::isCommand);
            wroteNoReport();
            finishes(ksher, file, 40);
        }
    }

    @Test
    void aFewRepliesThatDoNotVerifyAreUntrustedWhenNothingElseIsLeftToTry() throws Exception {
        try (KsherSimulator ksher = TestKsher.start();
                KsherSimulator other = TestKsher.start()) {
            Path file = orders(ksher, 4);
            Cli cli = run(ksher, file, Map.of("camel.component.ksher.ksher-public-key", other.publicKey()));
            assertThat(cli.exit()).as(cli.printed()).isEqualTo(2);
            assertThat(ReportFile.rows(report())).hasSize(4).allSatisfy(row -> assertThat(row.get("outcome"))
                    .isEqualTo("UNTRUSTED"));
        }
    }

    @Test
    void aFewRepliesThatDoNotVerifyEndItAlsoIfAnOrderStandsInTwoRows() throws Exception {
        try (KsherSimulator ksher = TestKsher.start();
                KsherSimulator other = TestKsher.start()) {
            ksher.open(KsherOrder.gateway("X"));
            Path file = Files.writeString(directory.resolve("dup.csv"), "operation,mch_order_no\ncancel,X\nclose,X\n");
            Cli cli = run(ksher, file, Map.of("camel.component.ksher.ksher-public-key", other.publicKey()));
            assertThat(cli.exit()).as(cli.printed()).isEqualTo(2);
            assertThat(cli.printed()).contains("UNTRUSTED             2");
        }
    }

    @Test
    void aWebServerThatIsNotKsherStopsItBeforeEveryOrderIsUnknown() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            Path file = orders(ksher, 40);
            Cli cli = run(
                    ksher,
                    file,
                    Map.of(
                            "camel.component.ksher.api-url", ksher.apiUrl() + "/nothing",
                            "camel.component.ksher.gateway-url", ksher.gatewayUrl() + "/nothing"));
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.printed()).contains("HTTP status 404", "api-url");
            wroteNoReport();
        }
    }

    @Test
    void anUnreachableKsherPausesItAndItGivesUpAndGoesOnLater() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            Path file = orders(ksher, 60);
            // The port is the one that Ksher will have; nobody listens on it yet.
            int free = TestBroker.freePort();
            Map<String, String> down = Map.of(
                    "camel.component.ksher.api-url", "http://127.0.0.1:" + free + "/KsherPay",
                    "camel.component.ksher.gateway-url", "http://127.0.0.1:" + free + "/api",
                    "batch.give-up-after", "2s");
            Cli cli = run(ksher, file, down);
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.printed()).contains("no good reply", "give-up-after", "stays planned");
            wroteNoReport();
            try (KsherSimulator late = KsherSimulator.builder()
                    .port(free)
                    .queryInterval(TestKsher.INTERVAL)
                    .merchantKey(ksher.merchantKey())
                    .start()) {
                for (int i = 0; i < 60; i++) {
                    late.open(order(i));
                }
                finishes(late, file, 60);
                Cli status = Cli.run("--status", "--report", directory.resolve("out"));
                assertThat(status.printed()).contains("DONE", "60 rows of 60, 0 open, CLOSED 60");
            }
        }
    }

    @Tag("full")
    @Test
    void aFullDiskStopsItAndWithRoomItGoesOn() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            Path file = orders(ksher, 1_500);
            ksher.faults().latency(Duration.ofMillis(20), Duration.ofMillis(20), 1);
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of());
            String[] arguments = {file.toString(), "--config", config.toString(), "--report", "out"};
            try (BatchProcess planned = BatchProcess.start(directory, "planned", arguments)) {
                BatchProcess.await(() -> !ksher.calls().isEmpty(), Duration.ofSeconds(60));
                planned.kill();
            }
            // The shell's limit on the size of a file, in KiB: to the program
            // it is a disk without room. Little more than what is there,
            // since how much a run adds depends on how busy the machine is.
            int room = (int) (Files.size(directory.resolve("out/journal.mv.db")) / 1024) + 512;
            try (BatchProcess process = BatchProcess.startWithLimit(directory, "full", room, arguments)) {
                assertThat(process.exitCode(Duration.ofMinutes(2)))
                        .as(process.output())
                        .isEqualTo(1);
                assertThat(process.output()).contains("journal cannot be used", "Check its disk", "run the same again");
            }
            wroteNoReport();
            finishes(ksher, file, 1_500);
        }
    }

    @Tag("full")
    @Test
    void aDatabaseThatIsGoneStopsItAndItGoesOnWhenItIsBack() throws Exception {
        Path data = directory.resolve("postgres");
        int port;
        try (KsherSimulator ksher = TestKsher.start()) {
            Path file = orders(ksher, 400);
            ksher.faults().latency(Duration.ofMillis(50), Duration.ofMillis(50), 1);
            EmbeddedPostgres first = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .start();
            port = first.getPort();
            String url = first.getJdbcUrl("postgres", "postgres");
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of("batch.journal", url));
            String[] arguments = {file.toString(), "--config", config.toString(), "--report", "out", "--parallel", "8"};
            try (BatchProcess process = BatchProcess.start(directory, "gone", arguments)) {
                BatchProcess.await(() -> ksher.calls().size() > 50, Duration.ofSeconds(60));
                first.close();
                assertThat(process.exitCode(Duration.ofSeconds(60)))
                        .as(process.output())
                        .isEqualTo(1);
                assertThat(process.output()).contains("journal cannot be used", "run the same again");
            }
            try (EmbeddedPostgres second = EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setPort(port)
                            .start();
                    BatchProcess process = BatchProcess.start(directory, "back", arguments)) {
                assertThat(process.exitCode(Duration.ofMinutes(3)))
                        .as(process.output() + second.getPort())
                        .isZero();
            }
            assertThat(ReportFile.rows(report())).hasSize(400).allSatisfy(row -> assertThat(row.get("outcome"))
                    .isEqualTo("CLOSED"));
            assertThat(ksher.calls()).noneMatch(call -> isCommand(call) && call.stateBefore() == State.CLOSED);
        }
    }

    @Test
    void aReportThatCannotBeWrittenIsWrittenByTheNextRunWithoutAnyCall() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            Path file = orders(ksher, 3);
            Cli first = run(ksher, file, Map.of());
            assertThat(first.exit()).as(first.printed()).isZero();
            Path report = report();
            Files.delete(report);
            Files.createDirectories(report.resolve("in the way"));
            int calls = ksher.calls().size();
            assertThat(run(ksher, file, Map.of()).exit()).isEqualTo(1);
            Files.delete(report.resolve("in the way"));
            Files.delete(report);
            finishes(ksher, file, 3);
            assertThat(ksher.calls()).hasSize(calls);
        }
    }

    @Test
    void aJournalThatCannotBeMadeIsSaidWithoutAStackTrace() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of());
            // No H2 could make its file in place of this folder.
            Path report = directory.resolve("out");
            Files.createDirectories(report.resolve("journal.mv.db"));
            try (BatchProcess process = BatchProcess.start(
                    directory,
                    "no-journal",
                    orders(ksher, 1).toString(),
                    "--config",
                    config.toString(),
                    "--report",
                    report.toString())) {
                assertThat(process.exitCode(Duration.ofMinutes(1))).isEqualTo(1);
                assertThat(process.output())
                        .startsWith("The journal cannot be opened")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void whyItStopsIsSaidOnceHoweverManyCallsWereInFlight() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            ksher.faults().next(Fault.refusal(-1), "orderQuery", Faults.ALWAYS);
            ksher.faults().next(Fault.refusal(-1), "gatewayQuery", Faults.ALWAYS);
            ksher.faults().latency(Duration.ofMillis(200), Duration.ofMillis(200), 1);
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of());
            try (BatchProcess process = BatchProcess.start(
                    directory, "stops", orders(ksher, 32).toString(), "--config", config.toString())) {
                assertThat(process.exitCode(Duration.ofMinutes(1))).isEqualTo(1);
                assertThat(process.output()).containsOnlyOnce("rejects app-id or signature");
            }
        }
    }

    @Test
    void aSecondProcessOnOneH2JournalIsTurnedAwayWithAMessage() throws Exception {
        try (KsherSimulator ksher = TestKsher.start()) {
            Path file = orders(ksher, 200);
            ksher.faults().latency(Duration.ofMillis(100), Duration.ofMillis(100), 1);
            Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of());
            String[] arguments = {file.toString(), "--config", config.toString(), "--report", "out", "--parallel", "4"};
            try (BatchProcess first = BatchProcess.start(directory, "first", arguments)) {
                BatchProcess.await(() -> !ksher.calls().isEmpty(), Duration.ofSeconds(60));
                try (BatchProcess second = BatchProcess.start(directory, "second", arguments)) {
                    assertThat(second.exitCode(Duration.ofSeconds(60))).isEqualTo(1);
                    assertThat(second.output()).contains("in use by another process", "PostgreSQL");
                }
                first.terminate();
                assertThat(first.exitCode(Duration.ofSeconds(60)))
                        .as(first.output())
                        .isEqualTo(1);
                assertThat(first.output()).contains("Stopped: on request", "run the same again");
            }
            ksher.faults().clear();
            finishes(ksher, file, 200);
        }
    }
}
