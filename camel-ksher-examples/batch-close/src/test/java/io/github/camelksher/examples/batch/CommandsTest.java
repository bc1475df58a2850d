/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line's other modes, and what is done with a file that is known. */
class CommandsTest {

    @TempDir
    Path directory;

    private KsherSimulator ksher;

    @BeforeEach
    void startKsher() throws IOException {
        ksher = TestKsher.start();
    }

    @AfterEach
    void stopKsher() {
        ksher.close();
    }

    private Cli run(Object... arguments) throws IOException {
        Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), Map.of());
        return Cli.run(
                Stream.concat(Stream.of(arguments), Stream.of("--config", config, "--report", directory.resolve("out")))
                        .toArray());
    }

    private Path orders(String... rows) throws IOException {
        return Files.writeString(
                directory.resolve("night.csv"), "operation,mch_order_no\n" + String.join("\n", rows) + "\n");
    }

    private List<String> files(String end) throws IOException {
        try (var files = Files.list(directory.resolve("out"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    private List<CSVRecord> rows(String name) throws IOException {
        return ReportFile.rows(directory.resolve("out").resolve(name));
    }

    private static String batch(List<String> reports) {
        return reports.get(0).replace(".report.csv", "");
    }

    @Test
    void whatIsOlderThanItIsToBeKeptIsDeletedFromTheJournalAndNotItsReport() throws Exception {
        ksher.open(KsherOrder.of("A"));
        assertThat(run(orders("close,A")).exit()).isZero();
        assertThat(run("--prune", "1").printed()).contains("Deleted from the journal: 0 batches");
        assertThat(run("--status").printed()).contains("night-");
        assertThat(run("--prune", "0").printed()).contains("Deleted from the journal: 1 batch");
        assertThat(run("--status").printed()).contains("no batches");
        assertThat(files(".report.csv")).hasSize(1);
        assertThat(run("--prune", "soon").exit()).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void aFinishedFileRunAgainMakesNoCallsRewritesItsReportAndEndsAsBefore() throws Exception {
        ksher.open(KsherOrder.of("A"));
        Path file = orders("close,A", "close,NOBODY");
        assertThat(run(file).exit()).isEqualTo(2);
        String report = files(".report.csv").get(0);
        String before = Files.readString(directory.resolve("out").resolve(report));
        Files.delete(directory.resolve("out").resolve(report));
        int calls = ksher.calls().size();
        // Its content is what counts, not its name.
        Path moved = Files.move(file, directory.resolve("other name.csv"));
        Cli again = run(moved);
        assertThat(again.exit()).as(again.printed()).isEqualTo(2);
        assertThat(again.printed()).contains("finished already");
        assertThat(Files.readString(directory.resolve("out").resolve(report))).isEqualTo(before);
        assertThat(ksher.calls()).hasSize(calls);
    }

    @Test
    void againRunsAFinishedFileOnceMoreAsABatchOfItsOwn() throws Exception {
        ksher.open(KsherOrder.of("A"));
        Path file = orders("close,A");
        assertThat(run(file).exit()).isZero();
        assertThat(run(file, "--again").exit()).isZero();
        assertThat(run(file, "--again").exit()).isZero();
        String batch = batch(files(".report.csv").stream()
                .filter(name -> !name.matches(".*-[23].report.csv"))
                .toList());
        assertThat(files(".report.csv"))
                .containsExactlyInAnyOrder(batch + ".report.csv", batch + "-2.report.csv", batch + "-3.report.csv");
        assertThat(rows(batch + "-2.report.csv").get(0).get("outcome")).isEqualTo("ALREADY_CLOSED");
    }

    @Test
    void theSameFileForAnotherKsherIsAnotherBatch() throws Exception {
        Path file = orders("close,A");
        ksher.open(KsherOrder.of("A"));
        assertThat(run(file).exit()).isZero();
        try (KsherSimulator other = TestKsher.start()) {
            other.open(KsherOrder.of("A"));
            Path config = TestKsher.config(other, directory.resolve("other.properties"), Map.of());
            assertThat(Cli.run(file, "--config", config, "--report", directory.resolve("out"))
                            .exit())
                    .isZero();
            assertThat(other.order("A").state()).isEqualTo(State.CLOSED);
        }
    }

    @Test
    void anOrderInTwoBatchesAndForBothOperationsIsNeverQueriedSoonerThanAllowed() throws Exception {
        stopKsher();
        ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(TestKsher.INTERVAL)
                .sharedOrders()
                .start();
        ksher.open(KsherOrder.of("A"));
        ksher.open(KsherOrder.of("B"));
        Path first = orders("close,A", "cancel,A", "close,B");
        assertThat(run(first).exit()).isZero();
        assertThat(rows(files(".report.csv").get(0)))
                .extracting(row -> row.get("outcome"))
                .as("both rows of the order say that this batch closed it")
                .containsOnly("CLOSED");
        assertThat(rows(files(".report.csv").get(0)).get(1).get("detail"))
                .startsWith("closed after the command of line 2");
        Path second = Files.writeString(directory.resolve("second.csv"), "operation,mch_order_no\ncancel,B\nclose,A\n");
        Cli cli = run(second);
        assertThat(cli.exit()).as(cli.printed()).isZero();
        assertThat(rows(files(".report.csv").stream()
                        .filter(name -> name.startsWith("second"))
                        .findFirst()
                        .orElseThrow()))
                .extracting(row -> row.get("outcome"))
                .as("closed by another batch")
                .containsOnly("ALREADY_CLOSED");
        assertThat(ksher.calls())
                .noneMatch(call -> call.error() != null || Integer.valueOf(-100).equals(call.code()));
    }

    @Test
    void aDryRunCountsAndCallsNothingAndLeavesNothing() throws Exception {
        Path file = orders("close,A", "close,A", "pay,B");
        Cli cli = run(file, "--dry-run");
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.printed())
                .contains("3 rows", "to be worked on 1", "DUPLICATE 1", "INVALID 1", "line 4: operation");
        assertThat(ksher.calls()).isEmpty();
        assertThat(directory.resolve("out")).doesNotExist();
        assertThat(run(orders("close,A"), "--dry-run").exit()).isZero();
    }

    @Test
    void aFileWithoutOrdersIsSaidToHaveNone() throws Exception {
        Path file = orders("");
        for (Cli cli : List.of(run(file, "--dry-run"), run(file))) {
            assertThat(cli.exit()).as(cli.printed()).isZero();
            assertThat(cli.printed()).contains("0 rows", "Warning: the file has no orders");
        }
        assertThat(run(orders("close,A"), "--dry-run").printed())
                .contains("1 row\n")
                .doesNotContain("Warning");
    }

    @Test
    void checkLateFindsTheSavedQrCodeThatWasPaidAfterTheCancel() throws Exception {
        ksher.open(KsherOrder.gateway("PAID-LATE"));
        ksher.open(KsherOrder.gateway("STAYS-CLOSED"));
        ksher.open(KsherOrder.of("AT-KSHERPAY"));
        Path file = orders("Cancel,PAID-LATE", "CANCEL,STAYS-CLOSED", "close,AT-KSHERPAY");
        assertThat(run(file).exit()).isZero();
        String batch = batch(files(".report.csv"));
        Cli nothing = run("--check-late", batch);
        assertThat(nothing.exit()).as(nothing.printed()).isZero();
        assertThat(nothing.printed()).contains("2 closed gateway orders");
        assertThat(nothing.printed()).doesNotContain("needs a person");
        ksher.pay("PAID-LATE");
        Cli late = run("--check-late", batch);
        assertThat(late.exit()).as(late.printed()).isEqualTo(2);
        assertThat(late.printed()).contains("needs a person: deliver the goods or refund the money");
        assertThat(rows(batch + ".late.csv").get(0).get("detail"))
                .startsWith("paid ")
                .endsWith("; paid after it was closed or cancelled: deliver the goods or refund the money");
        assertThat(rows(batch + ".late.csv"))
                .extracting(row -> row.get("line") + row.get("mch_order_no") + row.get("outcome"))
                .containsExactly("2PAID-LATEPAID", "3STAYS-CLOSEDCLOSED");
        assertThat(ksher.calls().stream().filter(call -> !call.operation().endsWith("Query")))
                .as("nothing is commanded by it")
                .hasSize(3);
        assertThat(run("--check-late", "no-such-batch").exit()).isEqualTo(64);
    }

    @Test
    void writeReportWritesItAgainAndStatusListsTheBatches() throws Exception {
        ksher.open(KsherOrder.of("A"));
        assertThat(run(orders("close,A")).exit()).isZero();
        String batch = batch(files(".report.csv"));
        for (String file : files("")) {
            if (!file.startsWith("journal")) {
                Files.delete(directory.resolve("out").resolve(file));
            }
        }
        assertThat(run("--write-report", batch).exit()).isZero();
        assertThat(files(""))
                .contains(
                        batch + ".report.csv",
                        batch + ".attention.csv",
                        batch + ".summary.json",
                        batch + ".report.html");
        assertThat(run("--status").printed()).contains(batch, "DONE", ksher.appId(), "1 row of 1, 0 open, CLOSED 1");
        assertThat(run("--write-report", "no-such-batch").exit()).isEqualTo(64);
    }

    @Test
    void whatCannotBeDoneAtOnceIsWrongUsage() throws Exception {
        Path file = orders("close,A");
        assertThat(run(file, "--watch", directory).exit()).isEqualTo(64);
        assertThat(run(file, "--enqueue").exit()).isEqualTo(64);
        assertThat(run("--dry-run").exit()).isEqualTo(64);
        assertThat(run("--again", "--status").exit()).isEqualTo(64);
        assertThat(run("--watch", directory.resolve("none")).exit()).isEqualTo(64);
        assertThat(run(file, "--journal", "jdbc:h2:mem:x").exit()).isEqualTo(64);
        assertThat(ksher.calls()).isEmpty();
    }

    /**
     * A million rows are read in 256 MiB ({@code -Drows=1000000},
     * some three minutes): a fifth of them must do with 64.
     */
    @Tag("full")
    @Test
    void aLongFileIsPlannedInLittleMemory() throws Exception {
        int rows = Integer.getInteger("rows", 200_000);
        int heap = 16 + (int) (240L * rows / 1_000_000);
        Path file = directory.resolve("long.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("operation,mch_order_no,ksher_order_no,channel_order_no,channel\n");
            for (int i = 0; i < rows; i++) {
                // Not in order, as real numbers are not.
                out.write("close,N" + Integer.toHexString(i * 0x9E3779B1) + "-"
                        + ThreadLocalRandom.current().nextInt(10) + ",,,\n");
            }
        }
        List<String> options = List.of("-XX:TieredStopAtLevel=4", "-Xmx" + heap + "m");
        try (BatchProcess process = BatchProcess.start(directory, "long", options, file.toString(), "--dry-run")) {
            assertThat(process.exitCode(Duration.ofMinutes(10)))
                    .as(process.output())
                    .isZero();
            assertThat(process.output()).contains(rows + " rows", "to be worked on " + rows);
        }
    }
}
