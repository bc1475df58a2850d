/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static io.github.camelksher.support.Tls.server;
import static io.github.camelksher.support.Tls.trusting;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.ChainElement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls that fail before a byte of the command is sent: the outcome is known, so a
 * route may repeat them.
 */
class NothingSentTest extends NothingSentTestSupport {

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        assertNotSent(close("?apiUrl=http://127.0.0.1:" + port, component -> {}));
    }

    @Test
    void hostIsUnknown() {
        assertNotSent(close("?apiUrl=http://ksher.invalid", component -> {}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n\r\n", "\u0015\u0003\u0003\u0000\u0002\u0002\u0028"})
    void noHandshake(String answer) {
        stub.greeting(socket -> {
            KsherStub.write(socket, ascii(answer));
            socket.close();
        });
        assertNotSent(close("?apiUrl=https://127.0.0.1:" + stub.port(), component -> {}));
    }

    @Test
    void handshakeThatNobodyAnswers() {
        CountDownLatch never = new CountDownLatch(1);
        stub.greeting(socket -> never.await());
        KsherException failure = close(
                "?apiUrl=https://127.0.0.1:" + stub.port(),
                component -> component.setConnectTimeout(Duration.ofMillis(300)));
        assertNotSent(failure);
        assertThat(failure).hasMessageContaining("connectTimeout").hasMessageNotContaining("responseTimeout");
    }

    /** Holds the call on its open connection, before the request is written. */
    private static void meanwhile(KsherComponent component, Semaphore done) {
        component.setHttpClientConfigurer(builder -> builder.addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(), "meanwhile", (request, scope, chain) -> {
                    done.acquireUninterruptibly();
                    return chain.proceed(request, scope);
                }));
    }

    @Test
    void replyThatWasThereBeforeTheRequestIsNobodys() {
        Semaphore sent = new Semaphore(0);
        stub.greeting(socket -> {
            KsherStub.write(socket, FORGED);
            sent.release();
        });
        KsherException failure = close("", component -> meanwhile(component, sent));
        assertNotSent(failure);
        assertThat(failure).hasMessageContaining("before the request was written");
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void replyThatWasThereBeforeTheRequestIsNobodysUnderTlsToo() throws Exception {
        Semaphore sent = new Semaphore(0);
        try (KsherStub tls = server("tls-loopback.p12").greeting(socket -> {
            // Without it the bytes wait until the end of the handshake is acknowledged.
            socket.setTcpNoDelay(true);
            KsherStub.write(socket, FORGED);
            sent.release();
        })) {
            KsherException failure = close("?apiUrl=https://127.0.0.1:" + tls.port(), component -> {
                component.setSslContextParameters(trusting("tls-loopback.p12"));
                meanwhile(component, sent);
            });
            assertNotSent(failure);
            assertThat(failure).hasMessageContaining("before the request was written");
            assertThat(tls.requests()).isEmpty();
        }
    }

    /** In TLS 1.3 the server refuses after the client took the handshake as complete. */
    @Test
    void serverThatWantsACertificateOfTheClientGotNothing() throws Exception {
        Semaphore refused = new Semaphore(0);
        try (KsherStub tls = server("tls-loopback.p12").greeting(socket -> {
            ((SSLSocket) socket).setNeedClientAuth(true);
            try {
                ((SSLSocket) socket).startHandshake();
            } finally {
                refused.release();
            }
        })) {
            KsherException failure = close("?apiUrl=https://127.0.0.1:" + tls.port(), component -> {
                component.setSslContextParameters(trusting("tls-loopback.p12"));
                meanwhile(component, refused);
            });
            assertNotSent(failure);
            assertThat(tls.requests()).isEmpty();
        }
    }

    @Test
    void serverThatClosesANewConnectionGotNothing() {
        Semaphore closed = new Semaphore(0);
        stub.greeting(socket -> {
            socket.close();
            closed.release();
        });
        assertNotSent(close("", component -> meanwhile(component, closed)));
    }

    @Test
    void componentThatWasStopped() {
        try (Camel camel = new Camel(stub)) {
            camel.call("ksher:orderClose", "A-0");
            camel.context().getComponent("ksher", KsherComponent.class).http().close();
            KsherException failure = camel.call("ksher:orderClose", "A-1").getException(KsherException.class);
            assertNotSent(failure);
            assertThat(failure).hasMessageContaining("stopped");
        }
    }

    @Test
    void waitingTakesHalfOfTheCallTimeoutAtMost() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        stub.answering((request, socket) -> {
            busy.countDown();
            release.await();
            KsherStub.write(socket, FORGED);
        });
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Camel camel = new Camel(stub, component -> component.setMaxConnections(1))) {
            Future<?> first = other.submit(() -> camel.call("ksher:gatewayCancel", "A-1"));
            busy.await();
            long began = System.nanoTime();
            KsherException failure =
                    camel.call("ksher:gatewayCancel?callTimeout=6s", "A-2").getException(KsherException.class);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertNotSent(failure);
            assertThat(failure).hasMessageContaining("half of the callTimeout of 6000 ms");
            // A wide limit: it only tells the half from the whole.
            assertThat(took).isBetween(Duration.ofMillis(2_900), Duration.ofMillis(5_900));
            release.countDown();
            first.get();
        } finally {
            other.shutdownNow();
        }
    }

    /** Ten times as many calls as there is time for: each is answered or not sent. */
    @Test
    void overloadLeavesNoOutcomeUnknown() throws Exception {
        stub.answering((request, socket) -> {
            assertThat(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS)).isFalse();
            KsherStub.write(
                    socket, Http.ok("{\"code\":0,\"data\":\"" + request.form().get("mch_order_no") + "\"}"));
        });
        ExecutorService callers = Executors.newCachedThreadPool();
        try (Camel camel = new Camel(stub, component -> component.setMaxConnections(2))) {
            List<Future<KsherException>> failures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String order = "A-" + i;
                failures.add(callers.submit(() -> {
                    var exchange = camel.call("ksher:gatewayCancel?callTimeout=4s", order);
                    GatewayCancelReply reply = exchange.getMessage().getBody(GatewayCancelReply.class);
                    assertThat(exchange.getException() == null ? reply.text() : order)
                            .isEqualTo(order);
                    return exchange.getException(KsherException.class);
                }));
            }
            int answered = 0;
            for (Future<KsherException> call : failures) {
                KsherException failure = call.get();
                if (failure == null) {
                    answered++;
                } else {
                    assertNotSent(failure);
                }
            }
            assertThat(answered).isBetween(1, 199).isEqualTo(stub.requests().size());
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void whatHasAConnectionTooLateIsNotSent() {
        CountDownLatch never = new CountDownLatch(1);
        KsherException failure = close(
                "?callTimeout=1s",
                component -> component.setHttpClientConfigurer(
                        builder -> builder.addExecInterceptorFirst("slow", (request, scope, chain) -> {
                            try {
                                assertThat(never.await(600, TimeUnit.MILLISECONDS))
                                        .isFalse();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return chain.proceed(request, scope);
                        })));
        assertNotSent(failure);
        assertThat(stub.requests()).isEmpty();
    }
}
