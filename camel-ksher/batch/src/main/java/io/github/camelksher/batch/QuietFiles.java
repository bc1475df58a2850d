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
 * Accepts a file when its size and time have not changed for 5 s by this process's clock: a file's
 * own time may be hours in the future. It never waits, so that no file delays another. Thread-safe.
 */
final class QuietFiles implements GenericFileFilter<File> {

    static final Duration QUIET = Duration.ofSeconds(5);
    /** After so long, a file that is still held back is logged. */
    static final Duration LONG = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(QuietFiles.class);

    /** Times are by this process's clock. */
    private record Seen(long size, long modified, long unchangedSince, long heldSince, boolean warned, long latest) {}

    private final Map<String, Seen> files = new HashMap<>();
    private final LongSupplier nanoTime;
    private long tidiedAt;

    QuietFiles() {
        this(System::nanoTime);
    }

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
            // Otherwise files that are gone would stay in the map for ever.
            files.values().removeIf(seen -> now - seen.latest() > LONG.toNanos());
            tidiedAt = now;
        }
        Seen before = files.getOrDefault(path, new Seen(size, modified, now, now, false, now));
        boolean same = before.size() == size && before.modified() == modified;
        long unchangedSince = same ? before.unchangedSince() : now;
        boolean quiet = now - unchangedSince >= QUIET.toNanos();
        boolean warn = !quiet && !before.warned() && now - before.heldSince() >= LONG.toNanos();
        if (warn) {
            LOG.warn(
                    "{} is still being written to: it is taken when its size and time have not changed for {} s.",
                    path,
                    QUIET.toSeconds());
        }
        // A change after the file was accepted is logged anew.
        long heldSince = quiet ? now : before.heldSince();
        files.put(path, new Seen(size, modified, unchangedSince, heldSince, !quiet && (warn || before.warned()), now));
        return quiet;
    }
}
