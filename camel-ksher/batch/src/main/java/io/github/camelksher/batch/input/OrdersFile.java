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

/** A file of orders, identified by its hash. It is read twice: for the hash, then for its rows. */
public final class OrdersFile {

    /** Takes one row after the other. */
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

    /** Opens a file; fails if it cannot be read, is not UTF-8 or has no usable header. */
    public static OrdersFile open(Path path) throws UnusableFileException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            // A pipe or device may never end, and may give other bytes when it is read again.
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

    /** Hands over each row; fails at the end if the content changed: no row must be used then. */
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

    /** How many rows it has, invalid ones included. */
    public long rows() {
        return rows;
    }

    /** The batch's name: the file's name without .csv, and the first 8 hex digits of its hash. */
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
