/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.journal.BatchInfo;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves files of a watched folder; never deletes or overwrites one. Thread-safe. */
final class WatchedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

    private record Stamp(long size, FileTime modified) {

        static Stamp of(Path path) throws IOException {
            return new Stamp(Files.size(path), Files.getLastModifiedTime(path));
        }
    }

    private final Map<Long, Map<Path, Stamp>> files = new HashMap<>();
    private final Map<Long, BatchInfo> batches = new HashMap<>();

    synchronized void add(BatchInfo batch, Path path) throws IOException {
        batches.put(batch.id(), batch);
        files.computeIfAbsent(batch.id(), id -> new HashMap<>()).put(path, Stamp.of(path));
    }

    /** The batches that have files here. */
    synchronized List<BatchInfo> batches() {
        return List.copyOf(batches.values());
    }

    /** Moves a finished batch's files to {@code done}, unless they were changed since. */
    synchronized void done(BatchInfo batch) {
        batches.remove(batch.id());
        Map<Path, Stamp> mine = files.remove(batch.id());
        if (mine != null) {
            mine.forEach((path, stamp) -> {
                try {
                    if (Files.exists(path) && Stamp.of(path).equals(stamp)) {
                        move(path, "done");
                    }
                } catch (IOException e) {
                    // Nothing is lost, because the report is written; the next run moves the file.
                    cannotMove(path, "done", "Its report is written.", e);
                }
            });
        }
    }

    private static void cannotMove(Path path, String folder, String what, IOException e) {
        LOG.error(
                "{} cannot be moved to {} ({}). {} Set the folder's rights, or move it by hand.",
                path,
                folder,
                e.getClass().getSimpleName(),
                what);
    }

    /** Moves an unusable file to {@code failed} and writes the reason beside it. */
    static void failed(Path path, String why) {
        LOG.error("{}", why);
        try {
            moveToFailed(path, why);
        } catch (IOException e) {
            cannotMove(path, "failed", "It cannot be used as it is.", e);
        }
    }

    private static void moveToFailed(Path path, String why) throws IOException {
        if (Files.exists(path)) {
            Path moved = move(path, "failed");
            // Renamed when it is complete, so that nobody reads half of it.
            Path unfinished = Files.writeString(moved.resolveSibling("." + moved.getFileName() + ".tmp"), why + "\n");
            Files.move(
                    unfinished,
                    moved.resolveSibling(moved.getFileName() + ".txt"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path move(Path path, String folder) throws IOException {
        Path directory = Files.createDirectories(path.resolveSibling(folder));
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String end = dot > 0 ? name.substring(dot) : "";
        for (int i = 1; ; i++) {
            Path target = directory.resolve(i == 1 ? name : stem + "-" + i + end);
            try {
                return Files.move(path, target);
            } catch (FileAlreadyExistsException e) {
                // A file of an earlier day: try the next number.
            }
        }
    }
}
