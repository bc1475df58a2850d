/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal has acknowledged is there, if the process is killed right after. */
@Tag("full")
class AcknowledgedTest {

    private static final Target TARGET = new Target("mch1", "http://127.0.0.1:1/KsherPay", "http://127.0.0.1:1/api");
    private static final int ROUNDS = 8;

    @TempDir
    Path directory;

    @Test
    void onH2WhatWasAcknowledgedSurvivesAKill() throws Exception {
        acknowledgedIsThere("jdbc:h2:file:" + directory.resolve("journal"));
    }

    @Test
    void onPostgresqlWhatWasAcknowledgedSurvivesAKill() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            acknowledgedIsThere(postgres.getJdbcUrl("postgres", "postgres"));
        }
    }

    private static void acknowledgedIsThere(String url) throws Exception {
        long acknowledged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            // Killed by its own hand in the moment of the acknowledgement, so that nothing has time to be written
            // later.
            acknowledged = writeAndHalt(url, acknowledged, 1 + 7 * round);
            try (Journal journal = Journal.open(url, null, null)) {
                BatchInfo batch = journal.find(TARGET, "night");
                assertThat(batch).isNotNull();
                assertThat(batch.received()).isEqualTo(acknowledged);
                assertThat(journal.reports().openRows(batch)).isEqualTo(acknowledged);
            }
        }
    }

    /** Returns the last line that was acknowledged. */
    private static long writeAndHalt(String url, long from, int rows) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        url,
                        String.valueOf(from),
                        String.valueOf(rows))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String last = "";
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
        }
        assertThat(process.waitFor()).as("halted").isEqualTo(Writer.HALTED);
        assertThat(last).isEqualTo("acknowledged " + (from + rows));
        return from + rows;
    }

    /**
     * Receives one order after the other, and ends without any goodbye when the last one is
     * acknowledged.
     */
    static final class Writer {

        static final int HALTED = 77;

        public static void main(String[] args) {
            Journal journal = Journal.open(args[0], null, null);
            long line = Long.parseLong(args[1]);
            long end = line + Long.parseLong(args[2]);
            while (line < end) {
                line++;
                if (!journal.receive(
                                TARGET,
                                "night",
                                order(line)
                                        .operation("close")
                                        .mchOrderNo("A" + line)
                                        .build())
                        .join()) {
                    System.out.println("refused");
                }
            }
            System.out.println("acknowledged " + line);
            System.out.flush();
            Runtime.getRuntime().halt(HALTED);
        }
    }
}
