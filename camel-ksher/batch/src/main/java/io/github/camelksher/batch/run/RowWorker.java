/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.journal.Lease;
import io.github.camelksher.batch.journal.Save;
import io.github.camelksher.batch.life.Action;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.life.RowOperation;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads one row as far as it goes without waiting: its query, and, if the order is open, the command. Each call is announced in the
 * journal before it is made, and its end is written there after. Thread-safe.
 */
final class RowWorker {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
    private static final CallDetails STOPPED = CallDetails.of("the run was stopped before the answer could be used");

    private final Lease lease;
    private final Calls calls;
    private final Pace pace;
    private final Observer observer;
    private final RunState state;
    private final PauseControl pause;
    private final RunTime runTime;
    private final WakeUp wakeUp;
    private final LongSupplier nanoTime;
    private final StopRules<WithheldEnd> stopRules = new StopRules<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    /** Ends that are not on disk yet. */
    private final AtomicInteger unsaved = new AtomicInteger();
    /** Whether it was said that a reply cannot be trusted: once a run is enough. */
    private final AtomicBoolean warned = new AtomicBoolean();

    /** What becomes of a row if its last call's end is its own, and what if it says more of the whole. */
    private record WithheldEnd(Save end, Save again) {}

    /** How a call ended, and when, by this process's own clock. */
    private record Ended(Event event, long at) {}

    RowWorker(
            Lease lease,
            Calls calls,
            Pace pace,
            Observer observer,
            RunState state,
            PauseControl pause,
            RunTime runTime,
            WakeUp wakeUp,
            LongSupplier nanoTime) {
        this.lease = lease;
        this.calls = calls;
        this.pace = pace;
        this.observer = observer;
        this.state = state;
        this.pause = pause;
        this.runTime = runTime;
        this.wakeUp = wakeUp;
        this.nanoTime = nanoTime;
    }

    int inFlight() {
        return inFlight.get();
    }

    int unsaved() {
        return unsaved.get();
    }

    /** Works on a claimed row, whose query is announced. */
    void work(HeldRow row) {
        if (!state.isRunning() || !lease.allowsCall(row)) {
            putBack(row);
            return;
        }
        boolean last = timeLeft(row).isZero();
        Ended ended = call(row, operation(row).query(), () -> calls.query(row.row()));
        Event event = ended.event();
        if (event instanceof Event.Seen answer && answer.state().isFinal()) {
            event = answer.commandedBy(row.commandedByLine());
        }
        OrderLife.Step step = row.life().after(event);
        if (last && !(step.action() instanceof Action.Settle)) {
            step = step.life().after(new Event.GaveUp());
        }
        if (isItsOwn(row, event, step, true, row)) {
            if (step.action() instanceof Action.Command) {
                command(row.withLife(step.life()), ended.at());
            } else {
                follow(row, step, true, event.retryAfter());
            }
        }
    }

    /** Lets a claimed row wait again: the query that was announced is not made. */
    void putBack(HeldRow row) {
        save(Save.waiting(row.withCalls(row.calls() - 1)));
    }

    private void command(HeldRow row, long seenOpen) {
        HeldRow announced = row.withCalls(row.calls() + 1);
        boolean mine = state.isRunning() && isSaved(Save.announced(announced));
        boolean openIsValid = nanoTime.getAsLong() - seenOpen <= Pace.OPEN_VALID_FOR.toNanos();
        if (!state.isRunning() || !openIsValid || (mine && !lease.allowsCall(row))) {
            // The announcement has written the query's end, if it is there.
            follow(row, row.life().after(new Event.NotSent()), !mine, Duration.ZERO);
            return;
        }
        if (!mine) {
            LOG.warn("{} is not held under this process's id any more: its command was not sent", row);
            return;
        }
        Ended ended = call(row, Objects.requireNonNull(operation(row).command()), () -> calls.command(row.row()));
        Event event = ended.event();
        OrderLife.Step step = row.life().after(event);
        // If the run ends here, the order is asked about by the next one, as after a command that was not answered.
        OrderLife asking =
                row.life().after(new Event.NoAnswer(STOPPED, Duration.ZERO)).life();
        if (isItsOwn(announced, event, step, false, announced.withLife(asking))) {
            // Waits are counted from the query's end; what Ksher's side asks for, from the command's.
            Duration asked = event.retryAfter();
            follow(announced, step, false, asked.isZero() ? asked : asked.plusNanos(ended.at() - seenOpen));
        }
    }

