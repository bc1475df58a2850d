/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NotificationsTest {

    /** As {@code run --keep-running}, on ports that are free. */
    static final class KeepRunning {

        private KeepRunning() {}

        public static void main(String[] args) throws Exception {
            new Notifications(System.out, 0, 0).run(true);
        }
    }

    @Test
    void printsWhatTheReadmeShows() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        new Notifications(new PrintStream(printed, true, StandardCharsets.UTF_8), 0, 0).run(false);

        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).containsExactlyElementsOf(readme());
    }

    /** Without the lines of the log. */
    private static List<String> readme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String block = readme.substring(readme.indexOf("The customer pays"));
        return block.substring(0, block.indexOf("```"))
                .lines()
                .filter(line -> !line.contains(" WARN "))
                .toList();
    }

    @Test
    void endsWithinSecondsOfASigterm() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeepRunning.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); !line.startsWith("Try it"); line = output.readLine()) {
                assertThat(line).isNotNull();
            }
            // Of the handle: Process.destroy() closes the output too.
            process.toHandle().destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(output.lines()).contains("Stopping").noneMatch(line -> line.contains("not yet shutdown"));
        } finally {
            process.destroyForcibly();
        }
    }
}
