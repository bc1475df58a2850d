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
import java.time.Duration;
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
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Null for PostgreSQL, which every process can ask itself. */
    static @Nullable StatusAddress of(BatchConfiguration configuration) {
        Path journal = SettingChecks.h2File(configuration.getJournalUrl());
        return journal == null ? null : new StatusAddress(journal.resolveSibling(journal.getFileName() + ".status"));
    }

    /** @param url null if nobody answers */
    void write(@Nullable String url) {
        try {
            if (url == null) {
                Files.deleteIfExists(file);
            } else {
                Files.writeString(file, url, StandardCharsets.US_ASCII);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be written, so --status will not find this process.", file);
        }
    }

    /** What the process says; null if there is none that answers. */
    @Nullable
    String ask() {
        try {
            URI url = URI.create(Files.readString(file, StandardCharsets.US_ASCII));
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(url).timeout(PATIENCE).build(), BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        write(null);
    }
}
