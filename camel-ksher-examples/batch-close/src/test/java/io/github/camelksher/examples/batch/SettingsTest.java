/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        Settings settings = Settings.load(
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

    @Test
    void noMerchantOfTheEnvironmentGetsIntoTheDemo() throws Exception {
        Settings settings = Settings.load(
                null,
                Map.of(
                        "CAMEL_COMPONENT_KSHER_APP_ID", "mch2",
                        "CAMEL_COMPONENT_KSHER_GATEWAY_URL", "https://gateway.ksher.com/api"));
        assertThat(settings.withoutEnvironment().camel()).isEmpty();
    }
}
