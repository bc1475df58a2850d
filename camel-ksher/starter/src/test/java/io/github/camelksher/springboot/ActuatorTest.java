/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** What Boot's actuator tells of the component, over HTTP. */
class ActuatorTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    @TempDir
    Path folder;

    private ConfigurableApplicationContext start(KsherSimulator ksher) throws IOException {
        ksher.open(KsherOrder.of("A-1"));
        return new Application(folder)
                .on(ksher)
                .with("private-key=" + ksher.merchantKey().replace("\n", "\\\\n"))
                .with("private-key-password=the password")
                .with("proxy-auth-password=the password")
                .property("camel.health.producers-enabled=true")
                .property("camel.metrics.enable-route-policy=true")
                .property("management.endpoints.web.exposure.include=*")
                .property("management.endpoint.health.show-details=always")
                .web()
                .start();
    }

    private static String get(ConfigurableApplicationContext shop, String endpoint)
            throws IOException, InterruptedException {
        String port = shop.getEnvironment().getRequiredProperty("local.server.port");
        URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/" + endpoint);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void healthIsCamels(KsherSimulator ksher) throws Exception {
        try (ConfigurableApplicationContext shop = start(ksher)) {
            JsonNode health = new ObjectMapper().readTree(get(shop, "health"));
            assertThat(health.at("/status").asText()).isEqualTo("UP");
            assertThat(health.at("/components/camelHealth/status").asText())
                    .as("%s", health)
                    .isEqualTo("UP");
        }
    }

    @Test
    void noSecretIsShown(KsherSimulator ksher) throws Exception {
        try (ConfigurableApplicationContext shop = start(ksher)) {
            assertThat(Shop.close(shop, "A-1")).isTrue();
            String line = ksher.merchantKey().lines().skip(2).findFirst().orElseThrow();
            assertThat(get(shop, "configprops"))
                    .contains("camel.component.ksher")
                    .contains("\"privateKey\":\"******\"");
            assertThat(get(shop, "env")).contains("camel.component.ksher.private-key");
            for (String endpoint : new String[] {
                "configprops",
                "env",
                "env/camel.component.ksher.private-key",
                "beans",
                "camel",
                "camelroutes",
                "health",
                "info"
            }) {
                assertThat(get(shop, endpoint)).doesNotContain(line).doesNotContain("the password");
            }
        }
    }

    @Test
    void metricsAreCamels(KsherSimulator ksher) throws Exception {
        needCamelMicrometer();
        try (ConfigurableApplicationContext shop = start(ksher)) {
            assertThat(Shop.close(shop, "A-1")).isTrue();
            assertThat(get(shop, "metrics/camel.exchanges.succeeded?tag=routeId:close"))
                    .contains("\"statistic\":\"COUNT\",\"value\":1.0");
        }
    }

    /** Its starter for Camel 4.22 is in no repository that this is built from. */
    private static void needCamelMicrometer() {
        boolean present = ClassUtils.isPresent("org.apache.camel.component.micrometer.MicrometerConstants", null);
        if (!present) {
            assertThat(System.getProperty("expected.camel")).startsWith("4.22.");
            System.out.println("SKIPPED on Spring Boot " + SpringBootVersion.getVersion()
                    + ": there is no camel-micrometer-starter to test with");
        }
        Assumptions.assumeTrue(present, "camel-micrometer-starter");
    }
}
