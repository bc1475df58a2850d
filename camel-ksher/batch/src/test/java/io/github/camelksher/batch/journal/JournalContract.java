/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A new journal for each test, and batches in it. */
abstract class JournalContract {

    static final Target TARGET = new Target("mch1", "https://api.example/KsherPay", "https://gw.example/api");
    static final Target REHEARSAL = new Target("mch1", "http://127.0.0.1:1/KsherPay", "http://127.0.0.1:1/api");
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    static final long AT_ONCE = 0;
    static final long LONG = 600_000;

    String url = "";
    Journal journal;

    /** The URL of a new and empty one. */
    abstract String newDatabase() throws Exception;

    @BeforeEach
    void open() throws Exception {
        url = newDatabase();
        journal = Journal.open(url, null, null);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    void reopen() {
        journal.close();
        journal = Journal.open(url, null, null);
    }

    static OrderRow row(long line, String number) {
        return order(line).operation("close").mchOrderNo(number).build();
    }

    static OrderRow cancel(long line, String number) {
        return order(line).operation("cancel").mchOrderNo(number).build();
    }

    static OrderRow invalid(long line, String number) {
        return order(line)
                .operation("close")
                .mchOrderNo(number)
                .channel("a channel that is longer than 32 characters")
                .build();
    }

    BatchInfo begin(String name) {
        return journal.beginFile(TARGET, name, "sha of " + name, 1);
    }

    BatchInfo file(OrderRow... rows) {
        BatchInfo batch = begin("night-1");
        journal.addRows(batch, List.of(rows));
        journal.release(batch);
        return now(batch);
    }

    BatchInfo now(BatchInfo batch) {
        return Objects.requireNonNull(journal.find(batch.target(), batch.name()));
    }

    BatchInfo queue() {
        return Objects.requireNonNull(journal.find(TARGET, "queue"));
    }

    boolean receive(OrderRow row) {
        return journal.receive(TARGET, "queue", row).join();
    }

    List<ReportedRow> reported(BatchInfo batch) {
        List<ReportedRow> rows = new ArrayList<>();
        journal.reports().forEachFinal(batch, rows::add);
        return rows;
    }

    static Save closed(HeldRow row) {
        return Save.ended(row, new RowResult(Outcome.CLOSED, CallDetails.of("by the test")))
                .withQueryEnded(true);
    }

    void settleAll(BatchInfo batch) {
        try (Lease lease = Lease.take(journal, new Lease.Worker(TARGET, "a worker", CALL_TIMEOUT), Duration.ZERO)) {
            List<HeldRow> rows = lease.claim(List.of(batch), 10_000, 0).rows();
            for (HeldRow row : rows) {
                assertThat(lease.save(closed(row)).join()).isTrue();
            }
        }
        assertThat(journal.reports().openRows(batch)).isZero();
    }
}
