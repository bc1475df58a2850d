/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** Writes the report: whole or not at all. */
final class ReportFile {

    private static final String[] COLUMNS = {
        "line",
        "operation",
        "mch_order_no",
        "ksher_order_no",
        "channel_order_no",
        "outcome",
        "detail",
        "code",
        "error_code",
        "calls",
        "finished_at"
    };

    private ReportFile() {}

    /** Writes it, and tells where. */
    static Path write(Path directory, String batch, List<ReportRow> rows) throws IOException {
        Files.createDirectories(directory);
        Path report = directory.resolve(batch + ".report.csv");
        Path unfinished =
                directory.resolve("." + batch + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            print(unfinished, rows);
            Files.move(unfinished, report, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return report;
    }

    private static void print(Path file, List<ReportRow> rows) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader(COLUMNS)
                .setRecordSeparator("\n")
                .get();
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                CSVPrinter csv = new CSVPrinter(out, format)) {
            for (ReportRow row : rows) {
                OrderRow order = row.order();
                Facts facts = row.verdict().facts();
                csv.printRecord(
                        order.line(),
                        text(order.operationText()),
                        text(order.mchOrderNo()),
                        text(order.ksherOrderNo()),
                        text(order.channelOrderNo()),
                        row.verdict().outcome(),
                        text(facts.detail()),
                        facts.code(),
                        text(facts.errorCode()),
                        row.calls(),
                        row.finishedAt().truncatedTo(ChronoUnit.SECONDS));
            }
        }
    }

    /** A spreadsheet would take such a cell for a formula, and some of this text was written by others. */
    static String text(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "";
        }
        return "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    }
}
