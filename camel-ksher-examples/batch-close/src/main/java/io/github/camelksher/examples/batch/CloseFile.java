/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.report.ReportFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Closes a file's orders, after those of unfinished batches.
 *
 * @param again whether a file that is finished is run once more
 */
record CloseFile(Application application, Path file, boolean again) implements Command {

    @Override
    public ExitCode run() throws Exception {
        OrdersFile orders = OrdersFile.open(file);
        RunToEnd run = new RunToEnd(application);
        List<BatchInfo> wanted = new ArrayList<>(run.batch.journal().unfinished(application.target()));
        BatchInfo mine;
        try {
            mine = run.batch.plan(file, again);
        } catch (InterruptedException e) {
            return run.stopped();
        }
        application.say(application.target() + ", batch " + mine.name() + ": " + Words.orders(orders.rows()));
        if (mine.isDone()) {
            application.say("It is finished already: no call is made for it. (--again runs it once more.)");
            ReportFiles.write(run.batch.journal(), mine, application.configuration.getReport());
        }
        wanted.removeIf(other -> other.id() == mine.id() || other.state() != BatchInfo.State.OPEN);
        wanted.forEach(other -> application.say("Unfinished, gone on with first: " + other.name()));
        wanted.add(mine);
        return run.finish(wanted);
    }
}
