/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Where a merchant's key can come from, besides the file that other tests take it from. */
class SecretsTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    @TempDir
    Path folder;

    private KsherSimulator ksher;

    @BeforeEach
    void openAnOrder(KsherSimulator simulator) {
        ksher = simulator;
        ksher.open(KsherOrder.of("A-1"));
    }

    private Application application() throws IOException {
        return new Application(folder).on(ksher);
    }

    @Test
    void keyFromAnEnvironmentVariableThatAPropertyNames() throws Exception {
        Application application = application().with("private-key=${KSHER_PRIVATE_KEY}");
        assertThat(run(application, Map.of("KSHER_PRIVATE_KEY", ksher.merchantKey())))
                .contains("A-1 closed: true");
    }

    @Test
    void keyFromTheEnvironmentVariableOfTheProperty() throws Exception {
        Map<String, String> environment = Map.of(
                "CAMEL_COMPONENT_KSHER_PRIVATEKEY",
                ksher.merchantKey().replace("\n", "\\n"),
                "CAMEL_COMPONENT_KSHER_CALLTIMEOUT",
                "20s");
        assertThat(run(application(), environment)).contains("A-1 closed: true");
    }

    /** A folder with a file for each property, as Kubernetes mounts a secret. */
    @Test
    void keyFromAConfigTree() throws IOException {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("camel.component.ksher.private-key"), ksher.merchantKey());
        try (ConfigurableApplicationContext shop = application()
                .property("spring.config.import=configtree:" + secrets + "/")
                .start()) {
            assertThat(Shop.close(shop, "A-1")).isTrue();
        }
    }

    /** In a process of its own: only that has an environment to choose. */
    private String run(Application application, Map<String, String> environment) throws Exception {
        ProcessBuilder process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dspring.config.location=" + application.written(),
                "-Dspring.main.web-application-type=none",
                "-cp",
                System.getProperty("java.class.path"),
                Shop.class.getName(),
                "A-1");
        process.environment().putAll(environment);
        Process running = process.redirectErrorStream(true).start();
        String printed = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        running.waitFor();
        String line = ksher.merchantKey().lines().skip(2).findFirst().orElseThrow();
        assertThat(printed).doesNotContain(line);
        return printed;
    }
}
