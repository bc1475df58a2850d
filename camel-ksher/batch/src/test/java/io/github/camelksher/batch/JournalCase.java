/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.journal.Journal;
import io.github.camelksher.batch.journal.Target;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a journal of its own. */
public abstract class JournalCase {

    protected static final Target TARGET =
            new Target("mch10001", "https://api.example/KsherPay", "https://gw.example/api");

    @TempDir
    protected Path directory;

    protected Journal journal;

    @BeforeEach
    protected void open() {
        journal = Journal.open("jdbc:h2:file:" + directory.resolve("journal"), null, null);
    }

    @AfterEach
    protected void close() {
        journal.close();
    }

    protected BatchInfo now(BatchInfo batch) {
        return Objects.requireNonNull(journal.find(TARGET, batch.name()));
    }
}
