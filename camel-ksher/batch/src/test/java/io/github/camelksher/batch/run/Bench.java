/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.OrderRowBuilder.order;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** The parts of a worker, without a database, Camel, threads and real time. */
final class Bench {

    static final Duration INTERVAL = Duration.ofSeconds(10);
    static final Duration GIVE_UP_AFTER = Duration.ofMinutes(15);
    static final BatchInfo BATCH = new BatchInfo(
            1,
            new Target("mch1", "http://localhost:1", "http://localhost:1"),
            "batch",
            BatchInfo.Kind.FILE,
            null,
            1,
            BatchInfo.State.OPEN,
            1,
            1L,
            Instant.EPOCH,
            Instant.EPOCH,
            null);

    final TurnedClock clock = new TurnedClock();
    final RunContext run = RunContext.begin(0, clock);
    final WakeUp wakeUp = run.wakeUp();
    final RunState state = run.state();
    final RunTime runTime = run.time();
    final LastFailure lastFailure = new LastFailure(clock);
    final FakeLease lease = new FakeLease();
    final ScriptedCalls calls = new ScriptedCalls();
    final RecordingObserver observer = new RecordingObserver();
    final Pace pace;
    final PauseControl pause;
    final RowWorker rowWorker;

    /** How often the open batches were looked up. */
    int lookUps;

    Supplier<List<BatchInfo>> openBatches = () -> List.of(BATCH);
    /** What the loop told when it had nothing to do. */
    final List<List<BatchInfo>> idle = new ArrayList<>();

    Runnable onIdle = () -> {};

    /** An observer that keeps what it is told, and then does what the test says. */
    static final class RecordingObserver implements Observer {

        final List<String> called = new CopyOnWriteArrayList<>();
        final List<String> settled = new CopyOnWriteArrayList<>();
        volatile Runnable onCalled = () -> {};
        volatile Runnable onSettled = () -> {};

        @Override
        public void called(String operation, Event event, long nanos) {
            called.add(operation + " " + Duration.ofNanos(nanos).toSeconds() + " s");
            onCalled.run();
        }

        @Override
        public void settled(HeldRow row, Outcome outcome) {
            settled.add(row + " " + outcome);
            onSettled.run();
        }
    }

    Bench() {
        this(4);
    }

    Bench(int parallel) {
        pace = new Pace(INTERVAL, GIVE_UP_AFTER, parallel);
        pause = new PauseControl(run, new CircuitBreaker(clock), lastFailure, pace);
        rowWorker = new RowWorker(run, lease, calls, pace, observer, pause);
    }

    ClaimLoop loop(Executor threads) {
        return new ClaimLoop(
                run,
                lease,
                () -> {
                    lookUps++;
                    return openBatches.get();
                },
                threads,
                rowWorker,
                pause,
                pace.parallel(),
                batches -> {
                    idle.add(batches);
                    onIdle.run();
                });
    }

    /** So much time passes while the process runs. */
    void run(Duration time) {
        Duration left = time;
        while (left.compareTo(Duration.ZERO) > 0) {
            Duration step = left.compareTo(INTERVAL) > 0 ? INTERVAL : left;
            clock.advance(step);
            runTime.millis();
            left = left.minus(step);
        }
    }

    /** Ksher fails for 20 orders. */
    void pause() {
        for (int i = 0; i < 20; i++) {
            pause.record("batch line " + i, "failing " + i, Ends.FAILED);
        }
    }

    /** Makes the first good and verified reply of the run. */
    void greet() {
        HeldRow row = row(1);
        calls.then(Ends.PAID);
        rowWorker.work(row);
        lease.saves.clear();
        calls.made.clear();
        observer.called.clear();
        observer.settled.clear();
    }

    /** A row to be closed that was just claimed for the first time: its first call is announced. */
    static HeldRow row(long line) {
        return row(line, RowOperation.CLOSE);
    }

    static HeldRow row(long line, RowOperation operation) {
        String number = "SECRET" + line;
        OrderRow row = order(line)
                .operation(operation.text().toUpperCase(Locale.ROOT))
                .mchOrderNo(number)
                .build()
                .withOperation(operation);
        return new HeldRow(1, "batch", row, row.orderKey("mch1"), OrderLife.begin(operation), 1, 0, null, 7);
    }

    static List<HeldRow> rows(int howMany) {
        return LongStream.range(2, 2 + howMany).mapToObj(Bench::row).toList();
    }

    /** The row after these calls have ended like this, claimed once more. */
    static HeldRow after(HeldRow row, Event... ends) {
        HeldRow next = row;
        for (Event end : ends) {
            OrderLife.Step step = next.life().after(end);
            next = next.withLife(step.life()).withCalls(next.calls() + 1);
        }
        return next;
    }
}
