/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.FilePlanner;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.reply.OrderState;
import java.nio.file.Path;
import java.time.Duration;

/**
 * All that {@link JournalMeasure} knows of the library: what changes there changes here, and the
 * measure stays the same.
 */
final class MeasuredWorker implements AutoCloseable {

    /** What answers instead of Ksher, in the thread of the call. */
    interface FakeKsher {
        /** Whether the order is closed. */
        boolean query(String mchOrderNo);

        void command(String mchOrderNo);
    }

    private static final Target TARGET = new Target("measure", "https://api.invalid", "https://gateway.invalid");
    private static final CallDetails NOTHING = CallDetails.of("");

    private final Journal journal;
    private final BatchWorker worker;

    MeasuredWorker(String url, Duration interval, int parallel, FakeKsher ksher, Runnable settled) {
        journal = Journal.open(url, null, null);
        Lease lease = Lease.take(journal, new Lease.Worker(TARGET, "measure", Duration.ofSeconds(60)), interval);
        Pace pace = new Pace(interval, Duration.ofHours(1), parallel);
        worker = new BatchWorker(journal, lease, TARGET, calls(ksher), pace, new Observer() {
            @Override
            public void settled(HeldRow row, Outcome outcome) {
                settled.run();
            }
        });
    }

    private static Calls calls(FakeKsher ksher) {
        return new Calls() {
            @Override
            public Event query(OrderRow row) {
                OrderState state = ksher.query(Cells.mchOrderNo(row)) ? OrderState.CLOSED : OrderState.NOTPAY;
                return new Event.Seen(state, true, null, NOTHING);
            }

            @Override
            public Event command(OrderRow row) {
                ksher.command(Cells.mchOrderNo(row));
                return new Event.Done(NOTHING);
            }
        };
    }

    /**
     * Takes a file's orders in, as the application does: nothing is called before {@link #start}.
     */
    void plan(Path file) throws Exception {
        FilePlanner.plan(journal, TARGET, OrdersFile.open(file), false);
    }

    /** Works on all that was planned. */
    void start() {
        worker.start();
    }

    /** Why it stopped; null if it goes on. */
    String stopped() {
        return worker.stopped();
    }

    @Override
    public void close() {
        worker.stop("measured");
        worker.awaitEnd();
        journal.close();
    }
}
