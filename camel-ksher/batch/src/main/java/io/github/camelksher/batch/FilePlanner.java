/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.input.OrdersFile;
import io.github.camelksher.batch.input.UnusableFileException;
import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.BatchInfo.State;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Writes a file's orders to the journal. After a kill, planning it again has the same result. */
public final class FilePlanner {

    private static final int CHUNK = 1_000;

    private FilePlanner() {}

    /**
     * Plans a file, unless the journal has its content.
     *
     * @param again whether a batch that is done is planned again, as another run
     * @throws UnusableFileException if the file changes meanwhile; then nothing was planned
     */
    public static BatchInfo plan(Journal journal, Target target, OrdersFile file, boolean again)
            throws UnusableFileException, IOException, InterruptedException {
        return plan(journal, target, file, again, () -> false);
    }

    /**
     * @throws InterruptedException if it was stopped; the next run goes on with what was planned
     */
    static BatchInfo plan(Journal journal, Target target, OrdersFile file, boolean again, BooleanSupplier stopped)
            throws UnusableFileException, IOException, InterruptedException {
        BatchInfo latest = journal.findContent(target, file.sha256());
        if (latest == null) {
            return read(journal, begin(journal, target, file, 1), file, stopped);
        }
        if (latest.isDone() && again) {
            return read(journal, begin(journal, target, file, latest.run() + 1), file, stopped);
        }
        return latest.state() == State.READING ? read(journal, latest, file, stopped) : latest;
    }

    private static BatchInfo read(Journal journal, BatchInfo batch, OrdersFile file, BooleanSupplier stopped)
            throws UnusableFileException, IOException, InterruptedException {
        try {
            List<OrderRow> chunk = new ArrayList<>(CHUNK);
            file.forEach(row -> {
                chunk.add(row);
                if (chunk.size() == CHUNK) {
                    if (stopped.getAsBoolean()) {
                        throw new InterruptedException("planning was stopped");
                    }
                    journal.addRows(batch, List.copyOf(chunk));
                    chunk.clear();
                }
            });
            journal.addRows(batch, chunk);
        } catch (UnusableFileException e) {
            journal.forget(batch);
            throw e;
        }
        journal.release(batch);
        return Objects.requireNonNull(journal.find(batch.target(), batch.name()));
    }

    private static BatchInfo begin(Journal journal, Target target, OrdersFile file, int run)
            throws UnusableFileException {
        String name = file.batchName() + (run == 1 ? "" : "-" + run);
        BatchInfo batch = journal.beginFile(target, name, file.sha256(), run);
        @Nullable String known = batch.sha256();
        if (!file.sha256().equals(known)) {
            throw new UnusableFileException("The journal has another batch of the name " + name
                    + ", from a queue or of another content: rename " + file.path() + ". Nothing was done.");
        }
        return batch;
    }
}
