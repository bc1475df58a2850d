/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.journal.JournalException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started batch close: works until it is done or stopped, and says why it stopped. */
final class BatchRun {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    /** Nobody tells that a database is there, or that another process has finished a batch. */
    private static final long CHECK_AGAIN_MILLIS = 2_000;

    private final Application application;
    private final Ending ending;
    private final Metrics metrics = new Metrics();
    final Progress progress;
    final KsherBatch batch;
    /** A permit for each event after which the run may be over. */
    private final Semaphore wakeUps = new Semaphore(0);
    /** Why the batch has not started; null once it has. */
    private volatile @Nullable String notStarted = "The journal is being opened.";

    private BatchRun(Application application) {
        this.application = application;
        this.ending = application.ending;
        this.progress = new Progress(ending::fail);
        this.batch = new KsherBatch(
                application.context(),
                application.configuration,
                new Observers(List.of(ending, metrics, progress)),
                finished -> {
                    progress.done(finished);
                    wakeUps.release();
                });
    }

    /**
     * Starts Camel and the batch.
     *
     * @param queue where orders come from; null if they come from files
     */
    static BatchRun start(Application application, @Nullable Queue queue) throws UsageException {
        Settings settings = application.settings;
        application.start(ManagementServer.properties(settings), camel -> {
            if (queue != null) {
                queue.bindTo(camel);
            }
        });
        try {
            application.target();
        } catch (IllegalArgumentException e) {
            throw settings.unusable(e);
        }
        BatchRun run = new BatchRun(application);
        // Before it starts: it may have to wait for its journal.
        HealthChecks.register(run.batch, queue == null ? null : queue.broker, () -> run.notStarted);
        Status status = new Status(run.batch, run.progress, () -> run.notStarted);
        application.closeFirst(status);
        String answersAt = ManagementServer.serve(application, status);
        run.start();
        run.sayWhereStatusIsAnswered(answersAt);
        return run;
    }

    /** Not before the journal is this process's own. */
    private void sayWhereStatusIsAnswered(@Nullable String url) {
        StatusAddress address = StatusAddress.of(application.configuration);
        if (address != null) {
            application.closeFirst(address);
            address.write(url);
        }
    }

    private void start() throws UsageException {
        application.context().getRegistry().bind("ksherBatch", batch);
        startWhenJournalIsThere();
        application.closeFirst(batch);
        ending.whenWanted(() -> batch.worker().stop("on request"));
        ending.whenWanted(wakeUps::release);
        ending.callsInFlight(() -> batch.worker().inFlight());
        var unused = batch.worker().whenStopped().thenRun(wakeUps::release);
        metrics.register(batch);
    }

    /** A folder's or a queue's run waits for its database: both may start with the machine. */
    private void startWhenJournalIsThere() throws UsageException {
        boolean waits = application.configuration.getJournalPatience() == null;
        for (boolean said = false; ; said = true) {
            try {
                batch.start();
                notStarted = null;
                return;
            } catch (JournalException e) {
                if (!waits || !e.isAway() || ending.isWanted()) {
                    throw e;
                }
                notStarted = e.getMessage();
                if (!said) {
                    LOG.warn("{} Trying again until it is there.", e.getMessage());
                }
                if (ending.awaitWanted(CHECK_AGAIN_MILLIS)) {
                    throw e;
                }
            } catch (RuntimeException e) {
                throw application.settings.unusable(RootCause.of(e));
            }
        }
    }

    /** Goes on with what comes, until it is stopped. */
    ExitCode serve() throws InterruptedException {
        work(0, () -> false);
        if (ending.error() != null || batch.worker().hasFailed()) {
            return stopped();
        }
        application.say("Stopped. Run the same again to go on: nothing is lost.");
        return ExitCode.SETTLED;
    }

    /**
     * Works until it is done, which is returned, or stopped.
     *
     * @param rows 0 if nobody knows how many there will be
     */
    boolean work(long rows, BooleanSupplier done) throws InterruptedException {
        String url = ManagementServer.url(application);
        if (url != null) {
            application.say(ManagementServer.urls(url));
        }
        boolean isDone = false;
        Progress.Shown shown = progress.show(rows, batch.worker());
        try {
            while (!isDone && batch.worker().stopped() == null) {
                isDone = done.getAsBoolean();
                if (!isDone && wakeUps.tryAcquire(CHECK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
            }
        } finally {
            shown.close();
        }
        return isDone && ending.error() == null;
    }

    /** Says why it stopped, and how to go on. */
    ExitCode stopped() {
        String error = ending.error();
        application.say("Stopped: "
                + (error == null
                        ? batch.worker().stopped()
                        : "an error of this program, please report it (" + error + ")"));
        sayLastFailure();
        String how = batch.worker().settingsAreWrong() ? "Correct the settings, then" : "To go on,";
        application.say(
                application.howToGoOn != null
                        ? application.howToGoOn
                        : how
                                + " run the same again: what is settled stays, and every order in flight is asked about first.");
        return ExitCode.UNFINISHED;
    }

    void sayLastFailure() {
        String trouble = batch.worker().trouble();
        if (trouble != null) {
            application.say("The last failure: " + trouble);
        }
    }
}
