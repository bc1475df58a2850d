/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Leads every order of a batch through its life. Waiting orders hold no thread; a thread is a call in flight. */
final class BatchRunner {

    private final Calls calls;
    private final Pace pace;
    private final StopRule stopRule = new StopRule();
    private final AtomicLong sequence = new AtomicLong();
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor timer;
    private final List<@Nullable ReportRow> report;
    private int busy;
    private int open;
    private @Nullable String stopped;

    BatchRunner(List<OrderRow> rows, Calls calls, Pace pace) {
        this.calls = calls;
        this.pace = pace;
        this.workers = new ThreadPoolExecutor(
                pace.parallel(), pace.parallel(), 1, TimeUnit.SECONDS, new PriorityBlockingQueue<>());
        this.timer = new ScheduledThreadPoolExecutor(1);
        this.report = new ArrayList<>(Collections.nCopies(rows.size(), null));
        plan(rows).values().forEach(lane -> submit(lane, 1));
    }

    private Map<String, Lane> plan(List<OrderRow> rows) {
        Map<String, Lane> lanes = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            OrderRow row = rows.get(i);
            if (row.problem() != null) {
                report.set(i, new ReportRow(row, row.problem(), 0, Instant.now()));
            } else {
                Operation operation = Objects.requireNonNull(row.operation(), "a row without a problem has one");
                lanes.computeIfAbsent(row.orderKey(), key -> new Lane()).rows.add(new Lane.Planned(i, row, operation));
                open++;
            }
        }
        return lanes;
    }

    /** Waits for the end: every order settled, or the batch stopped and no call in flight. */
    void await() throws InterruptedException {
        synchronized (this) {
            while (stopped == null ? open > 0 : busy > 0) {
                wait();
            }
        }
        timer.shutdownNow();
        workers.shutdown();
    }

    /** Takes no more orders; calls in flight are finished. */
    synchronized void stop(String why) {
        if (stopped == null) {
            stopped = why;
        }
        notifyAll();
    }

    /** Why it was stopped; null if it was not. */
    synchronized @Nullable String stopped() {
        return stopped;
    }

    /** How many orders are not settled. */
    synchronized int open() {
        return open;
    }

    /** In input order; without those that are not settled. */
    synchronized List<ReportRow> settled() {
        return report.stream().filter(Objects::nonNull).toList();
    }

    /** Orders that were begun go first, so that a long file does not make them late. */
    private record Task(int rank, long number, Runnable work) implements Runnable, Comparable<Task> {
        @Override
        public void run() {
            work.run();
        }

        @Override
        public int compareTo(Task other) {
            return rank != other.rank ? Integer.compare(rank, other.rank) : Long.compare(number, other.number);
        }
    }

    private void submit(Lane lane, int rank) {
        workers.execute(new Task(rank, sequence.incrementAndGet(), () -> work(lane)));
    }

    private void work(Lane lane) {
        if (!enter()) {
            return;
        }
        try {
            advance(lane);
        } catch (RuntimeException e) {
            // Only by a mistake of ours. Its order must not be reported, and waiting for it would never end.
            stop("an error of this program, please report it: " + e);
        } finally {
            leave();
        }
    }

    private synchronized boolean enter() {
        if (stopped == null) {
            busy++;
        }
        return stopped == null;
    }

    private synchronized void leave() {
        busy--;
        notifyAll();
    }

    /** As far as it goes without waiting. */
    private void advance(Lane lane) {
        while (stopped() == null) {
            if (lane.action instanceof Action.Settle settle) {
                settle(lane, settle.verdict());
                if (lane.rows.isEmpty()) {
                    return;
                }
            }
            if (lane.action instanceof Action.Query query) {
                Duration wait = lane.waitFor(query, pace, System.nanoTime());
                if (!wait.isZero()) {
                    var unused = timer.schedule(() -> submit(lane, 0), wait.toNanos(), TimeUnit.NANOSECONDS);
                    return;
                }
                query(lane);
            } else if (lane.action instanceof Action.Command) {
                command(lane);
            }
        }
    }

    private void query(Lane lane) {
        Lane.Planned planned = lane.rows.getFirst();
        long start = System.nanoTime();
        boolean last = lane.timeIsUp(pace, start);
        if (lane.firstCall == null) {
            lane.firstCall = start;
        }
        lane.calls++;
        Event event = calls.query(planned.row(), planned.operation());
        lane.lastQueryEnd = System.nanoTime();
        happened(lane, event);
        if (last && !(lane.action instanceof Action.Settle)) {
            lane.take(lane.life.after(new Event.GaveUp()));
        }
    }

    private void command(Lane lane) {
        Lane.Planned planned = lane.rows.getFirst();
        long seenOpen = Objects.requireNonNull(lane.lastQueryEnd, "a command comes after a query");
        if (System.nanoTime() - seenOpen > Pace.FRESH.toNanos()) {
            lane.take(lane.life.after(new Event.TooLate()));
            return;
        }
        lane.calls++;
        happened(lane, calls.command(planned.row(), planned.operation()));
    }

    private void happened(Lane lane, Event event) {
        String why = stopRule.after(lane.rows.getFirst().row().orderKey(), event);
        if (why != null) {
            stop(why);
        }
        lane.take(lane.life.after(event));
    }

    private synchronized void settle(Lane lane, Verdict verdict) {
        Lane.Planned planned = lane.rows.getFirst();
        report.set(planned.index(), new ReportRow(planned.row(), verdict, lane.calls, Instant.now()));
        open--;
        lane.nextRow();
        notifyAll();
    }
}
