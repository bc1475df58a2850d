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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one row until it must wait: its query, and the command if the order is open. Each call
 * is announced in the journal before it is made, and its end is saved afterwards. Thread-safe.
 */
final class RowWorker {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);
    private static final CallDetails STOPPED = CallDetails.of("the run was stopped before the answer could be used");

    private final RunContext run;
    private final Lease lease;
    private final Calls calls;
    private final Pace pace;
    private final Observer observer;
    private final PauseControl pause;
    private final StopRules<WithheldEnd> stopRules = new StopRules<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger unsaved = new AtomicInteger();
    /** Whether a run has warned of an untrusted reply: once is enough. */
    private final AtomicBoolean warned = new AtomicBoolean();

    /** A row's save if the worker goes on, and if it stops because of the row's event. */
    private record WithheldEnd(Save end, Save again) {}

    /** How a call ended, and when by this process's clock. */
    private record Ended(Event event, long at) {}

    RowWorker(RunContext run, Lease lease, Calls calls, Pace pace, Observer observer, PauseControl pause) {
        this.run = run;
        this.lease = lease;
        this.calls = calls;
        this.pace = pace;
        this.observer = observer;
        this.pause = pause;
    }

    int inFlight() {
        return inFlight.get();
    }

    int unsaved() {
        return unsaved.get();
    }

    /** Works on a claimed row whose query is announced. */
    void work(HeldRow row) {
        if (!run.state().isRunning() || !lease.allowsCall(row)) {
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

    /** Lets a claimed row wait again: its announced query is not made. */
    void putBack(HeldRow row) {
        save(Save.waiting(row.withCalls(row.calls() - 1)));
    }

    private void command(HeldRow row, long seenOpen) {
        HeldRow announced = row.withCalls(row.calls() + 1);
        boolean mine = run.state().isRunning() && isSaved(Save.announced(announced));
        boolean openIsValid = run.nanos() - seenOpen <= Pace.OPEN_VALID_FOR.toNanos();
        if (!run.state().isRunning() || !openIsValid || (mine && !lease.allowsCall(row))) {
            // If the announcement is saved, so is the query's end.
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
        // If the run ends here, the next one queries the order, as after a command without an
        // answer.
        OrderLife asking =
                row.life().after(new Event.NoAnswer(STOPPED, Duration.ZERO)).life();
        if (isItsOwn(announced, event, step, false, announced.withLife(asking))) {
            // The journal counts a delay from the query's end, but the server meant the command's
            // end.
            Duration asked = event.retryAfter();
            follow(announced, step, false, asked.isZero() ? asked : asked.plusNanos(ended.at() - seenOpen));
        }
    }

    private Ended call(HeldRow row, String operation, Supplier<Event> call) {
        long begun = run.nanos();
        inFlight.incrementAndGet();
        Event event;
        try {
            event = call.get();
        } finally {
            inFlight.decrementAndGet();
        }
        Ended ended = new Ended(event, run.nanos());
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
     * Whether the event concerns only its order. Otherwise the row's save is withheld.
     *
     * @param again the row that is saved instead if the worker stops
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
            // This row is put back with the other withheld ones.
            run.state().failForSettings(stop.why());
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

    boolean withholds() {
        return !stopRules.isEmpty();
    }

    /** Saves withheld rows as they ended: no row is left that could bring a good reply. */
    void releaseWithheld() {
        stopRules.takeAll().forEach(withheld -> save(withheld.end()));
    }

    void putBackWithheld() {
        stopRules.takeAll().forEach(withheld -> save(withheld.again()));
    }

    private void save(Save save) {
        unsaved.incrementAndGet();
        CompletableFuture<Boolean> saved;
        try {
            saved = lease.save(save);
        } catch (RuntimeException | Error e) {
            // For instance because the journal is closed.
            saved = CompletableFuture.failedFuture(e);
        }
        var unused = saved.whenComplete((mine, failure) -> {
            unsaved.decrementAndGet();
            if (failure != null) {
                run.state().fail(JournalException.of(failure));
            } else if (!Boolean.TRUE.equals(mine)) {
                LOG.warn(
                        "{} is not held under this process's id any more: whoever holds it goes on with it",
                        save.row());
            } else if (save.result() != null) {
                LOG.debug("{}: {}", save.row(), save.result().outcome());
                notifyObserver(save.row(), save.result().outcome());
            }
            run.wakeUp().wake();
        });
    }

    private void notifyObserver(HeldRow row, Outcome outcome) {
        try {
            observer.settled(row, outcome);
        } catch (RuntimeException | Error e) {
            // Otherwise it would be lost in a future that nobody reads.
            run.state().fail(e);
        }
    }

    private Duration timeLeft(HeldRow row) {
        Duration left = pace.giveUpAfter().minusMillis(run.time().millis() - row.begunRan());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static RowOperation operation(HeldRow row) {
        return Objects.requireNonNull(row.row().operation(), "only a row with an operation is worked on");
    }
}
