/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import java.io.File;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts a file when its size and its time have not changed for 5 s. Only our own clock counts: a file's time is set by whoever
 * wrote it, and may lie hours ahead. Looks and returns, so that no file waits for another. Thread-safe.
 */
final class QuietFiles implements GenericFileFilter<File> {

    static final Duration QUIET = Duration.ofSeconds(5);
    /** After this, it is said that a file is held back. */
    static final Duration LONG = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(QuietFiles.class);

    /** All times are of our own clock. */
    private record Seen(long size, long modified, long unchangedSince, long heldSince, boolean told, long latest) {}

    private final Map<String, Seen> files = new HashMap<>();
    private final LongSupplier nanoTime;
    private long tidiedAt;

    QuietFiles() {
        this(System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    QuietFiles(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.tidiedAt = nanoTime.getAsLong();
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        return accept(file.getAbsoluteFilePath(), file.getFileLength(), file.getLastModified());
    }

    synchronized boolean accept(String path, long size, long modified) {
        long now = nanoTime.getAsLong();
        if (now - tidiedAt > LONG.toNanos()) {
            // Files that are gone would stay here for ever.
            files.values().removeIf(seen -> now - seen.latest() > LONG.toNanos());
            tidiedAt = now;
        }
        Seen before = files.getOrDefault(path, new Seen(size, modified, now, now, false, now));
        boolean same = before.size() == size && before.modified() == modified;
        long unchangedSince = same ? before.unchangedSince() : now;
        boolean quiet = now - unchangedSince >= QUIET.toNanos();
        boolean tell = !quiet && !before.told() && now - before.heldSince() >= LONG.toNanos();
        if (tell) {
            LOG.warn(
                    "{} is still being written to: it is taken when its size and time have not changed for {} s.",
                    path,
                    QUIET.toSeconds());
        }
        // What changes a file that was accepted is another matter, and is told of again.
        long heldSince = quiet ? now : before.heldSince();
        files.put(path, new Seen(size, modified, unchangedSince, heldSince, !quiet && (tell || before.told()), now));
        return quiet;
    }
}
