/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherMerchant;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The four actions in routes, on the simulator. */
@Timeout(60)
class ActionsTest {

    static final List<String> ACTIONS = List.of(
            "ksher-order-query-action",
            "ksher-order-close-action",
            "ksher-gateway-query-action",
            "ksher-gateway-cancel-action");

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final KsherSimulatorExtension KSHER =
            new KsherSimulatorExtension(KsherSimulator.builder().merchant("mch2"));

    /** The properties of one merchant for each action. */
    static Map<String, String> everywhere(KsherMerchant merchant) {
        Map<String, String> properties = new HashMap<>();
        ACTIONS.forEach(action -> properties.putAll(merchant.componentProperties("camel.kamelet." + action + ".")));
        return properties;
    }

    @TempDir
    Path folder;

    private CamelRun run(KsherSimulator ksher) throws Exception {
        Map<String, String> properties = everywhere(ksher);
        String query = "camel.kamelet.ksher-order-query-action.";
        properties.putAll(ksher.componentProperties(query + "one."));
        properties.putAll(ksher.merchant("mch2").componentProperties(query + "two."));
        properties.put("merchant.first", "one");
        properties.put("merchant.second", "two");
        return new CamelRun(folder, resource("actions.yaml"), properties);
    }

    static String resource(String name) throws IOException {
        try (InputStream in = ActionsTest.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode json(Exchange exchange) throws Exception {
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/json");
        return JSON.readTree(exchange.getMessage().getBody(String.class));
    }

    @Test
    void anOpenOrderIsQueriedAndClosed(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1").amount(12_300, "THB"));
        try (CamelRun camel = run(ksher)) {
            System.out.println(
                    "Ran on Camel " + camel.context().getVersion() + " (camel run), Java " + Runtime.version());
            Exchange query = camel.send("direct:orderQuery", "A-1");
            JsonNode order = json(query);
            assertThat(order.get("result").asText()).isEqualTo("NOTPAY");
            assertThat(order.get("totalFee").asLong()).isEqualTo(12_300);
            assertThat(query.getMessage().getHeaders())
                    .containsEntry("CamelKsherOpen", true)
                    .containsEntry("CamelKsherPaid", false)
                    .containsEntry("CamelKsherResult", "NOTPAY")
                    .containsEntry("CamelKsherSigned", true)
                    .containsEntry("CamelKsherMchOrderNo", "A-1");

            Exchange close = camel.send("direct:orderClose", "A-1");
            assertThat(json(close).get("result").asText()).isEqualTo("SUCCESS");
            assertThat(close.getMessage().getHeader("CamelKsherSigned")).isEqualTo(true);
            assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
        }
    }

    @Test
    void anOpenPaymentPageIsQueriedAndCancelled(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.gateway("P-1").amount(500, "THB"));
        try (CamelRun camel = run(ksher)) {
            Exchange query = camel.send("direct:gatewayQuery", "P-1");
            assertThat(json(query).get("result").asText()).isEqualTo("NOTSURE");
            assertThat(query.getMessage().getHeaders())
                    .containsEntry("CamelKsherOpen", true)
                    .containsEntry("CamelKsherPaid", false);

            Exchange cancel = camel.send("direct:gatewayCancel", "P-1");
            JsonNode cancelled = json(cancel);
            assertThat(cancelled.get("text").asText()).isNotEmpty();
            assertThat(cancelled.get("signed").asBoolean()).isFalse();
            assertThat(cancel.getMessage().getHeader("CamelKsherSigned")).isEqualTo(false);
            assertThat(ksher.order("P-1").state()).isEqualTo(KsherOrder.State.CLOSED);
        }
    }

    @Test
    void aPaidOrderIsPaidAndNotOpen(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1").state(KsherOrder.State.SUCCESS));
        ksher.open(KsherOrder.gateway("P-1").state(KsherOrder.State.SUCCESS));
        try (CamelRun camel = run(ksher)) {
            for (String query : List.of("direct:orderQuery", "direct:gatewayQuery")) {
                Exchange done = camel.send(query, query.startsWith("direct:order") ? "A-1" : "P-1");
                assertThat(json(done).get("result").asText()).isEqualTo("SUCCESS");
                assertThat(done.getMessage().getHeaders())
                        .containsEntry("CamelKsherOpen", false)
                        .containsEntry("CamelKsherPaid", true);
            }
        }
    }

    @Test
    void theNumberComesFromTheHeadersOfTheComponentUnlessThePropertySaysOtherwise(KsherSimulator ksher)
            throws Exception {
        ksher.open(KsherOrder.of("A-1").ksherOrderNo("90001"));
        try (CamelRun camel = run(ksher)) {
            for (String header : List.of("CamelKsherMchOrderNo", "CamelKsherKsherOrderNo")) {
                String number = header.equals("CamelKsherMchOrderNo") ? "A-1" : "90001";
                Exchange done = camel.send(
                        "direct:byHeader", exchange -> exchange.getMessage().setHeader(header, number));
                assertThat(json(done).get("mchOrderNo").asText()).isEqualTo("A-1");
            }
            Exchange none = camel.send("direct:byHeader", "A-1");
            assertThat(none.getException()).isInstanceOf(KsherInvalidRequestException.class);
        }
    }

    @Test
    void twoMerchantsInOneContextDoNotMix(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1").amount(111, "THB"));
        ksher.merchant("mch2").open(KsherOrder.of("A-1").amount(222, "MYR"));
        try (CamelRun camel = run(ksher)) {
            for (int i = 0; i < 3; i++) {
                Exchange done = camel.send("direct:two", "A-1");
                JsonNode second = json(done);
                JsonNode first = JSON.readTree(done.getProperty("first", String.class));
                assertThat(first.get("appId").asText()).isEqualTo(ksher.appId());
                assertThat(first.get("totalFee").asLong()).isEqualTo(111);
                assertThat(second.get("appId").asText()).isEqualTo("mch2");
                assertThat(second.get("totalFee").asLong()).isEqualTo(222);
            }
        }
    }

    /** The ways of a route to deal with a failure of a Kamelet. */
    enum Handling {
        ON_EXCEPTION(
                """
                - onException:
                    exception: [io.github.camelksher.error.KsherException]
                    handled: {constant: "true"}
                    steps:
                      - to: direct:failed
                """),
        ROUTE_CONFIGURATION(
                """
                - routeConfiguration:
                    onException:
                      - onException:
                          exception: [io.github.camelksher.error.KsherException]
                          handled: {constant: "true"}
                          steps:
                            - to: direct:failed
                """),
        DEAD_LETTER_CHANNEL(
                """
                - errorHandler:
                    deadLetterChannel:
                      deadLetterUri: direct:failed
                """),
        DO_TRY("");

        private static final String CALL =
                """
                - route:
                    from:
                      uri: direct:%1$s
                      steps:
                        - to:
                            uri: kamelet:%1$s
                            parameters:
                              mchOrderNo: "${body}"
                        - setHeader:
                            name: wentOn
                            constant: "true"
                """;

        private static final String FAILED =
                """
                - route:
                    from:
                      uri: direct:failed
                      steps:
                        - setBody:
                            simple: "${exception.class.simpleName} ${exception.order}, open=${header.CamelKsherOpen}"
                """;

        private static final String TRY =
                """
                - route:
                    from:
                      uri: direct:%1$s
                      steps:
                        - doTry:
                            steps:
                              - to:
                                  uri: kamelet:%1$s
                                  parameters:
                                    mchOrderNo: "${body}"
                              - setHeader:
                                  name: wentOn
                                  constant: "true"
                            doCatch:
                              - exception: [io.github.camelksher.error.KsherException]
                                steps:
                                  - to: direct:failed
                """;

        private final String yaml;

        Handling(String yaml) {
            this.yaml = yaml;
        }

        String routes() {
            StringBuilder routes = new StringBuilder(yaml);
            ACTIONS.forEach(action -> routes.append((this == DO_TRY ? TRY : CALL).formatted(action)));
            return routes + FAILED;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureReachesTheErrorHandlingOfTheCallingRoute(Handling handling, KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        Map<String, String> properties = everywhere(ksher);
        properties.put("camel.component.kamelet.noErrorHandler", "true");
        assertReached(ksher, handling, properties);
    }

    /** Without that option Camel gives the Kamelet's route the error handling of the calling route, but no onException. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ON_EXCEPTION")
    void withoutTheOptionItReachesAllButOnException(Handling handling, KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        assertReached(ksher, handling, everywhere(ksher));
    }

    /** As docs/camel-run.md warns: if this fails, Camel has changed, and the page can say less. */
    @Test
    void withoutTheOptionItDoesNotReachOnException(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        try (CamelRun camel = new CamelRun(folder, Handling.ON_EXCEPTION.routes(), everywhere(ksher))) {
            ksher.faults().next(Fault.badSignature(), "orderQuery");
            assertThat(camel.send("direct:ksher-order-query-action", "A-1").getException())
                    .isInstanceOf(KsherSignatureException.class);
        }
    }

    private void assertReached(KsherSimulator ksher, Handling handling, Map<String, String> properties)
            throws Exception {
        try (CamelRun camel = new CamelRun(folder, handling.routes(), properties)) {
            ksher.faults().next(Fault.badSignature(), "orderQuery");
            // What an earlier query found does not outlast a failed one.
            Exchange forged = camel.send("direct:ksher-order-query-action", exchange -> {
                exchange.getMessage().setBody("A-1");
                exchange.getMessage().setHeader("CamelKsherOpen", true);
            });
            assertHandled(forged, "KsherSignatureException A-1");

            Exchange unknown = camel.send("direct:ksher-gateway-query-action", "no-such-order");
            assertHandled(unknown, "KsherRejectedException no-such-order");
            assertThat(unknown.getMessage().getHeader("CamelKsherCode")).isEqualTo(-3);

            assertHandled(
                    camel.send("direct:ksher-order-close-action", "x".repeat(33)),
                    "KsherInvalidRequestException " + "x".repeat(33));
            assertHandled(camel.send("direct:ksher-gateway-cancel-action", "none"), "KsherRejectedException none");
        }
    }

    private static void assertHandled(Exchange exchange, String body) {
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(String.class)).isEqualTo(body + ", open=");
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey("wentOn");
    }

    @Test
    void theCallingRouteRepeatsAQueryIfItSaysSo(KsherSimulator ksher) throws Exception {
        ksher.open(KsherOrder.of("A-1"));
        Map<String, String> properties = everywhere(ksher);
        properties.put("camel.component.kamelet.noErrorHandler", "true");
        String repeat =
                """
                - onException:
                    exception: [io.github.camelksher.error.KsherException]
                    onWhen: {simple: "${exception.retryable}"}
                    redeliveryPolicy: {maximumRedeliveries: 1, redeliveryDelay: 1}
                """;
        try (CamelRun camel = new CamelRun(folder, repeat + Handling.DEAD_LETTER_CHANNEL.routes(), properties)) {
            ksher.faults().next(Fault.status(503), "orderQuery");
            Exchange repeated = camel.send("direct:ksher-order-query-action", "A-1");
            assertThat(json(repeated).get("mchOrderNo").asText()).isEqualTo("A-1");
            assertThat(repeated.getMessage().getHeader("wentOn")).isEqualTo("true");
            assertThat(ksher.calls()).hasSize(2);
        }
    }

    @Test
    void aMissingPropertyIsNamedAtTheStart(KsherSimulator ksher) {
        for (String required : List.of("appId", "privateKey")) {
            Map<String, String> properties = everywhere(ksher);
            properties.put("merchant.first", "one");
            properties.put("merchant.second", "two");
            properties.remove("camel.kamelet.ksher-gateway-cancel-action." + required);
            assertThatThrownBy(() -> new CamelRun(folder, resource("actions.yaml"), properties).close())
                    .rootCause()
                    .hasMessageContaining("ksher-gateway-cancel-action")
                    .hasMessageContaining(required);
        }
    }
}
