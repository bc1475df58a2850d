/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker or the journal is away, or refuses us. */
class QueueFailuresTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private BatchProcess worker(String name, Path config, String... more) throws IOException {
        String[] arguments = new String[more.length + 2];
        System.arraycopy(more, 0, arguments, 0, more.length);
        arguments[more.length] = "--config";
        arguments[more.length + 1] = config.toString();
        return BatchProcess.start(directory, name, arguments);
    }

    private Path config(KsherSimulator ksher, Map<String, String> more) throws IOException {
        return TestKsher.config(ksher, directory.resolve("ksher.properties"), more);
    }

    private static String order(int line) {
        return OrderJson.order("b", line, "close", "A" + line);
    }

    private static String total(int total) {
        return OrderJson.total("b", total);
    }

    private void awaitReport(Path report, int rows) {
        BatchProcess.await(
                () -> {
                    try {
                        return Files.exists(report) && ReportFile.rows(report).size() == rows;
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                SOON);
    }

    @Tag("full")
    @Test
    void aMessageIsAcknowledgedOnlyWhenTheJournalHasItAndNoneIsLostWhenTheJournalFails() throws Exception {
        MixedOrders orders = new MixedOrders(600);
        int port = TestBroker.freePort();
        Path data = directory.resolve("postgresql");
        try (KsherSimulator ksher = TestKsher.misbehaving(21);
                TestBroker broker = new TestBroker(directory.resolve("broker"))) {
            orders.openAt(ksher);
            Path file = orders.writeTo(directory.resolve("orders.csv"));
            String journal;
            try (EmbeddedPostgres postgres = postgres(port, data)) {
                journal = postgres.getJdbcUrl("postgres", "postgres");
                Path config = config(ksher, Map.of("batch.journal", journal));
                assertThat(Cli.run("--enqueue", file, "--queue", broker.url()).exit())
                        .isZero();
                try (BatchProcess worker =
                        worker("failing", config, "--queue", broker.url(), "--parallel", "16", "--report", "out")) {
                    // Some are in the journal, the others are not.
                    BatchProcess.await(() -> broker.count(TestBroker.ORDERS) < 550, SOON);
                    postgres.close();
                    worker.awaitOutput("The journal cannot be used", SOON);
                    BatchProcess.pause(Duration.ofSeconds(10));
                    assertThat(worker.isAlive()).as("waits for its database").isTrue();
                    worker.terminate();
                    assertThat(worker.exitCode(Duration.ofMinutes(2)))
                            .as(worker.output())
                            .isZero();
                    assertThat(worker.output())
                            .contains("Run the same again to go on")
                            .doesNotContain("\tat ");
                }
            }
            long left = broker.count(TestBroker.ORDERS);
            assertThat(left).as("messages that the journal does not have").isPositive();
            assertThat(broker.count(TestBroker.DEAD)).isZero();
            Path config = config(ksher, Map.of("batch.journal", journal));
            try (BatchProcess worker = worker("too-early", config, "--queue", broker.url(), "--report", "out")) {
                worker.awaitOutput("Trying again until it is there", SOON);
                worker.terminate();
                assertThat(worker.exitCode(SOON)).as(worker.output()).isEqualTo(ExitCode.UNFINISHED.number());
                assertThat(worker.output()).contains("The journal cannot be opened");
            }
            assertThat(broker.count(TestBroker.ORDERS)).isEqualTo(left);
            try (EmbeddedPostgres postgres = postgres(port, data);
                    BatchProcess worker =
                            worker("next", config, "--queue", broker.url(), "--parallel", "64", "--report", "out")) {
                worker.awaitOutput("is finished", Duration.ofMinutes(3));
                assertThat(broker.count(TestBroker.ORDERS)).isZero();
                assertThat(broker.count(TestBroker.DEAD)).isZero();
                worker.terminate();
                assertThat(worker.exitCode(SOON)).as(worker.output()).isZero();
                assertThat(postgres.getPort()).isEqualTo(port);
            }
            orders.agree(directory.resolve("out"), ksher);
        }
    }

    private static EmbeddedPostgres postgres(int port, Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
    }

    @Test
    void aBrokerThatIsNotThereYetOrGoneForAWhileIsWaitedFor() throws Exception {
        Path report = directory.resolve("out/b.report.csv");
        try (KsherSimulator ksher = TestKsher.start();
                TestBroker broker = TestBroker.notStarted(directory.resolve("broker"));
                BatchProcess worker =
                        worker("worker", config(ksher, Map.of()), "--queue", broker.url(), "--report", "out")) {
            ksher.open(KsherOrder.of("A1"));
            ksher.open(KsherOrder.of("A2"));
            worker.awaitOutput("cannot be reached", SOON);
            worker.awaitOutput("consuming", SOON);
            broker.start();
            worker.awaitOutput("is there.", SOON);
            broker.send(order(1), total(1));
            awaitReport(report, 1);
            broker.stop();
            BatchProcess.await(() -> count(worker, "cannot be reached") == 2, SOON);
            broker.start();
            broker.send(order(2));
            awaitReport(report, 2);
            broker.stop();
            worker.terminate();
            assertThat(worker.exitCode(SOON)).as(worker.output()).isZero();
            assertThat(worker.output())
                    .as("nothing but our own words")
                    .doesNotContain("\tat ", "Exception", "DefaultJms", "EndpointMessageListener");
        }
    }

    private static int count(BatchProcess worker, String text) {
        try {
            return worker.output().split(text, -1).length - 1;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWorkerThatIsStoppedFinishesItsCallsInFlightAndExitsWithZero() throws Exception {
        try (KsherSimulator ksher = TestKsher.start();
                TestBroker broker = new TestBroker(directory.resolve("broker"))) {
            ksher.faults().latency(Duration.ofSeconds(2), Duration.ofSeconds(2), 1);
            for (int line = 1; line <= 100; line++) {
                ksher.open(KsherOrder.of("A" + line));
            }
            broker.send(IntStream.rangeClosed(1, 100)
                    .mapToObj(QueueFailuresTest::order)
                    .toArray(String[]::new));
            broker.send(total(100));
            Path config = config(ksher, Map.of());
            try (BatchProcess worker = worker("first", config, "--queue", broker.url(), "--report", "out")) {
                BatchProcess.await(() -> !ksher.calls().isEmpty(), SOON);
                worker.terminate();
                assertThat(worker.exitCode(Duration.ofSeconds(30)))
                        .as(worker.output())
                        .isZero();
                assertThat(worker.output())
                        .contains("Run the same again to go on")
                        .doesNotContain("WARN", "ERROR");
            }
            ksher.faults().clear();
            try (BatchProcess worker = worker("second", config, "--queue", broker.url(), "--report", "out")) {
                awaitReport(directory.resolve("out/b.report.csv"), 100);
                assertThat(worker.output()).doesNotContain("were in flight");
            }
            assertThat(ksher.calls().stream().map(CallRecord::order).distinct()).hasSize(100);
            assertThat(broker.count(TestBroker.DEAD)).isZero();
        }
    }

    @Test
    void aWrongUrlAPortInUseAndAWrongPasswordEndWith64AndSayWhatIsWrong() throws Exception {
        for (String url :
                new String[] {"nonsense", "tcp://127.0.0.1", "http://127.0.0.1:80", "tcp://127.0.0.1:99999"}) {
            Cli cli = Cli.run("--queue", url);
            assertThat(cli.exit()).as(url).isEqualTo(ExitCode.USAGE.number());
            assertThat(cli.printed()).as(url).contains("tcp://host:61616");
        }
        assertThat(Cli.run("--queue", "embedded:0").exit()).isEqualTo(ExitCode.USAGE.number());
        try (TestBroker broker = TestBroker.secured(directory.resolve("broker"))) {
            Cli inUse = Cli.run(
                    "--queue",
                    broker.url().replace("tcp://127.0.0.1", "embedded"),
                    "--report",
                    directory.resolve("other"));
            assertThat(inUse.exit()).isEqualTo(ExitCode.USAGE.number());
            assertThat(inUse.printed()).contains("the port is in use");
            for (String user :
                    new String[] {"batch\nbatch.queue.password=wrong", "guest\nbatch.queue.password=secret", ""}) {
                Path config = Files.writeString(directory.resolve("c.properties"), "batch.queue.user=" + user + "\n");
                Cli refused = Cli.run("--queue", broker.url(), "--config", config);
                assertThat(refused.exit()).as(user).isEqualTo(ExitCode.USAGE.number());
                assertThat(refused.printed())
                        .contains("batch.queue.user", "does not let us consume")
                        .doesNotContain("secret", "wrong");
            }
        }
    }

    @Test
    void ordersForABrokerThatIsNotThereAreNotSaidToBeSent() throws Exception {
        Path file = Files.writeString(directory.resolve("orders.csv"), "operation,mch_order_no\nclose,A1\n");
        try (TestBroker broker = TestBroker.notStarted(directory.resolve("broker"))) {
            Cli cli = Cli.run("--enqueue", file, "--queue", broker.url());
            assertThat(cli.exit()).isEqualTo(ExitCode.UNFINISHED.number());
            assertThat(cli.printed()).contains("Run the same again").doesNotContain("Sent.");
        }
    }
}
