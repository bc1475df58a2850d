/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import io.github.camelksher.simulator.Notification;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The source in a route, over real HTTP: what the simulator posts, and what it is answered. */
@Timeout(60)
class NotificationSourceTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    @TempDir
    Path folder;

    /** The bodies that the route got to its end with. */
    private final List<String> taken = new CopyOnWriteArrayList<>();

    private CamelRun run(KsherSimulator ksher, String more) throws Exception {
        return run(Map.of("appId", ksher.appId(), "ksherPublicKey", ksher.publicKey()), more);
    }

    private CamelRun run(Map<String, String> merchant, String more) throws Exception {
        Map<String, String> properties = new HashMap<>();
        merchant.forEach((name, value) -> properties.put("camel.kamelet.ksher-notification-source." + name, value));
        properties.put("camel.component.kamelet.noErrorHandler", "true");
        properties.put("camel.server.enabled", "true");
        properties.put("camel.server.host", "127.0.0.1");
        properties.put("camel.server.port", "0");
        return new CamelRun(
                folder, more + ActionsTest.resource("notifications.yaml"), properties, Map.of("shop", this::deliver));
    }

    private void deliver(Exchange exchange) {
        String body = exchange.getMessage().getBody(String.class);
        if (body.contains("\"FAILS\"")) {
            throw new IllegalStateException("the shop is closed");
        }
        taken.add(body);
        exchange.setRouteStop(body.contains("\"STOPS\""));
        // A route may leave anything in its message; nothing of it may reach the answer.
        exchange.getMessage().setBody("of the shop");
        exchange.getMessage().setHeader("X-Of-The-Shop", "not to be sent");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 302);
    }

    private static String url(CamelRun camel) {
        VertxPlatformHttpServer server = camel.context().hasService(VertxPlatformHttpServer.class);
        return "http://127.0.0.1:" + server.getPort() + "/ksher/paid";
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(
                request.header("Content-Type", "text/plain;charset=utf-8")
                        .header("X-Of-The-Caller", "not to be echoed")
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(CamelRun camel, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url(camel))).POST(BodyPublishers.ofString(body)));
    }

    private static void assertNotOk(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().map()).doesNotContainKeys("x-of-the-caller", "x-of-the-shop");
    }

    private static Notification pay(KsherSimulator ksher, CamelRun camel, String order) {
        ksher.open(KsherOrder.gateway(order)
                .amount(100, "THB")
                .notifyUrl(url(camel))
                .state(KsherOrder.State.SUCCESS));
        return ksher.notifyNow(order);
    }

    @Test
    void aPaymentReachesTheRouteAsJsonAndKsherIsToldOk(KsherSimulator ksher) throws Exception {
        try (CamelRun camel = run(ksher, "")) {
            assertThat(pay(ksher, camel, "P-1").accepted()).isTrue();
            JsonNode payment = new ObjectMapper().readTree(taken.get(0));
            assertThat(payment.get("mchOrderNo").asText()).isEqualTo("P-1");
            assertThat(payment.get("totalFee").asLong()).isEqualTo(100);
            assertThat(payment.get("result").asText()).isEqualTo("SUCCESS");
        }
    }

    /** The notification that Ksher signed for the merchant mch35005. */
    private static String genuine() throws IOException {
        return sample("notification-gateway-airpay.json");
    }

    private static String sample(String name) throws IOException {
        return Files.readString(Path.of("../simulator/src/test/resources/ksher", name));
    }

    @Test
    void theAnswerHasNothingOfTheCallerAndNothingOfTheRoute() throws Exception {
        try (CamelRun camel = run(Map.of("appId", "mch35005"), "")) {
            HttpResponse<String> answer = post(camel, genuine());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(KsherConstants.NOTIFICATION_OK);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.headers().map()).doesNotContainKeys("x-of-the-caller", "x-of-the-shop");
            assertThat(taken).singleElement().asString().contains("\"mchOrderNo\":\"20210519\"");
        }
    }

    @Test
    void whatIsNoPaymentSignedByKsherForTheMerchantIsRefused(KsherSimulator ksher) throws Exception {
        try (CamelRun camel = run(Map.of("appId", "mch35005"), "")) {
            assertNotOk(post(camel, genuine().replace("\"total_fee\":100", "\"total_fee\":999")), 400);
            assertNotOk(post(camel, sample("gateway-query-notsure.json")), 400);
            assertNotOk(post(camel, "result=SUCCESS"), 400);
            assertNotOk(post(camel, ""), 400);
            HttpRequest.Builder get =
                    HttpRequest.newBuilder(URI.create(url(camel))).GET();
            assertThat(send(get).statusCode()).isEqualTo(405);
        }
        try (CamelRun camel = run(Map.of("appId", "mch35006"), "")) {
            assertNotOk(post(camel, genuine()), 400);
        }
        try (CamelRun camel = run(ksher, "")) {
            assertThat(pay(ksher, camel, "P-1").accepted()).isTrue();
            assertThat(ksher.notifyNow("P-1", Fault.badSignature()).status()).isEqualTo(400);
        }
        assertThat(taken).hasSize(1);
    }

    @Test
    void aPaymentThatTheRouteFailsOnIsNotAccepted(KsherSimulator ksher) throws Exception {
        try (CamelRun camel = run(ksher, "")) {
            assertThat(pay(ksher, camel, "FAILS").status()).isEqualTo(500);
            assertThat(taken).isEmpty();
        }
    }

    @Test
    void aFailureThatTheRouteHandlesItselfIsAccepted(KsherSimulator ksher) throws Exception {
        String handling =
                """
                - onException:
                    exception: [java.lang.IllegalStateException]
                    handled: {constant: "true"}
                    steps:
                      - setBody: {constant: "handled"}
                """;
        try (CamelRun camel = run(ksher, handling)) {
            assertThat(pay(ksher, camel, "FAILS").accepted()).isTrue();
        }
    }

    @Test
    void aRouteMayEndWithStop(KsherSimulator ksher) throws Exception {
        try (CamelRun camel = run(ksher, "")) {
            assertThat(pay(ksher, camel, "STOPS").accepted()).isTrue();
        }
    }
}
