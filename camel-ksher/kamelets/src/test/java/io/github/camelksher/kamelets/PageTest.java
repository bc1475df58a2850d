/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The files of docs/camel-run.md, as they stand there. Only folders and ports are others. */
@Timeout(60)
class PageTest {

    private static final String SIMULATOR = "http://127.0.0.1:8089";

    @RegisterExtension
    static final KsherSimulatorExtension KSHER =
            new KsherSimulatorExtension(KsherSimulator.builder().merchant("mch2"));

    @TempDir
    Path folder;

    private String page;

    @BeforeEach
    void read(KsherSimulator ksher) throws IOException {
        Files.writeString(folder.resolve("merchant.pem"), ksher.merchantKey());
        Files.writeString(folder.resolve("ksher-v1-public.pem"), ksher.publicKey());
        page = Files.readString(Path.of("../../docs/camel-run.md"))
                .replace(SIMULATOR, ksher.apiUrl().replace("/KsherPay", ""))
                .replace("file:ksher-simulator-keys", "file:" + folder)
                .replace("camel.server.port=8080", "camel.server.port=0")
                .replace(": settled.txt", ": " + folder.resolve("settled.txt"));
    }

    private String file(String name) {
        return Pattern.compile(
                        "^`" + Pattern.quote(name) + "`:\n\n```yaml\n(.*?)```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> properties(String text) throws IOException {
        Properties read = new Properties();
        Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .forEach(block -> {
                    try {
                        read.load(new StringReader(block.group(1)));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
        Map<String, String> properties = new HashMap<>();
        read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        return properties;
    }

    private static void await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    @Test
    void theRouteWithKameletsClosesAnOrder(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1").amount(12_300, "THB"));
        try (CamelRun camel = new CamelRun(folder, file("close.camel.yaml"), properties(page))) {
            await(() -> ksher.order("A-1").state() == KsherOrder.State.CLOSED);
        }
    }

    @Test
    void theRouteWithoutKameletsClosesAnOrder(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("C-1").amount(12_300, "THB"));
        try (CamelRun camel = new CamelRun(folder, file("component.camel.yaml"), properties(page))) {
            await(() -> ksher.order("C-1").state() == KsherOrder.State.CLOSED);
        }
    }

    @Test
    void eachOfSeveralMerchantsIsAskedForItsOwnOrder(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("B-1"));
        ksher.merchant("mch2").open(KsherOrder.of("T-1"));
        Map<String, String> properties = properties(page);
        String tokyo = "camel.kamelet.ksher-order-query-action.tokyo.";
        properties.put(tokyo + "appId", "mch2");
        properties.put(tokyo + "privateKey", ksher.merchant("mch2").merchantKey());
        try (CamelRun camel = new CamelRun(folder, file("merchants.camel.yaml"), properties)) {
            await(() -> ksher.calls().size() == 2);
        }
        assertThat(ksher.calls())
                .extracting(call -> call.appId() + " " + call.order())
                .containsExactly("mch10001 B-1", "mch2 T-1");
    }

    @Test
    void theRouteOfNotificationsDeliversAPaymentOnce(KsherSimulator ksher) throws Exception {
        try (CamelRun camel = new CamelRun(folder, file("paid.camel.yaml"), properties(page))) {
            ksher.open(paid("P-1", camel));
            assertThat(ksher.notifyNow("P-1").accepted()).isTrue();
            assertThat(ksher.notifyNow("P-1").accepted()).isTrue();
        }
        assertThat(Files.readAllLines(folder.resolve("settled.txt"))).isEqualTo(List.of("P-1"));
    }

    @Test
    void aPipeReceivesNotifications(KsherSimulator ksher) throws Exception {
        Map<String, String> properties = properties(page);
        properties.put("camel.kamelet.ksher-notification-source.ksherPublicKey", "{{ksher.ksherPublicKey}}");
        String pipe = file("pipe.yaml").replace("mch12345", ksher.appId());
        try (CamelRun camel = new CamelRun(folder, pipe, properties)) {
            ksher.open(paid("P-1", camel));
            assertThat(ksher.notifyNow("P-1").accepted()).isTrue();
        }
    }

    private static KsherOrder paid(String order, CamelRun camel) {
        VertxPlatformHttpServer server = camel.context().hasService(VertxPlatformHttpServer.class);
        return KsherOrder.gateway(order)
                .amount(100, "THB")
                .state(KsherOrder.State.SUCCESS)
                .notifyUrl("http://127.0.0.1:" + server.getPort() + "/ksher/paid");
    }
}
