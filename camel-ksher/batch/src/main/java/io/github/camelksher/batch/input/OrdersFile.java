/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A file of orders, known by its content. Read twice, each time as a stream: once to know it, once for its rows. */
public final class OrdersFile {

    /** What is done with each row. */
    @FunctionalInterface
    public interface RowHandler {
        void handle(OrderRow row) throws IOException, InterruptedException;
    }

    private static final int NAME_LENGTH = 48;

    private final Path path;
    private final String sha256;
    private final long rows;
    private final RoundedNumbers rounded;

    private OrdersFile(Path path, String sha256, long rows, RoundedNumbers rounded) {
        this.path = path;
        this.sha256 = sha256;
        this.rows = rows;
        this.rounded = rounded;
    }

    /**
     * Looks at the whole file, and keeps its hash and what a spreadsheet did to its numbers.
     *
     * @throws UnusableFileException if it cannot be read, is not UTF-8 or has no usable header
     */
    public static OrdersFile open(Path path) throws UnusableFileException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // It is read twice, and what is no file may be another one then, or never end.
            throw new UnusableFileException(path + " is no file but a folder, pipe or device. Nothing was done.");
        }
        try {
            long[] rows = new long[1];
            RoundedNumbers rounded = new RoundedNumbers();
            String hash = read(path, row -> {
                rows[0]++;
                rounded.add(row);
            });
            return new OrdersFile(path, hash, rows[0], rounded);
        } catch (NoSuchFileException e) {
            throw new UnusableFileException("Cannot read " + path + ": there is no such file. Nothing was done.");
        } catch (IOException | InterruptedException e) {
            throw new UnusableFileException(
                    "Cannot read " + path + " (" + e.getClass().getSimpleName() + "). Nothing was done.");
        }
    }

    /**
     * Hands over each row in order.
     *
     * @throws UnusableFileException if the file is not the one that was opened any more; what was handed over must not be used
     */
    public void forEach(RowHandler handler) throws UnusableFileException, IOException, InterruptedException {
        if (!read(path, row -> handler.handle(rounded.check(row))).equals(sha256)) {
            throw new UnusableFileException(path + " was changed while it was read. Nothing was done.");
        }
    }

    private static String read(Path path, RowHandler handler)
            throws UnusableFileException, IOException, InterruptedException {
        MessageDigest digest = sha256Digest();
        String fileName = String.valueOf(path.getFileName());
        try (InputStream bytes = new DigestInputStream(new BufferedInputStream(Files.newInputStream(path)), digest);
                OrdersCsv csv = new OrdersCsv(fileName, bytes)) {
            for (@Nullable OrderRow row = csv.next(); row != null; row = csv.next()) {
                handler.handle(row);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public Path path() {
        return path;
    }

    /** SHA-256 of the content, in hex. */
    public String sha256() {
        return sha256;
    }

    /** How many rows it has, those that cannot be worked on too. */
    public long rows() {
        return rows;
    }

    /** The batch's name: the file's without its ending, and the first 8 hex digits of its hash; safe in any file system. */
    public String batchName() {
        String name = String.valueOf(path.getFileName())
                .replaceFirst("(?i)\\.csv$", "")
                .replaceAll("[^A-Za-z0-9._-]", "_")
                .replaceFirst("^[.-]+", "_");
        return name.substring(0, Math.min(name.length(), NAME_LENGTH)) + "-" + sha256.substring(0, 8);
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
