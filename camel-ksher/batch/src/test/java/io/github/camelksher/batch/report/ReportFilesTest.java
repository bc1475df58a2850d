/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportFilesTest {

    private static final Target TARGET =
            new Target("mch10001", "https://api.example/KsherPay", "https://gw.example/api");
    private static final String HEADER =
            "line,operation,mch_order_no,ksher_order_no,channel_order_no,outcome,detail,code,error_code,calls,finished_at";

    @TempDir
    Path directory;

    private Path out;
    private Journal journal;

    @BeforeEach
    void open() {
        out = directory.resolve("new/out");
        journal = Journal.open("jdbc:h2:file:" + directory.resolve("journal"), null, null);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private BatchInfo batch(String name, List<OrderRow> rows, Map<Long, RowResult> ends) {
        BatchInfo batch = journal.beginFile(TARGET, name, "sha of " + name, 1);
        journal.addRows(batch, rows);
        journal.release(batch);
        settle(batch, ends);
        return now(batch);
    }

    private void settle(BatchInfo batch, Map<Long, RowResult> ends) {
        try (Lease lease = Lease.take(journal, new Lease.Worker(TARGET, "a worker", Duration.ZERO), Duration.ZERO)) {
            for (HeldRow row : lease.claim(List.of(batch), 100_000, 0).rows()) {
                RowResult end = ends.getOrDefault(row.row().line(), new RowResult(Outcome.CLOSED, CallDetails.of("")));
                assertThat(lease.save(Save.ended(row, end).withQueryEnded(true)).join())
                        .isTrue();
            }
        }
        assertThat(journal.reports().openRows(batch)).isZero();
    }

    private BatchInfo now(BatchInfo batch) {
        return Objects.requireNonNull(journal.find(TARGET, batch.name()));
    }

    private static OrderRow close(long line, String number) {
        return OrderRow.of(line, Map.of(Column.OPERATION, "close", Column.MCH_ORDER_NO, number));
    }

    private static List<CSVRecord> csv(Path file) throws IOException {
        try (CSVParser parser = CSVParser.parse(
                file,
                UTF_8,
                CSVFormat.DEFAULT
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            return parser.getRecords();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A row of each outcome, on lines 2 to 12. */
    private BatchInfo oneOfEach() {
        Map<Long, RowResult> ends = new LinkedHashMap<>();
        List<OrderRow> rows = new ArrayList<>();
        long line = 2;
        for (Outcome outcome : Outcome.values()) {
            if (outcome == Outcome.DUPLICATE) {
                rows.add(close(line, "N-2"));
            } else if (outcome == Outcome.INVALID) {
                rows.add(OrderRow.of(
                        line,
                        Map.of(Column.OPERATION, "pay", Column.MCH_ORDER_NO, "=N-" + line, Column.CHANNEL, "wechat")));
            } else {
                rows.add(OrderRow.of(
                        line,
                        Map.of(
                                Column.OPERATION,
                                " close",
                                Column.MCH_ORDER_NO,
                                "N-" + line,
                                Column.KSHER_ORDER_NO,
                                "+K",
                                Column.CHANNEL,
                                "wechat")));
                ends.put(line, new RowResult(outcome, new CallDetails("detail, \"of\" " + outcome, -4, "ERR")));
            }
            line++;
        }
        rows.set(0, close(2, "N-2"));
        return batch("night-1", rows, ends);
    }

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
        OrderRow order = OrderRow.of(
                2,
                Map.of(
                        Column.OPERATION,
                        "close",
                        Column.MCH_ORDER_NO,
                        "A,1",
                        Column.CHANNEL_ORDER_NO,
                        " C ",
                        Column.CHANNEL,
                        "wechat"));
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
        OrderRow order = OrderRow.of(
                2,
                Map.of(
                        Column.OPERATION,
                        "close",
                        Column.MCH_ORDER_NO,
                        "=1+1",
                        Column.KSHER_ORDER_NO,
                        "+K",
                        Column.CHANNEL_ORDER_NO,
                        "@C",
                        Column.CHANNEL,
                        "-x"));
        RowResult end = new RowResult(Outcome.NOT_FOUND, new CallDetails("-detail", -3, "=ERR"));
        BatchInfo batch = batch(
                "b-1",
                List.of(order, OrderRow.of(3, Map.of(Column.OPERATION, "\t=pay", Column.MCH_ORDER_NO, "\rX"))),
                Map.of(2L, end));
        ReportFiles.write(journal, batch, out);
        List<CSVRecord> rows = csv(out.resolve("b-1.report.csv"));
        assertThat(rows.get(0).stream().limit(10))
                .containsExactly("2", "close", "'=1+1", "'+K", "'@C", "NOT_FOUND", "'-detail", "-3", "'=ERR", "1");
        assertThat(rows.get(1).stream().limit(6)).containsExactly("3", "'\t=pay", "'\rX", "", "", "INVALID");
    }

    // ---- the input's other columns ----

    @Test
    void otherColumnsFollowOursInTheReportAndInAttentionAndAreSafeInASpreadsheet() throws IOException {
        Map<String, String> others = new LinkedHashMap<>();
        others.put("Remark", "=1+1");
        others.put("+x", "a, \"b\"\nc");
        others.put("Outcome", "MARKER of a report before");
        BatchInfo batch = batch(
                "b-1",
                List.of(
                        close(2, "A").withOthers(others),
                        close(3, "B"),
                        close(4, "C").withOthers(Map.of("late", "y"))),
                Map.of(2L, new RowResult(Outcome.NOT_FOUND, CallDetails.of(""))));
        ReportFiles.write(journal, batch, out);
        assertThat(out.resolve("b-1.report.csv")).content().startsWith(HEADER + ",Remark,'+x,late\n");
        List<CSVRecord> rows = csv(out.resolve("b-1.report.csv"));
        assertThat(rows.get(0).stream().skip(11)).containsExactly("'=1+1", "a, \"b\"\nc", "");
        assertThat(rows.get(1).stream().skip(11)).containsExactly("", "", "");
        assertThat(rows.get(2).stream().skip(11)).containsExactly("", "", "y");
        List<CSVRecord> attention = csv(out.resolve("b-1.attention.csv"));
        assertThat(attention).hasSize(1);
        assertThat(attention.get(0).stream().skip(8)).containsExactly("'=1+1", "a, \"b\"\nc", "");
        assertThat(out.resolve("b-1.report.html"))
                .content()
                .contains("Remark:</span> &#x3D;1+1<", "+x:</span> a, &quot;b&quot;\nc<", "late:</span> y<")
                .doesNotContain("=1+1", "MARKER");
    }

    @Test
    void thePageListsTheFirstRowsThatNeedAPersonAndCountsWhatCanStillBePaid() throws IOException {
        List<OrderRow> rows = new ArrayList<>();
        Map<Long, RowResult> ends = new LinkedHashMap<>();
        for (long line = 2; line < 15; line++) {
            rows.add(OrderRow.of(line, Map.of(Column.OPERATION, " Cancel ", Column.MCH_ORDER_NO, "N-" + line)));
            ends.put(line, new RowResult(Outcome.REFUSED, new CallDetails("why", -4, null)));
        }
        Map<Long, Outcome> closed = Map.of(15L, Outcome.CLOSED, 16L, Outcome.ALREADY_CLOSED, 17L, Outcome.PAID);
        closed.forEach((line, outcome) -> {
            rows.add(OrderRow.of(line, Map.of(Column.OPERATION, "CANCEL", Column.MCH_ORDER_NO, "N-" + line)));
            ends.put(line, new RowResult(outcome, CallDetails.of("")));
        });
        rows.add(close(18, "N-18"));
        ReportFiles.write(journal, batch("b-1", rows, ends), out);
        assertThat(out.resolve("b-1.report.html"))
                .content()
                .contains("line 11</span> <bdi class=\"no\">N-11<", "<li>and 3 more</li>")
                .contains("<p>2 closed orders can still be paid", "run --check-late b-1<")
                .doesNotContain("line 12</span>");
    }

    // ---- what needs a person ----

    @Test
    void attentionHasExactlyTheRowsThatNeedAPerson() throws IOException {
        ReportFiles.write(journal, oneOfEach(), out);
        Path attention = out.resolve("night-1.attention.csv");
        assertThat(attention)
                .content()
                .startsWith("operation,mch_order_no,ksher_order_no,channel_order_no,channel,line,outcome,detail\n");
        assertThat(csv(attention))
                .extracting(row -> row.get("outcome"))
                .containsExactly("NOT_FOUND", "REFUSED", "NOT_CLOSED", "UNKNOWN", "UNTRUSTED", "INVALID");
    }

    @Test
    void attentionCanBeFedInAgainUnchanged() throws Exception {
        List<String> numbers = List.of(
                "A",
                "=1+1",
                "-1",
                "+1",
                "@x",
                "a,b",
                "\"q\"",
                "\"",
                "'1",
                " x ",
                "007",
                "1e5",
                "\u0e44\u0e17\u0e22 \ud83d\ude00",
                "#",
                "A\\B");
        Map<Long, RowResult> ends = new LinkedHashMap<>();
        List<OrderRow> rows = new ArrayList<>();
        long line = 2;
        for (String number : numbers) {
            ends.put(line, new RowResult(Outcome.NOT_CLOSED, CallDetails.of("still \"open\",\nand more")));
            rows.add(OrderRow.of(
                    line++,
                    Map.of(
                            Column.OPERATION,
                            "close",
                            Column.MCH_ORDER_NO,
                            number,
                            Column.KSHER_ORDER_NO,
                            number,
                            Column.CHANNEL_ORDER_NO,
                            number,
                            Column.CHANNEL,
                            number)));
        }
        rows.add(OrderRow.of(
                line++,
                Map.of(
                        Column.OPERATION,
                        "pay",
                        Column.MCH_ORDER_NO,
                        "line\r\nbreak",
                        Column.CHANNEL_ORDER_NO,
                        "=x",
                        Column.CHANNEL,
                        "a channel of more than 32 characters")));
        rows.add(OrderRow.unreadable(line, "cannot be read"));
        ReportFiles.write(journal, batch("night-1", rows, ends), out);

        OrdersFile again = OrdersFile.open(out.resolve("night-1.attention.csv"));

        List<OrderRow> read = new ArrayList<>();
        again.forEach(read::add);
        assertThat(read)
                .extracting(
                        Cells::operation,
                        Cells::mchOrderNo,
                        Cells::ksherOrderNo,
                        Cells::channelOrderNo,
                        Cells::channel,
                        row -> row.problem() == null)
                .containsExactlyElementsOf(rows.stream()
                        .map(row -> tuple(
                                Cells.operation(row),
                                Cells.mchOrderNo(row),
                                Cells.ksherOrderNo(row),
                                Cells.channelOrderNo(row),
                                Cells.channel(row),
                                row.problem() == null))
                        .toList());
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
                "night-1",
                List.of(OrderRow.of(2, Map.of(Column.OPERATION, "cancel", Column.MCH_ORDER_NO, "A"))),
                Map.of());
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
