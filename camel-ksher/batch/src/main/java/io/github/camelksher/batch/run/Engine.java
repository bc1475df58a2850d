/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Claim;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.RowState;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.batch.life.Action;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.life.Operation;
import io.github.camelksher.batch.life.OrderLife;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the orders of all open batches of one target through their lives. A thread is a call in flight; waiting orders lie in
 * the journal. Every call was announced there before it is made, and its end is written there after.
 */
public final class Engine {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    /** A logger of its own: a program that tells its user why it stopped need not log it too. */
    private static final Logger STOP = LoggerFactory.getLogger(Engine.class.getName() + ".stop");

    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final long BATCHES_KNOWN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long WAIT_AT_LEAST_MILLIS = 20;
    private static final Facts STOPPED = Facts.of("the run was stopped before the answer could be used");

    private final Journal journal;
    private final Lease lease;
    private final Target target;
    private final Calls calls;
    private final Pace pace;
    private final Observer observer;
    private final RunClock clock;
    private final Judge<Undecided> judge = new Judge<>(System::nanoTime);
    private final Semaphore slots;
    private final int ahead;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** Rows that are worked on, and ends that are not on disk yet. */
    private final AtomicInteger busy = new AtomicInteger();

    private final ExecutorService workers;
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(daemon("ksher-batch-lease"));
    private final Thread coordinator = new Thread(this::coordinate, "ksher-batch");
    /** Has a permit when there may be something to do. */
    private final Semaphore bell = new Semaphore(0);

    /** Whether it was said that a reply cannot be trusted: once a run is enough. */
    private final AtomicBoolean warned = new AtomicBoolean();

    private volatile @Nullable String stopped;
    private volatile boolean failed;
    private volatile boolean settingsWrong;
    private volatile boolean paused;
    private long pausedSince;
    private long probedAt = Long.MIN_VALUE / 2;
    private List<BatchInfo> open = List.of();
    private long openKnownAt = System.nanoTime() - BATCHES_KNOWN_NANOS;

    /** A row whose last call's end says more of the whole than of the row. */
    private record Undecided(HeldRow before, HeldRow after, RowState end) {}

    public Engine(Journal journal, Lease lease, Target target, Calls calls, Pace pace, Observer observer) {
        this.journal = journal;
        this.lease = lease;
        this.target = target;
        this.calls = calls;
        this.pace = pace;
        this.observer = observer;
        this.clock = new RunClock(journal.now());
        // A few more are claimed than can be called at once, in one go, so that no call waits for the journal.
        this.ahead = Math.max(1, pace.parallel() / 4);
        this.slots = new Semaphore(pace.parallel() + ahead);
        this.workers = Executors.newFixedThreadPool(pace.parallel(), daemon("ksher-batch-call"));
    }

