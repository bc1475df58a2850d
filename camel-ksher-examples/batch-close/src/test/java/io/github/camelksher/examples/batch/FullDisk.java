/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A disk that is full for one process: its files may not grow beyond 64 KiB, in the middle of its
 * life, and then they may again.
 */
final class FullDisk {

    private static final int BYTES = 64 * 1024;

    private FullDisk() {}

    /** Whether this system has a program for it. */
    static boolean canBeMade() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prlimit")));
    }

    static void begin(BatchProcess process) throws IOException, InterruptedException {
        limit(process, String.valueOf(BYTES));
    }

    static void end(BatchProcess process) throws IOException, InterruptedException {
        limit(process, "unlimited");
    }

    /** Only the soft limit: nobody but root may raise the hard one again. */
    private static void limit(BatchProcess process, String soft) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + soft + ":")
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0 && process.isAlive()) {
            throw new IOException("the file size of process " + process.pid() + " could not be limited");
        }
    }
}
