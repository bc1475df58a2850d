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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A watched folder, by the program in a process of its own: one for most tests, each of which has
 * files and orders of its own.
 */
class WatchTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    static Path shared;

    private static KsherSimulator ksher;
    private static BatchProcess watching;
    private static Path inbox;

    @BeforeAll
    static void startAll() throws Exception {
        ksher = TestKsher.start();
        inbox = Files.createDirectories(shared.resolve("inbox"));
        watching = watch(shared, ksher, "watch");
        watching.awaitOutput("watching", LONG);
    }

    @AfterAll
    static void stopAll() throws Exception {
        try (KsherSimulator toClose = ksher) {
            stop(watching);
            assertThat(watching.output()).contains("nothing is lost");
        }
    }

    /** Watches the folder {@code inbox} of a directory. */
    private static BatchProcess watch(Path directory, KsherSimulator ksher, String name) throws IOException {
        Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of("batch.parallel", "8"));
        return BatchProcess.start(
                directory, name, "--watch", "inbox", "--config", config.toString(), "--report", "out");
    }

    private static void stop(BatchProcess process) throws Exception {
        process.terminate();
        assertThat(process.exitCode(LONG)).as(process.output()).isZero();
    }

    private static List<String> names(Path folder, String pattern) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    private static Path csv(Path file, String... rows) throws IOException {
        // Another name first: what is renamed is whole.
        Path whole = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(whole, "operation,mch_order_no\n" + String.join("\n", rows) + "\n");
        return Files.move(whole, file);
    }

    private static void awaitDone(String name) {
        BatchProcess.await(() -> Files.exists(inbox.resolve("done").resolve(name)), LONG);
    }

    private static String awaitFailed(String name) throws IOException {
        Path text = inbox.resolve("failed").resolve(name + ".txt");
        BatchProcess.await(() -> Files.exists(text), LONG);
        return Files.readString(text);
    }

    @Test
    void filesAreClosedAsTheyComeAndGoToDoneOrFailedAndNothingIsDeleted() throws Exception {
        ksher.open(KsherOrder.of("A"));
        csv(inbox.resolve("one.csv"), "close,A");
        Files.writeString(inbox.resolve("bad.csv"), "no,header\n1,2\n");
        Files.write(
                inbox.resolve("latin.csv"), "operation,mch_order_no\nclose,Ä\n".getBytes(StandardCharsets.ISO_8859_1));
        awaitDone("one.csv");
        assertThat(awaitFailed("latin.csv")).contains("UTF-8");
        assertThat(awaitFailed("bad.csv")).contains("header", "Nothing was done");
        assertThat(names(inbox.resolve("failed"), "(bad|latin).*"))
                .containsExactly("bad.csv", "bad.csv.txt", "latin.csv", "latin.csv.txt");

        int calls = ksher.calls().size();
        csv(inbox.resolve("one.csv"), "close,A");
        awaitDone("one-2.csv");
        assertThat(ksher.calls()).as("its content is known").hasSize(calls);
        assertThat(ksher.order("A").state()).isEqualTo(State.CLOSED);
        assertThat(names(shared.resolve("out"), "one.*\\.report\\.csv")).hasSize(1);
    }

    @Test
    void aFileThatIsStillWrittenToIsLeftAlone() throws Exception {
        ksher.open(KsherOrder.of("B"));
        ksher.open(KsherOrder.of("C"));
        ksher.open(KsherOrder.gateway("D"));
        Path slow = Files.writeString(inbox.resolve("slow.csv"), "operation,mch_order_no\nclose,B\nclose,");
        BatchProcess.pause(Duration.ofSeconds(3));
        Files.writeString(slow, "C\ncancel,D\n", StandardOpenOption.APPEND);
        awaitDone("slow.csv");
        assertThat(List.of("B", "C", "D"))
                .allSatisfy(number -> assertThat(ksher.order(number).state()).isEqualTo(State.CLOSED));
        assertThat(names(shared.resolve("out"), "slow.*\\.report\\.csv")).hasSize(1);
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
        ksher.open(KsherOrder.of("E"));
        Files.createFile(inbox.resolve("a-empty.csv"));
        new ProcessBuilder("mkfifo", inbox.resolve("b-pipe.csv").toString())
                .start()
                .waitFor();
        Path growing = Files.createFile(inbox.resolve("c-growing.csv"));
        csv(inbox.resolve("d-whole.csv"), "close,E");
        BatchProcess.await(
                () -> {
                    append(growing);
                    return Files.exists(inbox.resolve("done/d-whole.csv"))
                            && Files.exists(inbox.resolve("failed/a-empty.csv.txt"));
                },
                LONG);
        assertThat(awaitFailed("a-empty.csv")).contains("header");
        assertThat(growing).exists();
    }

    @Test
    void aFileWhoseTimeLiesAheadIsTakenAndHoldsUpNoOther() throws Exception {
        ksher.open(KsherOrder.of("F"));
        ksher.open(KsherOrder.of("G"));
        Instant ahead = Instant.now().plus(Duration.ofHours(7));
        Path early = csv(shared.resolve("a-ahead.csv"), "close,F");
        Files.setLastModifiedTime(early, FileTime.from(ahead));
        Files.move(early, inbox.resolve("a-ahead.csv"));
        csv(inbox.resolve("b-now.csv"), "close,G");
        awaitDone("a-ahead.csv");
        awaitDone("b-now.csv");
    }

    @Tag("full")
    @Test
    void aFolderThatIsGoneIsSaidSoOnceAndGoneOnWithWhenItIsBack(@TempDir Path directory) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("inbox"));
        ksher.open(KsherOrder.of("H"));
        try (BatchProcess process = watch(directory, ksher, "watch")) {
            process.awaitOutput("watching", LONG);
            Files.delete(folder);
            process.awaitOutput("The watched folder cannot be read", LONG);
            BatchProcess.pause(Duration.ofSeconds(3));
            Files.createDirectories(folder);
            csv(folder.resolve("h.csv"), "close,H");
            BatchProcess.await(() -> Files.exists(folder.resolve("done/h.csv")), LONG);
            stop(process);
            assertThat(process.output())
                    .containsOnlyOnce("The watched folder cannot be read")
                    .containsOnlyOnce("can be read again")
                    .doesNotContain("\tat ");
        }
    }

    @Tag("full")
    @Test
    void killedWhileItWorksItGoesOnWithTheFileThatIsStillThere(@TempDir Path directory) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("inbox"));
        try (KsherSimulator slow = TestKsher.start()) {
            String[] rows = new String[200];
            for (int i = 0; i < rows.length; i++) {
                slow.open(KsherOrder.of("A" + i));
                rows[i] = "close,A" + i;
            }
            csv(folder.resolve("night.csv"), rows);
            slow.faults().latency(Duration.ofMillis(100), Duration.ofMillis(100), 1);
            try (BatchProcess process = watch(directory, slow, "first")) {
                BatchProcess.await(() -> slow.calls().size() > 100, LONG);
                process.kill();
            }
            assertThat(folder.resolve("night.csv")).exists();
            try (BatchProcess process = watch(directory, slow, "second")) {
                BatchProcess.await(() -> Files.exists(folder.resolve("done/night.csv")), LONG);
                stop(process);
            }
            assertThat(slow.calls())
                    .noneMatch(call -> !call.operation().endsWith("Query") && call.stateBefore() == State.CLOSED);
            assertThat(names(directory.resolve("out"), ".*\\.report\\.html")).isNotEmpty();
        }
    }
}
