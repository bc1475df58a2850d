/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportFileTest {

    @TempDir
    Path directory;

    @Test
    void aReportHasTheColumnsOfTheContractAndLeavesNothingElseBehind() throws IOException {
        OrderRow order = new OrderRow(2, "close", Operation.CLOSE, "A,1", "", "", "", null);
        Verdict verdict = new Verdict(Outcome.REFUSED, new Facts("said \"no\"", -4, "ERR"));
        ReportRow row = new ReportRow(order, verdict, 3, Instant.parse("2026-11-23T01:02:03.4Z"));
        Path report = ReportFile.write(directory.resolve("new"), "b-1", List.of(row));
        assertThat(report)
                .hasFileName("b-1.report.csv")
                .hasContent(
                        """
                line,operation,mch_order_no,ksher_order_no,channel_order_no,outcome,detail,code,error_code,calls,finished_at
                2,close,"A,1",,,REFUSED,"said ""no\""",-4,ERR,3,2026-11-23T01:02:03Z
                """);
        try (var files = Files.list(report.getParent())) {
            assertThat(files).containsExactly(report);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@x", "\tx", "\rx"})
    void textThatASpreadsheetWouldRunIsQuoted(String text) {
        assertThat(ReportFile.text(text)).isEqualTo("'" + text);
    }

    @Test
    void otherTextStaysAsItIs() {
        assertThat(ReportFile.text("A-1=2")).isEqualTo("A-1=2");
        assertThat(ReportFile.text(null)).isEmpty();
    }
}
