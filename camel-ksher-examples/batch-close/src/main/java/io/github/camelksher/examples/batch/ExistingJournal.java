/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import io.github.camelksher.batch.journal.Journal;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the journal for a command that only looks into it: H2 would make one that is not there. */
final class ExistingJournal {

    private ExistingJournal() {}

    static Journal open(BatchConfiguration configuration) throws UsageException {
        Path file = SettingChecks.h2File(configuration.getJournalUrl());
        if (file != null && !Files.exists(file.resolveSibling(file.getFileName() + ".mv.db"))) {
            throw new UsageException("There is no journal at " + file + ": check --report and --journal.");
        }
        return Journal.open(
                configuration.getJournalUrl(), configuration.getJournalUser(), configuration.getJournalPassword());
    }
}
