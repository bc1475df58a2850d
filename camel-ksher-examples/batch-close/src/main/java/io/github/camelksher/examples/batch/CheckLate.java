/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.life.Outcome;
import java.util.List;
import java.util.Map;

/** Asks once more about a batch's closed gateway orders: a saved QR code can still be paid. */
record CheckLate(Application application, String name) implements Command {

    @Override
    public ExitCode run() throws Exception {
        RunToEnd run = new RunToEnd(application);
        BatchInfo closed = run.batch.journal().find(application.target(), name);
        if (closed == null) {
            throw new UsageException(
                    "The journal has no batch " + name + " for " + application.target() + ": --status lists them.");
        }
        if (!closed.isDone()) {
            throw new UsageException(name + " is not finished: run it to its end first.");
        }
        BatchInfo late = run.batch.checkLate(closed);
        application.say(application.target() + ", " + late.received() + " closed gateway order"
                + (late.received() == 1 ? "" : "s") + " of " + name + " to ask about once more");
        ExitCode code = run.finish(List.of(late));
        if (code == ExitCode.UNFINISHED) {
            return code;
        }
        // An order that was refunded meanwhile was paid first.
        Map<Outcome, Long> outcomes = run.batch.journal().reports().outcomes(late);
        boolean paid = outcomes.containsKey(Outcome.PAID) || outcomes.containsKey(Outcome.REFUNDED);
        return paid ? ExitCode.NEEDS_PERSON : code;
    }
}
