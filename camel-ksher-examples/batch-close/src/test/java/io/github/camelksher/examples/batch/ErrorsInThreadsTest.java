/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error in any thread ends the run with exit code 1, and the run says what to do. */
class ErrorsInThreadsTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private KsherSimulator ksher;

    @BeforeEach
    void startKsher() throws IOException {
        ksher = TestKsher.start();
        ksher.open(KsherOrder.of("A"));
    }

    @AfterEach
    void stopKsher() {
        ksher.close();
    }

    private BatchProcess start(List<String> options, String... arguments) throws IOException {
        Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of());
        String[] all = List.of(arguments).toArray(new String[arguments.length + 2]);
        all[arguments.length] = "--config";
        all[arguments.length + 1] = config.toString();
        return BatchProcess.startMain(directory, "throws", ThrowingLog.class, options, all);
    }

    private static void endsWithOne(BatchProcess process, String kind) throws Exception {
        assertThat(process.exitCode(SOON)).as(process.output()).isEqualTo(ExitCode.UNFINISHED.number());
        assertThat(process.output())
                .contains("rror of this program, please report it", kind)
                .doesNotContain("ended by force", "Stopped. Run the same again to go on");
    }

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("night.csv"), content).toString();
    }

    private String inbox(String content) throws IOException {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        Files.writeString(inbox.resolve("night.csv"), content);
        return inbox.toString();
    }

    @Test
    void inTheMainThread() throws Exception {
        List<String> options = ThrowingLog.options("main", "org.apache.camel", true);
        try (BatchProcess process = start(options, file("operation,mch_order_no\nclose,A\n"))) {
            endsWithOne(process, "LinkageError");
            assertThat(process.output()).doesNotContain("PERSONAL");
        }
    }

    @Test
    void inTheThreadThatWritesReports() throws Exception {
        List<String> options = ThrowingLog.options("ksher-batch-report", "batch-close", true);
        try (BatchProcess process = start(options, file("operation,mch_order_no\nclose,A\n"))) {
            endsWithOne(process, "LinkageError");
            assertThat(process.output()).doesNotContain("PERSONAL");
        }
    }

    @Tag("full")
    @Test
    void inTheThreadThatShowsTheProgress() throws Exception {
        List<String> options = ThrowingLog.options("batch-close-progress", "batch-close", false);
        try (BatchProcess process = start(options, "--watch", inbox("operation,mch_order_no\nclose,A\n"))) {
            endsWithOne(process, "IllegalStateException");
            assertThat(process.output()).doesNotContain("PERSONAL").contains("To go on, run the same again");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheThreadThatWatchesAFolder(boolean error) throws Exception {
        List<String> options = ThrowingLog.options("file://", "io.github.camelksher.batch.WatchedFiles", error);
        try (BatchProcess process = start(options, "--watch", inbox("not,orders\n1,2\n"))) {
            endsWithOne(process, error ? "LinkageError" : "IllegalStateException");
            assertThat(process.output()).contains("To go on, run the same again");
        }
    }

    @Test
    void inAThreadThatTakesMessages() throws Exception {
        try (TestBroker broker = new TestBroker(directory.resolve("broker"))) {
            List<String> options =
                    ThrowingLog.options("JmsConsumer", "org.apache.camel.component.jms.EndpointMessageListener", true);
            try (BatchProcess process = start(options, "--queue", broker.url())) {
                broker.send(OrderJson.order("b", 1, "close", "A"));
                endsWithOne(process, "LinkageError");
            }
        }
    }

    @Tag("full")
    @Test
    void andIfItThenHangsItIsEndedByForce() throws Exception {
        try (BatchProcess process = BatchProcess.startMain(directory, "hangs", HangingEnd.class, List.of())) {
            assertThat(process.exitCode(SOON)).as(process.output()).isEqualTo(ExitCode.UNFINISHED.number());
            assertThat(process.output())
                    .contains("LinkageError", "ended by force", "Run the same again")
                    .doesNotContain("PERSONAL");
        }
    }
}
