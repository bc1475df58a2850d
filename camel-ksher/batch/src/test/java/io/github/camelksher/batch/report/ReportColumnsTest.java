/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** The input's other columns, and the rows that need a person. */
class ReportColumnsTest extends ReportFilesCase {

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
            rows.add(order(line).operation(" Cancel ").mchOrderNo("N-" + line).build());
            ends.put(line, new RowResult(Outcome.REFUSED, new CallDetails("why", -4, null)));
        }
        Map<Long, Outcome> closed = Map.of(15L, Outcome.CLOSED, 16L, Outcome.ALREADY_CLOSED, 17L, Outcome.PAID);
        closed.forEach((line, outcome) -> {
            rows.add(order(line).operation("CANCEL").mchOrderNo("N-" + line).build());
            ends.put(line, new RowResult(outcome, CallDetails.of("")));
        });
        rows.add(close(18, "N-18"));
        ReportFiles.write(journal, batch("b-1", rows, ends), out);
        assertThat(out.resolve("b-1.report.html"))
                .content()
                .contains("line 11</span> <bdi class=\"no\">N-11<", "<li>and 3 more</li>")
                .contains("<p>2 closed orders can still be paid", "Check the batch <b>b-1</b>")
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
            rows.add(order(line++).operation("close").allCells(number).build());
        }
        rows.add(order(line++)
                .operation("pay")
                .mchOrderNo("line\r\nbreak")
                .channelOrderNo("=x")
                .channel("a channel of more than 32 characters")
                .build());
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
}