    private static ThreadFactory daemon(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    public void start() {
        coordinator.setDaemon(true);
        coordinator.start();
        long every = Lease.RENEW_EVERY.toMillis();
        var unused = heart.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
    }

    /** There may be something to do. */
    public void wake() {
        bell.release();
    }

    /** Takes no more orders; calls in flight are finished. */
    public synchronized void stop(String why) {
        if (stopped == null) {
            stopped = why;
        }
        wake();
    }

    /** Stops because something is wrong. */
    public synchronized void fail(String why) {
        if (!failed) {
            failed = true;
            STOP.error("Stopping: {}", why);
        }
        stop(why);
    }

    /** Why it was stopped; null if it was not. */
    public @Nullable String stopped() {
        return stopped;
    }

    /** Whether it stopped by itself, because something is wrong. */
    public boolean hasFailed() {
        return failed;
    }

    /** Whether it stopped because Ksher does not let us in, or what answers cannot be trusted. */
    public boolean settingsAreWrong() {
        return settingsWrong;
    }

    /** Whether it waits for Ksher. */
    public boolean isPaused() {
        return paused;
    }

    /** Calls in flight. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Waits until it was stopped and every call in flight has ended and is in the journal; then gives the lease back. */
    public void awaitEnd() {
        boolean interrupted = join(coordinator);
        workers.shutdown();
        interrupted |= await(workers);
        heart.shutdownNow();
        interrupted |= await(heart);
        try {
            judge.takeAll().forEach(this::withdraw);
            awaitSaved();
            lease.close();
        } catch (JournalException e) {
            LOG.warn("What was in flight is asked about by the next run: {}", e.getMessage());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    private static boolean await(ExecutorService executor) {
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    private void awaitSaved() {
        while (busy.get() > 0) {
            await(LOOK_AGAIN_MILLIS);
        }
    }

    private void renew() {
        try {
            if (!lease.renew()) {
                fail(
                        "this process was held up for so long that another one has taken its orders over. Start it again.");
            }
        } catch (JournalException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    // ---- what to do next ----

    private void coordinate() {
        try {
            while (stopped == null) {
                giveUpPause();
                int free = allowed();
                long wait = free == 0 ? LOOK_AGAIN_MILLIS : claim(free);
                await(wait);
            }
        } catch (JournalException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A mistake of ours. Nothing may be reported on its strength, and waiting for it would never end.
            LOG.error("An error of this program, please report it", e);
            fail("an error of this program, please report it: " + e);
        }
    }

    /** How many calls may be begun now. */
    private int allowed() {
        if (!lease.allowsCall()) {
            return 0;
        }
        if (!paused) {
            int free = slots.availablePermits();
            return free * 2 > ahead ? free : 0;
        }
        boolean due = journal.now() - probedAt >= pace.queryInterval().toMillis();
        return due && busy.get() == 0 ? 1 : 0;
    }

    /** Begins up to so many calls; returns how long to wait before looking again, unless woken. */
    private long claim(int free) {
        // Looked at first: while nothing is in flight, what the claim says of the rows stays true.
        boolean idle = busy.get() == 0;
        Claim claim = lease.claim(openBatches(), free);
        if (paused && !claim.rows().isEmpty()) {
            probedAt = journal.now();
        }
        for (HeldRow row : claim.rows()) {
            busy.incrementAndGet();
            slots.acquireUninterruptibly();
            workers.execute(() -> work(row));
        }
        Long next = claim.nextDue();
        if (next == null && idle && claim.rows().isEmpty()) {
            judge.takeAll().forEach(this::settle);
        }
        long wait = next == null ? LOOK_AGAIN_MILLIS : Math.min(LOOK_AGAIN_MILLIS, next - journal.now());
        // What is due and was not there to take is another worker's at this moment.
        return claim.rows().isEmpty() ? Math.max(WAIT_AT_LEAST_MILLIS, wait) : wait;
    }

    private List<BatchInfo> openBatches() {
        long now = System.nanoTime();
        if (now - openKnownAt > BATCHES_KNOWN_NANOS) {
            openKnownAt = now;
            open = journal.unfinished(target).stream()
                    .filter(batch -> batch.state() == BatchInfo.State.OPEN)
                    .toList();
        }
        return open;
    }

    private void await(long millis) {
        try {
            if (bell.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                bell.drainPermits();
            }
        } catch (InterruptedException e) {
            stop("interrupted");
        }
    }

    // ---- one row, as far as it goes without waiting ----

    private void work(HeldRow row) {
        try {
            if (stopped != null || !lease.allowsCall()) {
                putBack(row, row.life(), row.calls() - 1, journal.now());
            } else {
                query(row);
            }
        } catch (JournalException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("An error of this program at {}, please report it", row, e);
            fail("an error of this program, please report it: " + e);
        } finally {
            slots.release();
            busy.decrementAndGet();
            wake();
        }
    }

    private void query(HeldRow row) {
        boolean last = age(row, journal.now()) >= pace.giveUpAfter().toMillis();
        long begun = System.nanoTime();
        inFlight.incrementAndGet();
        Event event = calls.query(row.row());
        inFlight.decrementAndGet();
        long seen = System.nanoTime();
        // The pace is counted from the end.
        long end = journal.nowAtLatest();
        observer.called(operation(row).query(), event, seen - begun);
        if (event instanceof Event.Seen answer && answer.state().isFinal()) {
            event = answer.commandedBy(journal.commandedByLine(row));
        }
        OrderLife.Step step = row.life().after(event);
        if (last && !(step.action() instanceof Action.Settle)) {
            step = step.life().after(new Event.GaveUp());
        }
        HeldRow asked = row.with(row.life(), row.calls(), end, age(row, end), end);
        if (ruled(asked, event, step, row.life())) {
            if (step.action() instanceof Action.Command) {
                command(asked.with(step.life(), asked.calls(), end, asked.ageMillis(), end), seen);
            } else {
                follow(asked, step, event.retryAfter());
            }
        }
    }

    private void command(HeldRow row, long seenOpen) {
        HeldRow announced = row.with(row.life(), row.calls() + 1, row.queriedAt(), row.ageMillis(), row.countedAt());
        boolean mine = stopped == null && lease.saveNow(announced, RowState.held());
        boolean fresh = System.nanoTime() - seenOpen <= Pace.FRESH.toNanos();
        if (stopped != null || !fresh || !lease.allowsCall()) {
            follow(row, row.life().after(new Event.NotSent()), Duration.ZERO);
            return;
        }
        if (!mine) {
            LOG.warn("{} is in the hands of another process: its command was not sent", row);
            return;
        }
        long begun = System.nanoTime();
        inFlight.incrementAndGet();
        Event event = calls.command(row.row());
        inFlight.decrementAndGet();
        observer.called(Objects.requireNonNull(operation(row).command()), event, System.nanoTime() - begun);
        long end = journal.now();
        HeldRow sent = announced.with(announced.life(), announced.calls(), announced.queriedAt(), age(row, end), end);
        OrderLife.Step step = row.life().after(event);
        // If the run ends here, the order is asked about by the next one, as after a command that was not answered.
        OrderLife asking =
                row.life().after(new Event.NoAnswer(STOPPED, Duration.ZERO)).life();
        if (ruled(sent, event, step, asking)) {
            follow(sent, step, event.retryAfter());
        }
    }

    /** Whether the event is the order's own, so that the step is to be taken. Else the row is dealt with. */
    private boolean ruled(HeldRow row, Event event, OrderLife.Step step, OrderLife otherwise) {
        HeldRow before = row.with(otherwise, row.calls(), row.queriedAt(), row.ageMillis(), row.countedAt());
        HeldRow after = row.with(step.life(), row.calls(), row.queriedAt(), row.ageMillis(), row.countedAt());
        RowState end =
                step.action() instanceof Action.Settle settle ? RowState.ended(settle.verdict()) : RowState.held();
        if (event instanceof Event.NotVerified notVerified && !warned.getAndSet(true)) {
            LOG.warn(
                    "{}: {}. If this goes on, camel.component.ksher.ksher-public-key or sign-version is wrong or missing.",
                    row,
                    notVerified.facts().detail());
        }
        Judge.Ruling<Undecided> ruling = judge.after(row.orderKey(), event, new Undecided(before, after, end));
        if (ruling instanceof Judge.GoOn<Undecided> goOn) {
            goOn.decided().forEach(this::settle);
            pauseOrResume();
            return true;
        }
        if (ruling instanceof Judge.Stop<Undecided> stop) {
            settingsWrong = true;
            fail(stop.why());
            // Kept by the judge with the others, and withdrawn with them.
        }
        return false;
    }

    private void follow(HeldRow row, OrderLife.Step step, Duration retryAfter) {
        HeldRow next = row.with(step.life(), row.calls(), row.queriedAt(), row.ageMillis(), row.countedAt());
        if (step.action() instanceof Action.Settle settle) {
            save(next, RowState.ended(settle.verdict()));
        } else if (step.action() instanceof Action.Query query) {
            save(next, RowState.waitingUntil(due(next, query, retryAfter)));
        }
    }

    /**
     * When the query is due. One that would come after the order's time is up comes when it is up, so that the last look is as
     * late as it may be; but never sooner than the pace allows.
     */
    private long due(HeldRow row, Action.Query query, Duration retryAfter) {
        long queried = row.queriedAt() == null ? row.countedAt() : row.queriedAt();
        long wanted = queried + pace.wait(query.backOff(), retryAfter).toMillis();
        long timeIsUp = row.countedAt() + pace.giveUpAfter().toMillis() - row.ageMillis();
        return Math.max(queried + pace.queryInterval().toMillis(), Math.min(wanted, timeIsUp));
    }

    private void settle(Undecided row) {
        save(row.after(), row.end());
    }

    private void withdraw(Undecided row) {
        putBack(
                row.before(),
                row.before().life(),
                row.before().calls(),
                row.before().countedAt());
    }

    private void putBack(HeldRow row, OrderLife life, int callsMade, long now) {
        long soonest = row.queriedAt() == null
                ? now
                : row.queriedAt() + pace.queryInterval().toMillis();
        HeldRow next = row.with(life, callsMade, row.queriedAt(), age(row, now), now);
        save(next, RowState.waitingUntil(Math.max(now, soonest)));
    }

    private void save(HeldRow row, RowState state) {
        busy.incrementAndGet();
        var unused = lease.save(row, state).whenComplete((mine, failure) -> {
            busy.decrementAndGet();
            if (failure != null) {
                fail(String.valueOf(JournalException.of(failure).getMessage()));
            } else if (!Boolean.TRUE.equals(mine)) {
                LOG.warn("{} is in the hands of another process", row);
            } else if (state.verdict() != null) {
                LOG.debug("{}: {}", row, state.verdict().outcome());
                observer.settled(row, state.verdict().outcome());
            }
            wake();
        });
    }

    private long age(HeldRow row, long now) {
        return row.ageMillis() + clock.counted(row.countedAt(), now);
    }

    private static Operation operation(HeldRow row) {
        return Objects.requireNonNull(row.row().operation(), "only a row with an operation is worked on");
    }

    // ---- the pause ----

    private synchronized void pauseOrResume() {
        boolean wanted = judge.wantsPause();
        if (wanted && !paused) {
            paused = true;
            pausedSince = journal.now();
            clock.pause(pausedSince);
            LOG.warn(
                    "Paused: Ksher fails for one order after the other. One order is tried every {}; no order's time is running.",
                    inWords(pace.queryInterval()));
        } else if (!wanted && paused) {
            paused = false;
            clock.resume(journal.now());
            LOG.info("Ksher answers again: going on.");
            wake();
        }
    }

    private static String inWords(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private synchronized void giveUpPause() {
        if (paused && journal.now() - pausedSince >= pace.giveUpAfter().toMillis()) {
            fail(
                    "Ksher gave no good reply for " + inWords(pace.giveUpAfter())
                            + " (batch.give-up-after). What is not settled stays planned: run the same again when Ksher can be reached.");
        }
    }
}
