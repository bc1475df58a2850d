/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** No key, form body, signature or openid in anything that is logged, thrown or printed. */
class SecretsTest {

    private static final String OPENID = "o2G4c04tmsU-wsCG7jN_ORL5Vh14";
    private static final List<String> LOGGERS = List.of("io.github.camelksher", "org.apache.camel");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String stack =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(event.getLoggerName() + " " + event.getFormattedMessage() + stack);
        }
    };

    private void capture(boolean on) {
        capture(on, Level.TRACE);
    }

    private void capture(boolean on, Level level) {
        for (String name : LOGGERS) {
            Logger logger = (Logger) LoggerFactory.getLogger(name);
            if (on) {
                appender.start();
                logger.addAppender(appender);
            } else {
                logger.detachAppender(appender);
            }
            logger.setAdditive(!on);
            logger.setLevel(on ? level : null);
        }
    }

    @Test
    void noSecretIsLoggedThrownOrPrinted() throws Exception {
        String pem;
        try (var in = getClass().getResourceAsStream("/keys/pkcs1-for-logs.pem")) {
            pem = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String key = pem.replace("\n", "\\n");
        capture(true);
        try (KsherStub stub = new KsherStub();
                // At TRACE Camel logs whole URIs, so this test has no key in a URI.
                Camel camel = new Camel(stub, component -> {
                    component.getConfiguration().setPrivateKey(key);
                    component.getConfiguration().setPrivateKeyPassword("key password");
                })) {
            camel.context().setTracing(true);
            camel.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    for (KsherOperationName operation : KsherOperationName.values()) {
                        from("direct:" + operation)
                                .to("ksher:" + operation)
                                .log("${body} ${headers}")
                                .to("log:all?showAll=true&showStreams=true&multiline=true");
                    }
                }
            });
            lines.add("routes are there");
            for (KsherOperationName operation : KsherOperationName.values()) {
                succeed(stub, operation);
                Exchange ok = camel.call("direct:" + operation, "A-1");
                assertThat(ok.getException()).isNull();
                lines.add(ok.getMessage().getBody().toString());
                lines.add(camel.context()
                        .getTypeConverter()
                        .convertTo(String.class, ok.getMessage().getBody()));
                fail(camel, operation, stub, (request, socket) -> socket.close());
                fail(
                        camel,
                        operation,
                        stub,
                        (request, socket) -> KsherStub.write(
                                socket, Http.response(500, "", request.body().getBytes(StandardCharsets.US_ASCII))));
                for (Function<Http.Request, String> reply : TELLING) {
                    fail(
                            camel,
                            operation,
                            stub,
                            (request, socket) -> KsherStub.write(socket, Http.ok(reply.apply(request))));
                }
                fail(camel, operation, stub, (request, socket) -> {
                    Map<String, Object> data = KsherStub.echo(request);
                    data.put("result", "FAIL");
                    data.put("openid", OPENID);
                    data.put(
                            "err_msg",
                            "customer " + OPENID + " of " + request.form().get("sign"));
                    KsherStub.write(socket, Http.ok(KsherStub.signed(data)));
                });
            }
            List<String> secrets = stub.requests().stream()
                    .flatMap(request -> Stream.of(request.body(), request.form().get("sign")))
                    .collect(Collectors.toList());
            secrets.add(OPENID);
            secrets.add("ab".repeat(64));
            secrets.addAll(pem.lines().filter(line -> line.length() == 64).toList());
            secrets.add("key password");
            assertThat(lines).hasSizeGreaterThan(1000).anyMatch(line -> line.startsWith("org.apache.camel"));
            List<String> leaks = lines.stream()
                    .filter(line -> secrets.stream().anyMatch(line::contains))
                    .toList();
            assertThat(leaks).isEmpty();
            assertThat(lines)
                    .noneMatch(line -> line.contains("\"sign\":\"") && line.matches("(?s).*\"sign\":\"[0-9a-f].*"));
        } finally {
            capture(false);
        }
    }

    /**
     * Mistakes in place of a key or its file. Without Camel's #class: and #valueAs(): Camel logs
     * the first at DEBUG and masks the second only in part.
     */
    static Stream<String> mistakes() throws IOException {
        String pem = key();
        String base64 = bare(pem);
        Stream<String> prefixed = Stream.of(
                        "file:",
                        "file://",
                        "file:/",
                        "classpath:",
                        "FILE:",
                        "resource:",
                        "resource:file:",
                        "http://",
                        "ref:",
                        "bean:",
                        "#bean:",
                        "#property:",
                        "#",
                        "base64:",
                        "mem:",
                        "RAW(",
                        "env:")
                .flatMap(prefix -> Stream.of(
                        prefix + pem,
                        prefix + pem.replace("\n", "\\n"),
                        prefix + pem.replace("\n", ""),
                        prefix + base64,
                        prefix + base64.replace('+', ' '),
                        prefix + base64 + "\0",
                        prefix + "the password"));
        return Stream.concat(
                prefixed,
                Stream.of(
                        base64.substring(1),
                        base64 + "\t" + base64,
                        base64 + "\\",
                        pem.substring(100),
                        "the password",
                        "[" + base64 + "]"));
    }

    private static String key() throws IOException {
        try (var in = SecretsTest.class.getResourceAsStream("/keys/rsa512.pem")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String bare(String pem) {
        return pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void noMistakeWithAKeyShowsIt(String mistake) throws Exception {
        List<String> parts = Stream.concat(
                        Stream.of("the password", "the+password", "the%20password"),
                        Arrays.stream(bare(key()).split("[+/=]")).filter(part -> part.length() > 12))
                .toList();
        for (String option : List.of("privateKey", "ksherPublicKey")) {
            onTheComponent(option, mistake);
            if (option.equals("privateKey")) {
                // Camel masks only these options in a URI, and none at TRACE.
                inAUri(option, "RAW(" + mistake + ")");
                inAUri(option, mistake);
            }
        }
        assertThat(lines.stream().anyMatch(line -> line.contains("Option privateKey")))
                .isTrue();
        assertThat(lines.stream()
                        .filter(line -> parts.stream().anyMatch(line::contains))
                        .toList())
                .isEmpty();
    }

    private void onTheComponent(String option, String value) throws IOException {
        capture(true, Level.TRACE);
        try (KsherStub stub = new KsherStub()) {
            shown(catchThrowable(() -> {
                try (Camel camel = new Camel(stub, component -> {
                    KsherConfiguration options = component.getConfiguration();
                    if (option.equals("privateKey")) {
                        options.setPrivateKey(value);
                    } else {
                        options.setKsherPublicKey(value);
                    }
                })) {
                    camel.context().getEndpoint("ksher:orderQuery");
                }
            }));
        } finally {
            capture(false);
        }
    }

    private void inAUri(String option, String value) throws IOException {
        String uri = "ksher:orderQuery?" + option + "=" + value;
        capture(true, Level.DEBUG);
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(stub)) {
            shown(catchThrowable(() -> camel.context().getEndpoint(uri)));
            shown(catchThrowable(() -> camel.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:x").to(uri);
                }
            })));
        } finally {
            capture(false);
        }
    }

    private void shown(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            lines.add(t.toString());
            for (Throwable suppressed : t.getSuppressed()) {
                lines.add(suppressed.toString());
            }
        }
    }

    /** Replies that repeat what the request has, or tell who the customer is. */
    private static final List<Function<Http.Request, String>> TELLING = List.of(
            request -> "{\"openid\": " + OPENID + " " + request.body(),
            request -> "{\"code\":-2,\"data\":{\"openid\":\"" + OPENID + "\"},\"msg\":\"bad: " + request.body() + " of "
                    + OPENID + "\"}",
            request -> "{\"code\":-2,\"msg\":\"sign " + request.form().get("sign") + "\"}",
            request -> "{\"code\":0,\"data\":{\"openid\":\"" + OPENID + "\"},\"sign\":\"" + "ab".repeat(64) + "\"}");

    private void fail(Camel camel, KsherOperationName operation, KsherStub stub, KsherStub.Answer answer)
            throws IOException {
        stub.answering(answer);
        Exchange failed = camel.call("direct:" + operation, "A-1");
        for (Throwable t = failed.getException(); t != null; t = t.getCause()) {
            lines.add(t.toString());
        }
    }

    private static void succeed(KsherStub stub, KsherOperationName operation) {
        if (operation == KsherOperationName.gatewayCancel) {
            stub.answering(Http.ok("{\"code\":0,\"data\":\"done\",\"openid\":\"" + OPENID + "\",\"sign\":\"abcdef\"}"));
        } else {
            stub.echoing("SUCCESS", Map.of("openid", OPENID));
        }
    }

    private enum KsherOperationName {
        orderQuery,
        orderClose,
        gatewayQuery,
        gatewayCancel
    }
}
