/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class BatchH2Test extends BatchContract {

    @TempDir
    Path directory;

    @Override
    String newDatabase() {
        return "jdbc:h2:file:" + directory.resolve("journal");
    }
}
