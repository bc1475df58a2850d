/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static io.github.camelksher.support.Tls.server;
import static io.github.camelksher.support.Tls.trusting;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class TlsTest {

    private static KsherException close(KsherStub stub, Consumer<KsherComponent> options) {
        try (Camel camel = new Camel(stub, component -> {
            component.getConfiguration().setApiUrl("https://127.0.0.1:" + stub.port() + "/KsherPay");
            options.accept(component);
        })) {
            return camel.call("ksher:orderClose", "A-1").getException(KsherException.class);
        }
    }

    @Test
    void callsServerWhoseCertificateIsTrusted() throws Exception {
        try (KsherStub stub = server("tls-loopback.p12")) {
            assertThat(close(stub, component -> component.setSslContextParameters(trusting("tls-loopback.p12"))))
                    .isNull();
            assertThat(stub.requests()).hasSize(1);
        }
    }

    @Test
    void pooledConnectionsAreUsedAgainUnlessTheyAreClosedOrHoldWhatNobodyAskedFor() throws Exception {
        Semaphore closed = new Semaphore(0);
        try (KsherStub stub = server("tls-loopback.p12");
                Camel camel = new Camel(stub, component -> {
                    component.getConfiguration().setApiUrl("https://127.0.0.1:" + stub.port() + "/KsherPay");
                    component.setSslContextParameters(trusting("tls-loopback.p12"));
                })) {
            for (int i = 0; i < 20; i++) {
                assertThat(camel.call("ksher:orderClose", "A-" + i).getException())
                        .isNull();
            }
            assertThat(stub.connections()).as("used again").isEqualTo(1);
            stub.answering((request, socket) -> {
                Map<String, Object> data = KsherStub.echo(request);
                data.put("result", "SUCCESS");
                byte[] reply = Http.ok(KsherStub.signed(data));
                // Without it the second write waits until the first is acknowledged.
                socket.setTcpNoDelay(true);
                KsherStub.write(socket, reply);
                if (data.get("mch_order_no").toString().startsWith("TWICE")) {
                    KsherStub.write(socket, reply);
                } else {
                    socket.close();
                }
                closed.release();
            });
            for (int i = 0; i < 40; i++) {
                assertThat(camel.call("ksher:orderClose", (i % 2 == 0 ? "TWICE-" : "ONCE-") + i)
                                .getException())
                        .isNull();
                // A close that has not arrived cannot be detected.
                closed.acquire();
            }
        }
    }

    @Test
    void serverThatFallsSilentEndsTheCall() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (KsherStub stub = server("tls-loopback.p12").answering((request, socket) -> never.await());
                Camel camel = new Camel(stub, component -> {
                    component.getConfiguration().setApiUrl("https://127.0.0.1:" + stub.port() + "/KsherPay");
                    component.setSslContextParameters(trusting("tls-loopback.p12"));
                })) {
            KsherException failure =
                    camel.call("ksher:orderClose?responseTimeout=300", "A").getException(KsherException.class);
            assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageContaining("responseTimeout");
            assertThat(failure.isOutcomeUnknown()).isTrue();
        }
    }

    /**
     * Answers a CONNECT and adds the given bytes, then forwards everything; injected bytes
     * go to the client.
     */
    private static KsherStub proxy(KsherStub target, String andMore, AtomicReference<Socket> client)
            throws IOException {
        return new KsherStub().answering((request, socket) -> {
            client.set(socket);
            // Without it the injected bytes wait until the earlier ones are acknowledged.
            socket.setTcpNoDelay(true);
            KsherStub.write(socket, ("HTTP/1.1 200 OK\r\n\r\n" + andMore).getBytes(StandardCharsets.US_ASCII));
            try (Socket server = new Socket("127.0.0.1", target.port())) {
                Thread back = new Thread(() -> {
                    try {
                        server.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // One side closed.
                    }
                });
                back.start();
                socket.getInputStream().transferTo(server.getOutputStream());
            }
        });
    }

    private static Camel behind(KsherStub proxy, KsherStub stub) {
        return new Camel(stub, component -> {
            component.getConfiguration().setApiUrl("https://127.0.0.1:" + stub.port() + "/KsherPay");
            component.getConfiguration().setGatewayUrl("https://127.0.0.1:" + stub.port() + "/api");
            component.setSslContextParameters(trusting("tls-loopback.p12"));
            component.setProxyHost("127.0.0.1");
            component.setProxyPort(proxy.port());
            component.setProxyAuthUsername("user");
            component.setProxyAuthPassword("pass");
        });
    }

    @Test
    void whatAProxySendsBeforeTlsBeginsIsNoReply() throws Exception {
        String forged = new String(Http.ok("{\"code\":0,\"data\":\"ok\"}"), StandardCharsets.US_ASCII);
        try (KsherStub stub = server("tls-loopback.p12");
                KsherStub proxy = proxy(stub, forged, new AtomicReference<>());
                Camel camel = behind(proxy, stub)) {
            KsherException failure = camel.call("ksher:gatewayCancel", "A").getException(KsherException.class);
            assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageContaining("CONNECT");
            assertThat(failure.isOutcomeUnknown()).as("nothing was sent").isFalse();
            assertThat(stub.requests()).isEmpty();
        }
    }

    @Test
    void serverBehindATunnelThatAsksForAPasswordIsNotAskedAgain() throws Exception {
        try (KsherStub stub = server("tls-loopback.p12")
                        .answering(Http.response(407, "Proxy-Authenticate: Basic realm=\"p\"\r\n", new byte[0]));
                KsherStub proxy = proxy(stub, "", new AtomicReference<>());
                Camel camel = behind(proxy, stub)) {
            assertThat(camel.call("ksher:orderClose", "A").getException())
                    .isInstanceOf(KsherException.class)
                    .hasMessageContaining("407");
            assertThat(stub.requests()).hasSize(1);
        }
    }

    @Test
    void connectionWithHalfARecordIsNotUsedAgain() throws Exception {
        AtomicReference<Socket> client = new AtomicReference<>();
        try (KsherStub stub = server("tls-loopback.p12");
                KsherStub proxy = proxy(stub, "", client);
                Camel camel = behind(proxy, stub)) {
            assertThat(camel.call("ksher:orderClose", "A").getException()).isNull();
            assertThat(camel.call("ksher:orderClose", "B").getException()).isNull();
            assertThat(stub.connections()).as("used again").isEqualTo(1);
            // The head of a record of 64 bytes.
            KsherStub.write(client.get(), new byte[] {0x17, 3, 3, 0, 64});
            assertThat(camel.call("ksher:orderClose", "C").getException()).isNull();
            assertThat(stub.connections()).isEqualTo(2);
        }
    }

    @Test
    void certificateThatIsNotTrustedIsNotRetryable() throws Exception {
        try (KsherStub stub = server("tls-loopback.p12")) {
            assertUntrusted(close(stub, component -> {}), stub);
        }
    }

    @Test
    void certificateOfAnotherHostIsNotRetryable() throws Exception {
        try (KsherStub stub = server("tls-other-host.p12")) {
            assertUntrusted(
                    close(stub, component -> component.setSslContextParameters(trusting("tls-other-host.p12"))), stub);
        }
    }

    private static void assertUntrusted(KsherException failure, KsherStub stub) {
        assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageContaining("certificate");
        assertThat(failure.isRetryable()).isFalse();
        assertThat(failure.isOutcomeUnknown()).as("nothing was sent").isFalse();
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void handshakeThatIsCutIsRetryableAndSentNothing() throws Exception {
        try (KsherStub plain = new KsherStub()) {
            KsherException failure = close(
                    plain, component -> component.getConfiguration().setCallTimeout(java.time.Duration.ofSeconds(2)));
            assertThat(failure).isInstanceOf(KsherTransportException.class);
            assertThat(failure.isRetryable()).isTrue();
            assertThat(failure.isOutcomeUnknown()).isFalse();
        }
    }

    @Test
    void usesTheContextsGlobalSslParametersWhenToldTo() throws Exception {
        try (KsherStub stub = server("tls-loopback.p12");
                CamelContext context = new DefaultCamelContext()) {
            context.setSSLContextParameters(trusting("tls-loopback.p12"));
            KsherComponent component = new KsherComponent();
            component.setUseGlobalSslContextParameters(true);
            component.getConfiguration().setAppId(KsherStub.APP_ID);
            component.getConfiguration().setPrivateKey(Camel.KEY);
            component.getConfiguration().setKsherPublicKey(KsherStub.ksherPublicKey());
            component.getConfiguration().setApiUrl("https://localhost:" + stub.port() + "/KsherPay");
            context.addComponent("ksher", component);
            context.start();
            assertThat(context.createProducerTemplate()
                            .requestBodyAndHeader("ksher:orderQuery", null, KsherConstants.MCH_ORDER_NO, "A-1")
                            .toString())
                    .contains("SUCCESS");
        }
    }
}
