/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.BatchConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside an H2 journal that tells where the process that has the journal answers
 * {@code --status}: H2 lets nobody else in. Whoever opens the journal next writes it anew or deletes
 * it, so what a killed process left behind is never asked.
 */
record StatusAddress(Path file) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("batch-close");
    /** Counting the rows of a large journal takes seconds. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Null for PostgreSQL, which every process can ask itself. */
    static @Nullable StatusAddress of(BatchConfiguration configuration) {
        Path journal = SettingChecks.h2File(configuration.getJournalUrl());
        return journal == null ? null : new StatusAddress(journal.resolveSibling(journal.getFileName() + ".status"));
    }

    /**
     * Makes the file its owner's only.
     *
     * @param url null if nobody answers
     */
    void write(@Nullable String url) {
        try {
            if (url == null) {
                Files.deleteIfExists(file);
            } else {
                // Only its owner may read and write a temporary file.
                Path whole = Files.createTempFile(folder(), file.getFileName().toString(), ".new");
                try {
                    Files.writeString(whole, url, StandardCharsets.US_ASCII);
                    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(whole);
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so --status will not find this process.", file);
        }
    }

    private Path folder() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "the folder of a file");
    }

    /**
     * What the process says; null if it does not say where.
     *
     * @throws IOException if it does not answer, or if somebody else does
     */
    @Nullable
    String ask() throws IOException, InterruptedException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            URI url = URI.create(Files.readString(file, StandardCharsets.US_ASCII));
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .build()
                    .send(HttpRequest.newBuilder(url).timeout(PATIENCE).build(), BodyHandlers.ofString());
            String type = answer.headers().firstValue("Content-Type").orElse("");
            // Any other server may have its port by now, and may have a page for every path.
            if (answer.statusCode() == 200 && type.startsWith("text/plain")) {
                return answer.body();
            }
            throw new IOException("status " + answer.statusCode());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " has no URL", e);
        }
    }

    @Override
    public void close() {
        write(null);
    }
}
