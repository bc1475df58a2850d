/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir
    Path directory;

    @Test
    void theEnvironmentOverridesTheFileForTheBatchAndForTheComponentAlike() throws Exception {
        Path file = Files.writeString(
                directory.resolve("ksher.properties"),
                """
                camel.component.ksher.app-id=mch1
                camel.component.ksher.apiUrl=https://ksher.example/KsherPay
                camel.component.ksher.private-key=file:merchant.pem
                batch.query-interval=10s
                """);
        Settings settings = SettingsReader.read(
                file,
                Map.of(
                        "CAMEL_COMPONENT_KSHER_APP_ID", "mch2",
                        "CAMEL_COMPONENT_KSHER_API_URL", "http://127.0.0.1:8089/KsherPay",
                        "CAMEL_COMPONENT_KSHER_PRIVATE_KEY", " ",
                        "BATCH_QUERY_INTERVAL", "200ms"));
        assertThat(settings.camel())
                .isEqualTo(Map.of(
                        "camel.component.ksher.app-id", "mch2",
                        "camel.component.ksher.api-url", "http://127.0.0.1:8089/KsherPay",
                        "camel.component.ksher.private-key", "file:merchant.pem"));
        assertThat(settings.batch().getQueryInterval()).isEqualTo(Duration.ofMillis(200));
    }

    private static final String FILE =
            "camel.component.ksher.app-id=mch1 \t\r\nbatch.report = r\u00e9sum\u00e9  \r\nbatch.parallel=7 \r\n";

    private static final Map<String, String> READ = Map.of("camel.component.ksher.app-id", "mch1");

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkAndBlanksAtTheEndAreNoPartOfASetting(String charset) throws Exception {
        Path file = Files.write(
                directory.resolve("ksher.properties"), ("\uFEFF" + FILE).getBytes(Charset.forName(charset)));
        Settings settings = SettingsReader.read(file, Map.of());
        assertThat(settings.camel()).isEqualTo(READ);
        assertThat(settings.batch().getReport()).isEqualTo(Path.of("r\u00e9sum\u00e9"));
        assertThat(settings.batch().getParallel()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "\u00A0", "\u3000", "\u2007\u00A0 ", "\uFEFF"})
    void blanksOfAnyKindAroundASettingAreNoPartOfItWhereverItComesFrom(String blank) throws Exception {
        Path file = Files.writeString(
                directory.resolve("ksher.properties"),
                "camel.component.ksher.app-id=" + blank + "mch1" + blank + "\nbatch.parallel=" + blank + "7" + blank);
        assertThat(SettingsReader.read(file, Map.of()).camel()).isEqualTo(READ);
        assertThat(SettingsReader.read(file, Map.of()).batch().getParallel()).isEqualTo(7);
        Map<String, String> environment = Map.of(
                "CAMEL_COMPONENT_KSHER_APP_ID", blank + "mch1" + blank,
                "CAMEL_COMPONENT_KSHER_API_URL", blank,
                "BATCH_PARALLEL", blank + "7" + blank);
        assertThat(SettingsReader.read(null, environment).camel()).isEqualTo(READ);
        assertThat(SettingsReader.read(null, environment).batch().getParallel()).isEqualTo(7);
        Settings commandLine = SettingsReader.read(null, Map.of())
                .with(Settings.JOURNAL, blank + "jdbc:h2:file:/tmp/x" + blank)
                .with(Settings.PARALLEL, blank + "7" + blank);
        assertThat(commandLine.batch().getParallel()).isEqualTo(7);
        assertThat(commandLine.batch().getJournalUrl()).isEqualTo("jdbc:h2:file:/tmp/x");
    }

    @Test
    void blanksAroundAVariableOfTheEnvironmentAreNoPartOfItEither() throws Exception {
        Settings settings = SettingsReader.read(
                null, Map.of("CAMEL_COMPONENT_KSHER_APP_ID", " mch1 ", "BATCH_JOURNAL", " jdbc:h2:file:/tmp/x "));
        assertThat(settings.camel()).isEqualTo(READ);
        assertThat(settings.batch().getJournalUrl()).isEqualTo("jdbc:h2:file:/tmp/x");
    }

    @Test
    void aFileThatIsNotUtf8SaysSo() throws Exception {
        Path file = Files.write(directory.resolve("ksher.properties"), FILE.getBytes(StandardCharsets.ISO_8859_1));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> SettingsReader.read(file, Map.of()))
                .withMessageContaining("Save it as UTF-8");
    }

    @Test
    void noMerchantOfTheEnvironmentGetsIntoTheDemo() throws Exception {
        Settings settings = SettingsReader.read(
                null,
                Map.of(
                        "CAMEL_COMPONENT_KSHER_APP_ID", "mch2",
                        "CAMEL_COMPONENT_KSHER_GATEWAY_URL", "https://gateway.ksher.com/api"));
        assertThat(settings.withoutEnvironment().camel()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "999999999h", "8761h"})
    void aDurationThatNobodyCanWaitForIsRefused(String duration) throws Exception {
        for (String name : List.of(Settings.QUERY_INTERVAL, Settings.GIVE_UP_AFTER, Settings.QUIET_AFTER)) {
            Settings settings = SettingsReader.read(null, Map.of()).with(name, duration);
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(settings::batch)
                    .withMessage(name + " must be longer than zero and at most 365 days: " + duration);
        }
    }
}
