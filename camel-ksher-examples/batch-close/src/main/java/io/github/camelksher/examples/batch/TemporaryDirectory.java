/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** A directory that is gone when it is closed. */
final class TemporaryDirectory implements AutoCloseable {

    final Path path;

    TemporaryDirectory() throws IOException {
        path = Files.createTempDirectory("batch-close");
    }

    /** Deletes it also if a signal ends the process before it is closed. */
    TemporaryDirectory deletedOnSignal() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                close();
                            } catch (IOException e) {
                                // The system's own cleaning takes what is left.
                            }
                        },
                        "batch-close-temporary"));
        return this;
    }

    @Override
    public void close() throws IOException {
        FileSystemUtils.deleteRecursively(path);
    }
}
