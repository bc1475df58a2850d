/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static io.github.camelksher.builder.endpoint.StaticEndpointBuilders.ksher;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Lines;
import io.github.camelksher.support.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.BacklogTracer;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The table in docs/security.md: where a key in an endpoint's URI is readable, and the warning. */
class KeyInUriTest {

    private static final String KEY = base64("pkcs1.pem");
    /** Long, and without a character that a URI or XML would escape. */
    private static final String PART = Arrays.stream(KEY.split("[+/=]"))
            .max(Comparator.comparing(String::length))
            .orElseThrow();

    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    };
    private KsherStub stub;

    private static String base64(String name) {
        try (var in = KeyInUriTest.class.getResourceAsStream("/keys/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("-----[A-Z ]+-----", "")
                    .replaceAll("\\s", "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Logger> loggers() {
        return List.of(
                (Logger) LoggerFactory.getLogger("io.github.camelksher"), (Logger) LoggerFactory.getLogger("showAll"));
    }

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub();
        appender.start();
        loggers().forEach(logger -> {
            logger.addAppender(appender);
            logger.setAdditive(false);
            logger.setLevel(Level.INFO);
        });
        Vault.put("ksher-key", KEY);
        Vault.put("ksher-password", "secret");
    }

    @AfterEach
    void stop() {
        loggers().forEach(logger -> {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        });
        stub.close();
    }

    /** All places that the document names, after a call that failed. */
    private Map<String, String> places(String uri) throws Exception {
        // This module dumps routes.
        Lines.need("camel-xml-io-dsl");
        try (Camel camel =
                new Camel(stub, component -> component.getConfiguration().setPrivateKey(KEY))) {
            camel.context().setBacklogTracing(true);
            camel.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:x").routeId("x").to(uri);
                    from("direct:logged")
                            .doTry()
                            .to(uri)
                            .doCatch(Exception.class)
                            .to("log:showAll?showAll=true");
                }
            });
            Exchange failed = camel.call("direct:x", "A-1");
            camel.call("direct:logged", "A-1");
            ModelCamelContext model = (ModelCamelContext) camel.context();
            BacklogTracer tracer = camel.context().getCamelContextExtension().getContextPlugin(BacklogTracer.class);
            Map<String, String> places = new LinkedHashMap<>();
            places.put("CamelFailureEndpoint", failed.getProperty(Exchange.FAILURE_ENDPOINT, String.class));
            places.put("CamelToEndpoint", failed.getProperty(Exchange.TO_ENDPOINT, String.class));
            places.put("log:?showAll=true", logged("showAll"));
            places.put(
                    "a route dump",
                    PluginHelper.getModelToXMLDumper(camel.context().getCamelContextExtension())
                            .dumpModelAsXml(camel.context(), model.getRouteDefinition("x")));
            places.put("the tracer", tracer.dumpAllTracedMessagesAsXml());
            places.put("the endpoint", camel.context().getEndpoint(uri).getEndpointUri());
            return places;
        }
    }

    private String logged(String logger) {
        StringBuilder lines = new StringBuilder();
        events.stream()
                .filter(event -> event.getLoggerName().startsWith(logger))
                .forEach(event -> lines.append(event.getFormattedMessage()).append('\n'));
        return lines.toString();
    }

    @Test
    void aKeyInAUriStandsInClearInEachOfThesePlaces() throws Exception {
        assertThat(places("ksher:orderQuery?privateKey=RAW(" + KEY + ")"))
                .allSatisfy((place, text) ->
                        assertThat(text.contains(PART)).as(place).isTrue());
    }

    /** The dump of a route may still have the placeholder. What belongs to a call has the key. */
    @Test
    void aPlaceholderInAUriIsNoProtection() throws Exception {
        Map<String, String> places = places("ksher:orderQuery?privateKey=RAW({{vault:ksher-key}})");
        for (String place :
                List.of("CamelFailureEndpoint", "CamelToEndpoint", "log:?showAll=true", "the tracer", "the endpoint")) {
            assertThat(String.valueOf(places.get(place)).contains(PART))
                    .as(place)
                    .isTrue();
        }
    }

    @Test
    void aKeyOnTheComponentStandsInNoneOfThem() throws Exception {
        assertThat(places("ksher:orderQuery"))
                .allSatisfy(
                        (place, text) -> assertThat(text).as(place).isNotEmpty().doesNotContain(PART));
    }

    private List<String> warnings(RouteBuilder routes) throws Exception {
        try (Camel camel = new Camel(stub)) {
            camel.context().getRegistry().bind("merchantKey", KEY);
            camel.context().addRoutes(routes);
            camel.call("direct:x", "A-1");
        }
        List<String> warnings = events.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertThat(warnings).noneMatch(line -> line.contains(PART) || line.contains("secret"));
        return warnings;
    }

    private static RouteBuilder to(String uri) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:x").to(uri);
            }
        };
    }

    static List<String> urisWithASecret() {
        return List.of(
                "ksher:orderQuery?privateKey=RAW(" + KEY + ")",
                "ksher:orderQuery?privatekey=RAW(" + KEY + ")",
                "ksher:orderQuery?private-key=RAW(" + KEY + ")",
                "ksher:orderQuery?configuration.privateKey=RAW(" + KEY + ")",
                "ksher:orderQuery?privateKey=RAW({{vault:ksher-key}})",
                "ksher:orderQuery?lazyStartProducer=true&privateKey=RAW({{vault:ksher-key}})",
                "ksher:verifyNotification?privateKey=RAW(" + KEY + ")",
                "ksher:verifyNotification?privateKey=RAW(file:" + KEY + ")");
    }

    @ParameterizedTest
    @MethodSource("urisWithASecret")
    void theStartWarnsOfAKeyInAUri(String uri) throws Exception {
        assertThat(warnings(to(uri)))
                .singleElement()
                .asString()
                .contains("privateKey in its URI", "set it on the component", "file:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "RAW(secret)", "RAW({{vault:ksher-password}})"})
    void theStartWarnsOfAPasswordInAUri(String password) throws Exception {
        assertThat(warnings(to(
                        "ksher:orderQuery?privateKey=classpath:keys/pkcs8-aes256.pem&privateKeyPassword=" + password)))
                .singleElement()
                .asString()
                .contains("privateKeyPassword in its URI");
    }

    @Test
    void theStartWarnsOfAKeyInTheEndpointDsl() throws Exception {
        assertThat(warnings(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:x").to(ksher("orderQuery").privateKey("RAW(" + KEY + ")"));
                    }
                }))
                .singleElement()
                .asString()
                .contains("privateKey in its URI");
    }

    @Test
    void aDynamicEndpointWarnsToo() throws Exception {
        assertThat(warnings(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:x")
                                .toD("ksher:orderQuery?operatorId=${header.CamelKsherMchOrderNo}&privateKey=RAW(" + KEY
                                        + ")");
                    }
                }))
                .singleElement()
                .asString()
                .contains("privateKey in its URI");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ksher:orderQuery",
                "ksher:orderQuery?privateKey=classpath:keys/pkcs1.pem",
                "ksher:orderQuery?privateKey=file:src/test/resources/keys/pkcs1.pem",
                "ksher:orderQuery?privateKey=#bean:merchantKey",
                "ksher:orderQuery?privateKeyPassword="
            })
    void theStartDoesNotWarnOfANameInAUri(String uri) throws Exception {
        assertThat(warnings(to(uri))).isEmpty();
    }

    @Test
    void aKeyFromABeanDoesNotGetIntoTheUri() throws Exception {
        try (Camel camel = new Camel(stub)) {
            camel.context().getRegistry().bind("merchantKey", KEY);
            KsherEndpoint endpoint =
                    camel.context().getEndpoint("ksher:orderQuery?privateKey=#bean:merchantKey", KsherEndpoint.class);
            assertThat(endpoint.getConfiguration().getPrivateKey()).isEqualTo(KEY);
            assertThat(endpoint.getEndpointUri()).doesNotContain(PART);
        }
    }
}
