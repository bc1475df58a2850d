/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proxies: whether a request was sent before a refusal, that no refusal is a reply, and
 * who gets the password.
 */
class ProxyTest extends NothingSentTestSupport {

    private Consumer<KsherComponent> behindProxy() {
        return component -> {
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(stub.port());
            component.getConfiguration().setApiUrl("https://ksher.invalid/KsherPay");
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"500 Error", "502 Bad Gateway", "503 Busy", "504 Timeout", "599 ?", "201 Created", "204 Nothing"
            })
    void proxyThatOpensNoTunnel(String status) {
        stub.answering(ascii("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"));
        KsherException failure = close("?callTimeout=5s", behindProxy());
        assertNotSent(failure);
        assertThat(failure).hasMessageContaining("tunnel").hasMessageContaining(status.substring(0, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"403 Forbidden", "407 Who?", "302 There"})
    void proxyThatRefusesTheTunnelForAReason(String status) {
        stub.answering(ascii("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"));
        KsherException failure = close("?callTimeout=5s", behindProxy());
        assertThat(failure).isInstanceOf(KsherHttpStatusException.class);
        assertThat(failure.isOutcomeUnknown()).isFalse();
        assertThat(failure.isRetryable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nmore than that",
                "HTTP/1.1 100 Continue\r\n\r\n"
            })
    void proxyThatBreaksOff(String answer) {
        stub.answering((request, socket) -> {
            KsherStub.write(socket, ascii(answer));
            socket.close();
        });
        assertNotSent(close("?callTimeout=5s", behindProxy()));
    }

    /**
     * After its refusal the proxy sends a reply, which must not answer the
     * request with the password.
     */
    @Test
    void whatFollowsAProxysRefusalIsNoReply() {
        stub.answering((request, socket) -> {
            byte[] refusal = Http.response(407, "Proxy-Authenticate: Basic realm=\"p\"\r\n", new byte[0]);
            KsherStub.write(
                    socket,
                    ascii(new String(refusal, StandardCharsets.US_ASCII)
                            + new String(FORGED, StandardCharsets.US_ASCII)));
        });
        try (Camel camel = new Camel(stub, component -> {
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(stub.port());
            component.setProxyAuthUsername("user");
            component.setProxyAuthPassword("pass");
            component.getConfiguration().setGatewayUrl("http://ksher.invalid/api");
        })) {
            assertThat(camel.call("ksher:gatewayCancel", "A-1").getException())
                    .as("the password is refused too, on a connection of its own")
                    .isInstanceOf(KsherHttpStatusException.class);
            assertThat(stub.connections()).isEqualTo(2);
        }
    }

    /** The proxy may have passed the request on before it asked for a password. */
    @Test
    void aProxyThatAskedForAPasswordHadTheRequest() {
        AtomicInteger connections = new AtomicInteger();
        stub.greeting(socket -> {
            if (connections.getAndIncrement() > 0) {
                socket.close();
            }
        });
        stub.answering((request, socket) -> {
            KsherStub.write(
                    socket,
                    Http.response(407, "Connection: close\r\nProxy-Authenticate: Basic realm=\"p\"\r\n", new byte[0]));
            socket.close();
        });
        KsherException failure = close("", component -> {
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(stub.port());
            component.setProxyAuthUsername("user");
            component.setProxyAuthPassword("pass");
            component.getConfiguration().setApiUrl("http://ksher.invalid/KsherPay");
        });
        assertThat(failure).isInstanceOf(KsherTransportException.class);
        assertThat(failure.isOutcomeUnknown()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https 403", "https 407", "http 407", "https 503"})
    void whatAProxySaysWhenItRefusesIsNotReadToItsEnd(String kind) {
        AtomicLong sent = new AtomicLong();
        stub.answering((request, socket) -> {
            KsherStub.write(
                    socket,
                    ascii("HTTP/1.1 " + kind.split(" ")[1]
                            + " X\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 1999999999\r\n\r\n"));
            byte[] block = new byte[65_536];
            while (true) {
                KsherStub.write(socket, block);
                sent.addAndGet(block.length);
            }
        });
        KsherException failure = close("?callTimeout=30s", component -> {
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(stub.port());
            component.setProxyAuthUsername("user");
            component.setProxyAuthPassword("pass");
            component.getConfiguration().setApiUrl(kind.split(" ")[0] + "://ksher.invalid/KsherPay");
        });
        assertThat(failure).hasMessageContaining("the proxy").hasMessageNotContaining("callTimeout");
        assertThat(failure.isOutcomeUnknown()).isEqualTo(kind.startsWith("http "));
        assertThat(sent.get()).isLessThan(50_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 Nothing", "304 Same"})
    void proxyThatRefusesWithoutABodyKeepsNoConnection(String status) {
        stub.answering(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        try (Camel camel = new Camel(stub, component -> {
            component.setMaxConnections(1);
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(stub.port());
            component.getConfiguration().setApiUrl("https://ksher.invalid/KsherPay");
        })) {
            for (int i = 0; i < 3; i++) {
                assertThat(camel.call("ksher:orderClose?callTimeout=5s", "A").getException())
                        .isInstanceOf(KsherException.class)
                        .hasMessageNotContaining("callTimeout");
            }
            assertThat(leased(camel)).isZero();
        }
    }

    /** A proxy that does not answer the CONNECT: nothing was sent to Ksher. */
    @Test
    void silentProxyEndsTheCall() {
        CountDownLatch never = new CountDownLatch(1);
        stub.answering((request, socket) -> never.await());
        try (Camel camel = new Camel(stub, component -> {
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(stub.port());
            component.getConfiguration().setApiUrl("https://ksher.invalid/KsherPay");
        })) {
            KsherException failure = camel.call("ksher:orderClose?callTimeout=50s&responseTimeout=300", "A")
                    .getException(KsherException.class);
            assertThat(stub.onlyRequest().line()).startsWith("CONNECT ksher.invalid:443");
            assertThat(failure)
                    .isInstanceOf(KsherTransportException.class)
                    .hasMessageContaining("no byte within the responseTimeout of 300 ms");
            assertThat(failure.isOutcomeUnknown()).as("nothing was sent").isFalse();
            assertThat(leased(camel)).isZero();
        }
    }

    @Test
    void proxyGetsItsCredentialsAndKsherDoesNot() {
        stub.answering((request, socket) -> {
            if (!request.headers().containsKey("Proxy-Authorization")) {
                KsherStub.write(socket, Http.response(407, "Proxy-Authenticate: Basic realm=\"p\"\r\n", new byte[0]));
                return;
            }
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            KsherStub.write(socket, Http.ok(KsherStub.signed(data)));
        });
        try (Camel camel = new Camel(stub, component -> {
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(stub.port());
            component.setProxyAuthUsername("user");
            component.setProxyAuthPassword("pass");
            component.getConfiguration().setApiUrl("http://ksher.invalid/KsherPay");
        })) {
            assertThat(camel.call("ksher:orderQuery", "A").getException()).isNull();
            assertThat(stub.requests().get(1).line()).startsWith("POST http://ksher.invalid/KsherPay/order_query");
            assertThat(stub.requests().get(1).headers()).containsEntry("Proxy-Authorization", "Basic dXNlcjpwYXNz");
        }
    }
}