    private Ended call(HeldRow row, String operation, Supplier<Event> call) {
        long begun = nanoTime.getAsLong();
        inFlight.incrementAndGet();
        Event event;
        try {
            event = call.get();
        } finally {
            inFlight.decrementAndGet();
        }
        Ended ended = new Ended(event, nanoTime.getAsLong());
        observer.called(operation, event, ended.at() - begun);
        pause.record(row, row.orderKey(), event);
        return ended;
    }

    private boolean isSaved(Save save) {
        try {
            return Boolean.TRUE.equals(lease.save(save).join());
        } catch (CompletionException e) {
            throw JournalException.of(e);
        }
    }

    /**
     * Whether the event is the order's own, so that the step is to be taken. Else its end is withheld.
     *
     * @param again what is written instead, if the event turns out not to be the order's own
     */
    private boolean isItsOwn(HeldRow row, Event event, OrderLife.Step step, boolean queryEnded, HeldRow again) {
        HeldRow after = row.withLife(step.life());
        Save end = step.action() instanceof Action.Settle settle
                ? Save.ended(after, settle.result())
                : Save.waiting(after).withTimeLeft(timeLeft(row));
        if (event instanceof Event.NotVerified notVerified && !warned.getAndSet(true)) {
            LOG.warn(
                    "{}: {}. If this goes on, camel.component.ksher.ksher-public-key or sign-version is wrong or"
                            + " missing.",
                    row,
                    notVerified.details().text());
        }
        StopRules.Decision<WithheldEnd> decision = stopRules.after(
                row.orderKey(),
                event,
                new WithheldEnd(
                        end.withQueryEnded(queryEnded), Save.waiting(again).withQueryEnded(queryEnded)));
        if (decision instanceof StopRules.GoOn<WithheldEnd> goOn) {
            goOn.released().forEach(withheld -> save(withheld.end()));
            return true;
        }
        if (decision instanceof StopRules.Stop<WithheldEnd> stop) {
            // This row is withheld with the others, and put back with them.
            state.failForSettings(stop.why());
        }
        return false;
    }

    private void follow(HeldRow row, OrderLife.Step step, boolean queryEnded, Duration retryAfter) {
        HeldRow next = row.withLife(step.life());
        if (step.action() instanceof Action.Settle settle) {
            save(Save.ended(next, settle.result()).withQueryEnded(queryEnded));
        } else if (step.action() instanceof Action.Query query) {
            save(Save.waiting(next)
                    .withQueryEnded(queryEnded)
                    .withDelay(pace.wait(query.backOff(), retryAfter))
                    .withTimeLeft(timeLeft(row)));
        }
    }

    /** Whether there are rows whose end is withheld. */
    boolean withholds() {
        return !stopRules.isEmpty();
    }

    /** Nothing is under way that could bring a good reply: withheld ends stand as they are. */
    void releaseWithheld() {
        stopRules.takeAll().forEach(withheld -> save(withheld.end()));
    }

    /** The worker stopped: rows whose end is withheld are planned again. */
    void putBackWithheld() {
        stopRules.takeAll().forEach(withheld -> save(withheld.again()));
    }

    private void save(Save save) {
        unsaved.incrementAndGet();
        CompletableFuture<Boolean> saved;
        try {
            saved = lease.save(save);
        } catch (RuntimeException | Error e) {
            // The journal is closed, for instance.
            saved = CompletableFuture.failedFuture(e);
        }
        var unused = saved.whenComplete((mine, failure) -> {
            unsaved.decrementAndGet();
            if (failure != null) {
                state.fail(String.valueOf(JournalException.of(failure).getMessage()));
            } else if (!Boolean.TRUE.equals(mine)) {
                LOG.warn(
                        "{} is not held under this process's id any more: whoever holds it goes on with it",
                        save.row());
            } else if (save.result() != null) {
                LOG.debug("{}: {}", save.row(), save.result().outcome());
                tell(save.row(), save.result().outcome());
            }
            wakeUp.wake();
        });
    }

    private void tell(HeldRow row, Outcome outcome) {
        try {
            observer.settled(row, outcome);
        } catch (RuntimeException | Error e) {
            // It would end in a future that nobody looks at.
            state.failUnexpectedly(e);
        }
    }

    private Duration timeLeft(HeldRow row) {
        Duration left = pace.giveUpAfter().minusMillis(runTime.millis() - row.begunRan());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static RowOperation operation(HeldRow row) {
        return Objects.requireNonNull(row.row().operation(), "only a row with an operation is worked on");
    }
}
