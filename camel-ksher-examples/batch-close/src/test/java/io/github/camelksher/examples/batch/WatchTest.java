/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watched folder, by the program in a process of its own. */
class WatchTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Path csv(Path file, String... rows) throws IOException {
        // Another name first: what is renamed is whole.
        Path whole = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(whole, "operation,mch_order_no\n" + String.join("\n", rows) + "\n");
        return Files.move(whole, file);
    }

    @Test
    void filesAreClosedAsTheyComeAndGoToDoneOrFailedAndNothingIsDeleted() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        try (KsherSimulator ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(MixedOrders.INTERVAL)
                .start()) {
            ksher.open(KsherOrder.of("A"));
            ksher.open(KsherOrder.of("B"));
            ksher.open(KsherOrder.of("C"));
            ksher.open(KsherOrder.gateway("D"));
            Path config = MixedOrders.config(ksher, directory.resolve("ksher.properties"), Map.of());
            String[] arguments = {"--watch", inbox.toString(), "--config", config.toString(), "--report", "out"};
            try (BatchProcess process = BatchProcess.start(directory, "watch", arguments)) {
                process.awaitOutput("watching", LONG);
                csv(inbox.resolve("one.csv"), "close,A");
                Files.writeString(inbox.resolve("bad.csv"), "no,header\n1,2\n");
                Files.write(
                        inbox.resolve("latin.csv"),
                        "operation,mch_order_no\nclose,Ä\n".getBytes(StandardCharsets.ISO_8859_1));
                Path done = inbox.resolve("done");
                Path failed = inbox.resolve("failed");
                BatchProcess.await(() -> Files.exists(done.resolve("one.csv")), LONG);
                BatchProcess.await(() -> Files.exists(failed.resolve("latin.csv.txt")), LONG);
                BatchProcess.await(() -> Files.exists(failed.resolve("bad.csv.txt")), LONG);
                assertThat(names(failed)).containsExactly("bad.csv", "bad.csv.txt", "latin.csv", "latin.csv.txt");
                assertThat(Files.readString(failed.resolve("bad.csv.txt"))).contains("header", "Nothing was done");
                assertThat(Files.readString(failed.resolve("latin.csv.txt"))).contains("UTF-8");

                int calls = ksher.calls().size();
                csv(inbox.resolve("one.csv"), "close,A");
                BatchProcess.await(() -> Files.exists(done.resolve("one-2.csv")), LONG);
                assertThat(ksher.calls()).as("its content is known").hasSize(calls);

                Path slow = Files.writeString(inbox.resolve("slow.csv"), "operation,mch_order_no\nclose,B\nclose,");
                BatchProcess.pause(Duration.ofSeconds(3));
                Files.writeString(slow, "C\ncancel,D\n", StandardOpenOption.APPEND);
                BatchProcess.await(() -> Files.exists(done.resolve("slow.csv")), LONG);
                assertThat(List.of("A", "B", "C", "D"))
                        .allSatisfy(number ->
                                assertThat(ksher.order(number).state()).isEqualTo(State.CLOSED));
                assertThat(names(directory.resolve("out")).stream().filter(name -> name.endsWith(".report.csv")))
                        .as("a file that was still written to was left alone")
                        .hasSize(2);

                process.terminate();
                assertThat(process.exitCode(LONG)).as(process.output()).isZero();
                assertThat(process.output()).contains("nothing is lost");
            }
        }
    }

    private static void append(Path file) {
        try {
            Files.writeString(file, "x", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anEmptyFileAPipeAndOneThatGoesOnGrowingHoldUpNoOther() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        try (KsherSimulator ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(MixedOrders.INTERVAL)
                .start()) {
            ksher.open(KsherOrder.of("A"));
            Path config = MixedOrders.config(ksher, directory.resolve("ksher.properties"), Map.of());
            Files.createFile(inbox.resolve("a-empty.csv"));
            new ProcessBuilder("mkfifo", inbox.resolve("b-pipe.csv").toString())
                    .start()
                    .waitFor();
            Path growing = Files.createFile(inbox.resolve("c-growing.csv"));
            csv(inbox.resolve("d-whole.csv"), "close,A");
            String[] arguments = {"--watch", inbox.toString(), "--config", config.toString(), "--report", "out"};
            try (BatchProcess process = BatchProcess.start(directory, "watch", arguments)) {
                BatchProcess.await(
                        () -> {
                            append(growing);
                            return Files.exists(inbox.resolve("done/d-whole.csv"))
                                    && Files.exists(inbox.resolve("failed/a-empty.csv.txt"));
                        },
                        LONG);
                assertThat(Files.readString(inbox.resolve("failed/a-empty.csv.txt")))
                        .contains("header");
                assertThat(growing).exists();
                process.terminate();
                assertThat(process.exitCode(LONG)).as(process.output()).isZero();
            }
        }
    }

    @Test
    void aFolderThatIsGoneIsSaidSoOnceAndGoneOnWithWhenItIsBack() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        try (KsherSimulator ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(MixedOrders.INTERVAL)
                .start()) {
            ksher.open(KsherOrder.of("A"));
            Path config = MixedOrders.config(ksher, directory.resolve("ksher.properties"), Map.of());
            String[] arguments = {"--watch", inbox.toString(), "--config", config.toString(), "--report", "out"};
            try (BatchProcess process = BatchProcess.start(directory, "watch", arguments)) {
                process.awaitOutput("watching", LONG);
                Files.delete(inbox);
                process.awaitOutput("The watched folder cannot be read", LONG);
                BatchProcess.pause(Duration.ofSeconds(3));
                Files.createDirectories(inbox);
                csv(inbox.resolve("a.csv"), "close,A");
                BatchProcess.await(() -> Files.exists(inbox.resolve("done/a.csv")), LONG);
                process.terminate();
                assertThat(process.exitCode(LONG)).as(process.output()).isZero();
                assertThat(process.output())
                        .containsOnlyOnce("The watched folder cannot be read")
                        .containsOnlyOnce("can be read again")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void aFileWhoseTimeLiesAheadIsTakenAndHoldsUpNoOther() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        try (KsherSimulator ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(MixedOrders.INTERVAL)
                .start()) {
            for (String number : List.of("A", "B")) {
                ksher.open(KsherOrder.of(number));
            }
            Instant ahead = Instant.now().plus(Duration.ofHours(7));
            Files.setLastModifiedTime(csv(inbox.resolve("a-ahead.csv"), "close,A"), FileTime.from(ahead));
            csv(inbox.resolve("b-now.csv"), "close,B");
            Path config = MixedOrders.config(ksher, directory.resolve("ksher.properties"), Map.of());
            String[] arguments = {"--watch", inbox.toString(), "--config", config.toString(), "--report", "out"};
            try (BatchProcess process = BatchProcess.start(directory, "watch", arguments)) {
                BatchProcess.await(
                        () -> Files.exists(inbox.resolve("done/a-ahead.csv"))
                                && Files.exists(inbox.resolve("done/b-now.csv")),
                        LONG);
                process.terminate();
                assertThat(process.exitCode(LONG)).as(process.output()).isZero();
            }
        }
    }

    @Test
    void killedWhileItWorksItGoesOnWithTheFileThatIsStillThere() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        try (KsherSimulator ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(MixedOrders.INTERVAL)
                .start()) {
            String[] rows = new String[200];
            for (int i = 0; i < rows.length; i++) {
                ksher.open(KsherOrder.of("A" + i));
                rows[i] = "close,A" + i;
            }
            csv(inbox.resolve("night.csv"), rows);
            ksher.faults().latency(Duration.ofMillis(100), Duration.ofMillis(100), 1);
            Path config = MixedOrders.config(ksher, directory.resolve("ksher.properties"), Map.of());
            String[] arguments = {
                "--watch", inbox.toString(), "--config", config.toString(), "--report", "out", "--parallel", "8"
            };
            try (BatchProcess process = BatchProcess.start(directory, "first", arguments)) {
                BatchProcess.await(() -> ksher.calls().size() > 100, LONG);
                process.kill();
            }
            assertThat(inbox.resolve("night.csv")).exists();
            try (BatchProcess process = BatchProcess.start(directory, "second", arguments)) {
                BatchProcess.await(() -> Files.exists(inbox.resolve("done/night.csv")), LONG);
                process.terminate();
                assertThat(process.exitCode(LONG)).as(process.output()).isZero();
            }
            assertThat(ksher.calls())
                    .noneMatch(call -> !call.operation().endsWith("Query") && call.stateBefore() == State.CLOSED);
            assertThat(names(directory.resolve("out"))).anyMatch(name -> name.endsWith(".report.html"));
        }
    }
}
