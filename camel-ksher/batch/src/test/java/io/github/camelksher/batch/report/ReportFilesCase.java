/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.JournalCase;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;

/** A journal whose batches are settled as the test says. */
abstract class ReportFilesCase extends JournalCase {

    static final String HEADER =
            "line,operation,mch_order_no,ksher_order_no,channel_order_no,outcome,detail,code,error_code,calls,finished_at";

    Path out;

    @BeforeEach
    void nameFolder() {
        out = directory.resolve("new/out");
    }

    BatchInfo batch(String name, List<OrderRow> rows, Map<Long, RowResult> ends) {
        BatchInfo batch = journal.beginFile(TARGET, name, "sha of " + name, 1);
        journal.addRows(batch, rows);
        journal.release(batch);
        settle(batch, ends);
        return now(batch);
    }

    void settle(BatchInfo batch, Map<Long, RowResult> ends) {
        try (Lease lease = Lease.take(journal, new Lease.Worker(TARGET, "a worker", Duration.ZERO), Duration.ZERO)) {
            for (HeldRow row : lease.claim(List.of(batch), 100_000, 0).rows()) {
                RowResult end = ends.getOrDefault(row.row().line(), new RowResult(Outcome.CLOSED, CallDetails.of("")));
                assertThat(lease.save(Save.ended(row, end).withQueryEnded(true)).join())
                        .isTrue();
            }
        }
        assertThat(journal.reports().openRows(batch)).isZero();
    }

    static OrderRow close(long line, String number) {
        return order(line).operation("close").mchOrderNo(number).build();
    }

    static List<CSVRecord> csv(Path file) throws IOException {
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

    List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A row of each outcome, on lines 2 to 12. */
    BatchInfo oneOfEach() {
        Map<Long, RowResult> ends = new LinkedHashMap<>();
        List<OrderRow> rows = new ArrayList<>();
        long line = 2;
        for (Outcome outcome : Outcome.values()) {
            if (outcome == Outcome.DUPLICATE) {
                rows.add(close(line, "N-2"));
            } else if (outcome == Outcome.INVALID) {
                rows.add(order(line)
                        .operation("pay")
                        .mchOrderNo("=N-" + line)
                        .channel("wechat")
                        .build());
            } else {
                rows.add(order(line)
                        .operation(" close")
                        .mchOrderNo("N-" + line)
                        .ksherOrderNo("+K")
                        .channel("wechat")
                        .build());
                ends.put(line, new RowResult(outcome, new CallDetails("detail, \"of\" " + outcome, -4, "ERR")));
            }
            line++;
        }
        rows.set(0, close(2, "N-2"));
        return batch("night-1", rows, ends);
    }
}
