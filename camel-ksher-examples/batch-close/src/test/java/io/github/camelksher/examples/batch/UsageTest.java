/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong usage ends with exit code 64 and a message that
 * names the setting and its value, but never a secret.
 */
class UsageTest {

    @TempDir
    Path directory;

    private static KsherSimulator ksher;
    private Path file;
    private Path out;

    @BeforeAll
    static void startKsher() throws IOException {
        ksher = KsherSimulator.builder().port(0).start();
    }

    @AfterAll
    static void stopKsher() {
        ksher.close();
    }

    @BeforeEach
    void prepare() throws IOException {
        file = Files.writeString(directory.resolve("a-file"), "operation,mch_order_no\nclose,A\n");
        out = directory.resolve("out");
    }

    @AfterEach
    void nothingWasCalled() {
        assertThat(ksher.calls()).isEmpty();
    }

    private Path config(Map<String, String> settings) throws IOException {
        return TestKsher.config(ksher, directory.resolve("ksher.properties"), settings);
    }

    private String refused(Object... arguments) {
        Cli cli = Cli.run(arguments);
        assertThat(cli.exit()).as(cli.printed()).isEqualTo(ExitCode.USAGE.number());
        assertThat(cli.printed()).doesNotContain("An error of this program", "\tat ");
        return cli.printed();
    }

    private String refusedWith(String setting, String value) throws IOException {
        return refused(file, "--report", out, "--config", config(Map.of(setting, value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--report",
                "--journal",
                "--config",
                "--watch",
                "--queue",
                "--parallel",
                "--check-late",
                "--write-report"
            })
    void anOptionGivenTwice(String option) {
        assertThat(refused(option, "a", option, "b")).contains("'" + option + "'", "only once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--again", "--status", "--dry-run", "--enqueue"})
    void anOptionWithoutAValueGivenTwice(String option) {
        assertThat(refused(option, option)).contains("'" + option + "'", "only once");
    }

    @Test
    void twoFiles() {
        assertThat(refused(file, "another.csv")).contains("another.csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-file", "a-file/below"})
    void aReportDirectoryThatIsAFile(String name) throws IOException {
        Path report = directory.resolve(name);
        List<Object[]> modes = List.of(
                new Object[] {file, "--config", config(Map.of())},
                new Object[] {"--status"},
                new Object[] {"--write-report", "b"},
                new Object[] {"--queue", "embedded:1", "--config", config(Map.of())});
        for (Object[] mode : modes) {
            List<Object> all = new ArrayList<>(List.of(mode));
            all.addAll(List.of("--report", report));
            assertThat(refused(all.toArray()))
                    .contains("--report (batch.report) must be a directory", report.toString());
        }
    }

    @Test
    void aJournalBelowAFile() throws IOException {
        assertThat(refused(
                        file,
                        "--report",
                        out,
                        "--config",
                        config(Map.of()),
                        "--journal",
                        "jdbc:h2:file:" + file + "/j"))
                .contains("--journal (batch.journal)", file.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "hello, hello",
        "jdbc:mysql://me:SECRET@host/x?password=SECRET, jdbc:mysql://host/x",
        "jdbc:h2:mem:x;PASSWORD=SECRET, jdbc:h2:mem:x",
        "jdbc:postgresql:, jdbc:postgresql:"
    })
    void aJournalThatIsNone(String url, String shown) throws IOException {
        assertThat(refused(file, "--report", out, "--config", config(Map.of()), "--journal", url))
                .contains("--journal (batch.journal)", ": " + shown + "\n")
                .doesNotContain("SECRET");
        assertThat(refusedWith("batch.journal", url)).contains(shown).doesNotContain("SECRET");
    }

    @Test
    void aWatchedFolderThatIsAFile() throws IOException {
        assertThat(refused("--watch", file, "--report", out, "--config", config(Map.of())))
                .contains("--watch", file.toString());
    }

    @Test
    void aConfigurationThatIsADirectory() {
        assertThat(refused(file, "--report", out, "--config", directory))
                .contains("--config", directory.toString(), "is a directory");
    }

    @Test
    void oneSettingByTwoNames() throws IOException {
        assertThat(refusedWith("camel.component.ksher.appId", "mch1"))
                .contains("camel.component.ksher.app-id", "camel.component.ksher.appId");
    }

    @Test
    void aPortInUse() throws IOException {
        String taken = String.valueOf(URI.create(ksher.apiUrl()).getPort());
        assertThat(refusedWith("batch.management-port", taken)).contains("batch.management-port", ":" + taken);
        assertThat(refused("--queue", "embedded:" + taken, "--report", out, "--config", config(Map.of())))
                .contains("--queue embedded:" + taken, "in use");
    }

    @Test
    void aBrokersDirectoryThatIsAFile() throws IOException {
        Files.createDirectories(out);
        Files.createFile(out.resolve("broker"));
        assertThat(refused("--queue", "embedded:61999", "--report", out, "--config", config(Map.of())))
                .contains("--queue embedded:61999", out.resolve("broker").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/no/such/key.pem", "file:/"})
    void aKeyThatCannotBeRead(String key) throws IOException {
        assertThat(refusedWith("camel.component.ksher.private-key", key)).contains("privateKey", key);
    }

    @Test
    void aKeyThatIsNoneIsNotShown() throws IOException {
        assertThat(refusedWith("camel.component.ksher.private-key", "MIIsecret"))
                .contains("privateKey")
                .doesNotContain("MIIsecret");
        assertThat(refusedWith("camel.component.ksher.privat-key", "MIIsecret"))
                .contains("there is no setting camel.component.ksher.privat-key")
                .doesNotContain("MIIsecret");
    }

    @Test
    void anOptionOfTheComponentThatDoesNotTakeItsValue() throws IOException {
        assertThat(refusedWith("camel.component.ksher.max-connections", "many"))
                .contains("camel.component.ksher.max-connections does not take its value: many");
        assertThat(refusedWith("camel.component.ksher.api-url", "ksher")).contains("apiUrl", "ksher");
    }

    @Test
    void anAppIdWithABlankInIt() throws IOException {
        assertThat(refusedWith("camel.component.ksher.app-id", "mch 10001")).contains("app-id", "'mch 10001'");
    }

    @Test
    void aJournalThatIsNotThere() {
        assertThat(refused("--status", "--report", out)).contains("no journal", out.toString());
        assertThat(refused("--write-report", "b", "--report", out)).contains("no journal", out.toString());
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(ExitCode.class)
    void helpAndGuideSayWhatEachExitCodeMeans(ExitCode code) throws IOException {
        String says = code.number() + " " + code.meaning();
        assertThat(Cli.run("--help").printed().replaceAll("\\s+", " ")).contains(says);
        Path guide = Path.of("../../docs/batch-close.md");
        assertThat(Files.readString(guide).replaceAll("\\s+", " ")).contains(says);
    }
}
