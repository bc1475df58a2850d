/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.JournalException;
import java.io.IOException;
import java.nio.file.Path;

/** Takes in files: a given one, or those of a watched folder. */
record FileIntake(Running running, Finisher finisher, WatchedFiles watched) {

    BatchInfo plan(Path path, boolean again) throws UnusableFileException, IOException, InterruptedException {
        BatchInfo batch = FilePlanner.plan(
                running.journal(),
                running.target(),
                OrdersFile.open(path),
                again,
                () -> running.worker().stopped() != null);
        running.worker().wake();
        finisher.wake();
        return batch;
    }

    /** Plans a watched file; moves it to {@code failed} if it is unusable. */
    void watched(Path path) throws IOException, InterruptedException {
        try {
            BatchInfo batch = plan(path, false);
            watched.add(batch, path);
            if (batch.isDone()) {
                finisher.report(batch);
            }
            finisher.wake();
        } catch (UnusableFileException e) {
            WatchedFiles.failed(path, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            // Stopped: the file stays where it is, and the next run goes on with it.
            if (running.worker().stopped() == null) {
                throw e;
            }
        } catch (JournalException e) {
            running.worker().fail(e);
        }
    }
}
