/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a report: their rows, their cells, and how they get onto the disk. */
class ReportFilesTest extends ReportFilesCase {

    // ---- the four files ----

    @Test
    void aReportIsFourFilesAndNothingElse() throws IOException {
        BatchInfo batch = oneOfEach();
        Path first = ReportFiles.write(journal, batch, out);
        assertThat(first).isEqualTo(out.resolve("night-1.report.csv"));
        assertThat(files())
                .containsExactly(
                        "night-1.attention.csv", "night-1.report.csv", "night-1.report.html", "night-1.summary.json");
        assertThat(out.resolve("night-1.report.html")).content().contains("night-1", "N-2", "deliver the goods");
    }

    @Test
    void theReportHasARowForEachThatCameInInInputOrder() throws IOException {
        BatchInfo batch = oneOfEach();
        ReportFiles.write(journal, batch, out);
        Path report = out.resolve("night-1.report.csv");
        assertThat(report).content().startsWith(HEADER + "\n").endsWith("Z\n").doesNotContain("\r");
        List<CSVRecord> rows = csv(report);
        assertThat(rows).hasSize((int) batch.received());
        assertThat(rows)
                .extracting(row -> row.get("line"))
                .containsExactly("2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
        assertThat(rows)
                .extracting(row -> row.get("outcome"))
                .containsExactlyElementsOf(
                        Arrays.stream(Outcome.values()).map(Outcome::name).toList());
        assertThat(rows).allSatisfy(row -> assertThat(row.get("finished_at"))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
    }

    @Test
    void aRowOfTheReportHasTheColumnsOfTheContract() throws IOException {
        OrderRow order = order(2).operation("close")
                .mchOrderNo("A,1")
                .channelOrderNo(" C ")
                .channel("wechat")
                .build();
        BatchInfo batch = batch(
                "b-1",
                List.of(order),
                Map.of(2L, new RowResult(Outcome.REFUSED, new CallDetails("said \"no\"", -4, "ERR"))));
        ReportFiles.write(journal, batch, out);
        Instant finished = Objects.requireNonNull(journal.reports().lastFinishedAt(batch));
        assertThat(out.resolve("b-1.report.csv"))
                .hasContent(HEADER + "\n2,close,\"A,1\",,\" C \",REFUSED,\"said \"\"no\"\"\",-4,ERR,1,"
                        + finished.toString().replaceFirst("\\.[0-9]+Z", "Z") + "\n");
    }

    @Test
    void theSummaryAddsUpToTheRowsThatCameIn() throws IOException {
        BatchInfo batch = oneOfEach();
        ReportFiles.write(journal, batch, out);
        JsonNode summary =
                new JsonMapper().readTree(out.resolve("night-1.summary.json").toFile());
        long sum = 0;
        for (Outcome outcome : Outcome.values()) {
            assertThat(summary.get("outcomes").get(outcome.name()).longValue()).isEqualTo(1);
            sum += summary.get("outcomes").get(outcome.name()).longValue();
        }
        assertThat(summary.get("outcomes")).hasSize(Outcome.values().length);
        assertThat(summary.get("rows").longValue()).isEqualTo(sum).isEqualTo(batch.received());
        assertThat(summary.get("calls").longValue()).isEqualTo(9);
        assertThat(summary.get("batch").textValue()).isEqualTo("night-1");
        assertThat(summary.get("target").textValue()).isEqualTo("mch10001 at api.example and gw.example");
        assertThat(Instant.parse(summary.get("started_at").textValue())).isEqualTo(batch.createdAt());
        assertThat(Instant.parse(summary.get("finished_at").textValue()))
                .isEqualTo(journal.reports().lastFinishedAt(batch))
                .isAfterOrEqualTo(batch.createdAt());
    }

    @Test
    void aBatchWithoutRowsHasAReportToo() throws IOException {
        BatchInfo batch = batch("empty-1", List.of(), Map.of());
        ReportFiles.write(journal, batch, out);
        assertThat(out.resolve("empty-1.report.csv")).hasContent(HEADER + "\n");
        assertThat(csv(out.resolve("empty-1.attention.csv"))).isEmpty();
        JsonNode summary =
                new JsonMapper().readTree(out.resolve("empty-1.summary.json").toFile());
        assertThat(summary.get("rows").longValue()).isZero();
        assertThat(out.resolve("empty-1.report.html")).isNotEmptyFile();
    }

    // ---- formulas ----

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@x", "\tx", "\rx", "=", "-"})
    void textThatASpreadsheetWouldRunIsQuoted(String text) {
        assertThat(ReportFiles.text(text)).isEqualTo("'" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A-1=2", "'=1", " =1", "1+1", "\nx", "\u0e44\u0e17\u0e22"})
    void otherTextStaysAsItIs(String text) {
        assertThat(ReportFiles.text(text)).isEqualTo(text);
    }

    @Test
    void noTextIsNothing() {
        assertThat(ReportFiles.text(null)).isEmpty();
        assertThat(ReportFiles.text("")).isEmpty();
    }

    @Test
    void everyCellOfTextIsSafeInASpreadsheetAndNumbersAreNumbers() throws IOException {
        OrderRow order = order(2).operation("close")
                .mchOrderNo("=1+1")
                .ksherOrderNo("+K")
                .channelOrderNo("@C")
                .channel("-x")
                .build();
        RowResult end = new RowResult(Outcome.NOT_FOUND, new CallDetails("-detail", -3, "=ERR"));
        BatchInfo batch = batch(
                "b-1",
                List.of(order, order(3).operation("\t=pay").mchOrderNo("\rX").build()),
                Map.of(2L, end));
        ReportFiles.write(journal, batch, out);
        List<CSVRecord> rows = csv(out.resolve("b-1.report.csv"));
        assertThat(rows.get(0).stream().limit(10))
                .containsExactly("2", "close", "'=1+1", "'+K", "'@C", "NOT_FOUND", "'-detail", "-3", "'=ERR", "1");
        assertThat(rows.get(1).stream().limit(6)).containsExactly("3", "'\t=pay", "'\rX", "", "", "INVALID");
    }

    // ---- files on disk ----

    @Test
    void writingTwiceGivesTheSameBytes() throws IOException {
        BatchInfo batch = oneOfEach();
        ReportFiles.write(journal, batch, out);
        Map<String, byte[]> first = contents();
        journal.finish(batch, 0);
        ReportFiles.write(journal, now(batch), out);
        assertThat(contents()).containsExactlyEntriesOf(first).hasSize(4);
        Path elsewhere = directory.resolve("elsewhere");
        ReportFiles.write(journal, now(batch), elsewhere);
        out = elsewhere;
        assertThat(contents()).containsExactlyEntriesOf(first);
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        for (String name : files()) {
            contents.put(name, Files.readAllBytes(out.resolve(name)));
        }
        return contents;
    }

    @Test
    void anOlderReportIsReplacedAndWhatBelongsToOthersStays() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("night-1.report.csv"), "old");
        Files.writeString(out.resolve("night-10.report.csv"), "another batch's");
        ReportFiles.write(journal, oneOfEach(), out);
        assertThat(out.resolve("night-1.report.csv")).content().startsWith(HEADER);
        assertThat(out.resolve("night-10.report.csv")).hasContent("another batch's");
    }

    private static String hostOfThis() {
        String process = Lease.processName();
        return process.substring(process.indexOf('@'));
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatALivingOneWritesIsNot() throws IOException {
        Files.createDirectories(out);
        long dead = Integer.MAX_VALUE;
        assertThat(ProcessHandle.of(dead)).isEmpty();
        String host = hostOfThis();
        long alive = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(1L);
        for (String name : List.of(
                ".night-1.report.csv." + dead + host + ".tmp",
                ".night-1.summary.json." + dead + host + ".tmp",
                ".night-1.report.csv." + alive + host + ".tmp",
                ".night-1.report.csv." + dead + "@another-host.tmp",
                ".night-2.report.csv." + dead + host + ".tmp",
                ".night-1.something.tmp")) {
            Files.writeString(out.resolve(name), "half");
        }
        ReportFiles.write(journal, oneOfEach(), out);
        assertThat(files().stream().filter(name -> name.startsWith(".")))
                .containsExactlyInAnyOrder(
                        ".night-1.report.csv." + alive + host + ".tmp",
                        ".night-1.report.csv." + dead + "@another-host.tmp",
                        ".night-2.report.csv." + dead + host + ".tmp",
                        ".night-1.something.tmp");
    }

    @Test
    void whatItLeftItselfWhenItWasInTheWayIsOverwritten() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve(".night-1.report.csv." + Lease.processName() + ".tmp"), "half".repeat(100_000));
        ReportFiles.write(journal, oneOfEach(), out);
        assertThat(files()).hasSize(4).noneMatch(name -> name.startsWith("."));
        assertThat(csv(out.resolve("night-1.report.csv"))).hasSize(11);
    }

    @Test
    void ifItCannotBeWrittenNoFileIsLeftHalfWritten() throws IOException {
        Files.createDirectories(out.resolve("night-1.summary.json/in the way"));
        BatchInfo batch = oneOfEach();
        assertThatIOException().isThrownBy(() -> ReportFiles.write(journal, batch, out));
        assertThat(files()).noneMatch(name -> name.endsWith(".tmp"));
        for (String name : files()) {
            if (name.endsWith(".csv")) {
                assertThat(out.resolve(name)).as(name).content().endsWith("\n");
            }
        }
    }

    @Test
    void aDirectoryThatIsAFileIsSaidToBeOne() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        BatchInfo batch = oneOfEach();
        assertThatIOException().isThrownBy(() -> ReportFiles.write(journal, batch, file.resolve("out")));
        assertThat(file).isEmptyFile();
    }

    // ---- asked once more ----

    @Test
    void aLateBatchHasOneFileNamedAfterItsBatchWhicheverRunItIs() throws IOException {
        BatchInfo batch = batch(
                "night-1", List.of(order(2).operation("cancel").mchOrderNo("A").build()), Map.of());
        for (int run = 1; run <= 2; run++) {
            BatchInfo late = journal.beginLate(batch, run);
            settle(late, Map.of(2L, new RowResult(Outcome.PAID, CallDetails.of("paid in run " + run))));
            Files.createDirectories(out);
            Files.writeString(out.resolve(".night-1.late.csv." + Integer.MAX_VALUE + hostOfThis() + ".tmp"), "half");
            assertThat(ReportFiles.write(journal, now(late), out)).isEqualTo(out.resolve("night-1.late.csv"));
            assertThat(files()).containsExactly("night-1.late.csv");
            assertThat(csv(out.resolve("night-1.late.csv")))
                    .extracting(row -> row.get("mch_order_no"), row -> row.get("outcome"), row -> row.get("detail"))
                    .containsExactly(tuple("A", "PAID", "paid in run " + run));
        }
    }
}
