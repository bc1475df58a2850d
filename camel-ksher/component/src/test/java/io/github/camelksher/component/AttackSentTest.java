/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Tls;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was sent, and what was not. */
@Timeout(120)
class AttackSentTest {

    private static SSLContext serverContext() throws Exception {
        KeyStoreParameters store = new KeyStoreParameters();
        store.setResource("keys/" + STORE);
        store.setPassword("changeit");
        store.setType("PKCS12");
        KeyManagersParameters keys = new KeyManagersParameters();
        keys.setKeyStore(store);
        keys.setKeyPassword("changeit");
        SSLContextParameters ssl = new SSLContextParameters();
        ssl.setKeyManagers(keys);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            return ssl.createSSLContext(context);
        }
    }

    private static final String STORE = "tls-loopback.p12";
    private static final String TRUST = "tls-loopback.p12";

    /** A server that ends each new connection after the handshake, and reads no byte of a request. */
    @ParameterizedTest
    @CsvSource({"reset,TLSv1.3", "reset,TLSv1.2", "clientAuth,TLSv1.3", "clientAuth,TLSv1.2"})
    void theServerEndsTheConnectionAfterTheHandshake(String how, String protocol) throws Exception {
        SSLContext context = serverContext();
        AtomicInteger appBytes = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                KsherStub unused = new KsherStub()) {
            Thread thread = new Thread(() -> {
                while (!server.isClosed()) {
                    try (Socket raw = server.accept()) {
                        SSLSocket tls = (SSLSocket)
                                context.getSocketFactory().createSocket(raw, "127.0.0.1", raw.getPort(), true);
                        tls.setUseClientMode(false);
                        tls.setEnabledProtocols(new String[] {protocol});
                        tls.setNeedClientAuth(how.equals("clientAuth"));
                        tls.startHandshake();
                        raw.setSoLinger(true, 0);
                    } catch (Exception e) {
                        if (appBytes.getAndIncrement() == 0) {
                            System.out.println("SERVER " + e);
                        }
                    }
                }
            });
            thread.start();
            Map<String, Integer> outcomes = new TreeMap<>();
            try (Camel camel = new Camel(unused, component -> {
                component.setSslContextParameters(Tls.trusting(TRUST));
                component.getConfiguration().setApiUrl("https://127.0.0.1:" + server.getLocalPort());
            })) {
                for (int i = 0; i < 60; i++) {
                    KsherException failure =
                            camel.call("ksher:orderClose", "A-" + i).getException(KsherException.class);
                    Throwable cause = failure.getCause();
                    boolean beforeWriting = false;
                    for (Throwable t = cause; t != null; t = t.getCause()) {
                        for (StackTraceElement e : t.getStackTrace()) {
                            beforeWriting |= e.getMethodName().equals("isSilentForAMoment");
                        }
                    }
                    outcomes.merge(
                            "unknown=" + failure.isOutcomeUnknown() + " beforeWriting=" + beforeWriting + " "
                                    + cause.getClass().getSimpleName() + " " + cause.getMessage(),
                            1,
                            Integer::sum);
                }
            }
            outcomes.forEach((k, v) -> System.out.println("SENT " + how + " " + protocol + " " + v + " x " + k));
            assertThat(outcomes.keySet()).noneMatch(k -> k.startsWith("unknown=true beforeWriting=true"));
        }
    }

    /** A plain proxy takes the whole POST, says 407 and closes (or says more), so that the second connection is no good. */
    @ParameterizedTest
    @CsvSource({"close", "garbage"})
    void proxyThatHadTheWholeRequestBeforeItAskedForAPassword(String then) throws Exception {
        try (KsherStub proxy = new KsherStub()) {
            proxy.answering((request, socket) -> {
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
                                + (then.equals("garbage") ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : ""))
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                if (then.equals("close")) {
                    socket.close();
                }
            });
            Map<String, Integer> outcomes = new TreeMap<>();
            try (Camel camel = new Camel(proxy, component -> {
                component.setProxyHost("127.0.0.1");
                component.setProxyPort(proxy.port());
                component.setProxyAuthUsername("u");
                component.setProxyAuthPassword("p");
                component.getConfiguration().setApiUrl("http://ksher.invalid/KsherPay");
            })) {
                for (int i = 0; i < 20; i++) {
                    KsherException failure =
                            camel.call("ksher:orderClose", "A-" + i).getException(KsherException.class);
                    outcomes.merge(
                            "unknown=" + failure.isOutcomeUnknown() + " "
                                    + failure.getMessage().replaceAll("A-\\d+", ""),
                            1,
                            Integer::sum);
                }
            }
            System.out.println("407 " + then + " " + outcomes + " bodies "
                    + proxy.requests().size() + " "
                    + proxy.requests().get(0).body().length());
            assertThat(outcomes.keySet()).noneMatch(k -> k.startsWith("unknown=false"));
        }
    }

    /** maxReplySize: any status; beyond it the connection is cut, not drained. */
    @ParameterizedTest
    @CsvSource({"CONNECT 407 long", "CONNECT 403", "CONNECT 407", "POST 407", "POST 403"})
    void endlessBodyOfAProxysRefusal(String kind) throws Exception {
        AtomicLong sent = new AtomicLong();
        String status = kind.split(" ")[1];
        try (KsherStub proxy = new KsherStub()) {
            proxy.answering((request, socket) -> {
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 " + status + " X\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                                + (kind.endsWith("long")
                                        ? "Content-Length: 99999999999\r\n\r\n"
                                        : "Content-Length: 1999999999\r\n\r\n"))
                        .getBytes(StandardCharsets.US_ASCII));
                byte[] block = new byte[65536];
                while (true) {
                    out.write(block);
                    sent.addAndGet(block.length);
                }
            });
            long before = System.nanoTime();
            KsherException failure;
            try (Camel camel = new Camel(proxy, component -> {
                component.setProxyHost("127.0.0.1");
                component.setProxyPort(proxy.port());
                component.setProxyAuthUsername("u");
                component.setProxyAuthPassword("p");
                component.getConfiguration().setCallTimeout(Duration.ofSeconds(3));
                component
                        .getConfiguration()
                        .setApiUrl((kind.startsWith("CONNECT") ? "https" : "http") + "://ksher.invalid/KsherPay");
            })) {
                failure = camel.call("ksher:orderClose", "A-1").getException(KsherException.class);
                System.out.println("ENDLESS " + kind + " sent " + (sent.get() >> 20) + " MB in "
                        + (System.nanoTime() - before) / 1_000_000 + " ms " + failure + " unknown "
                        + failure.isOutcomeUnknown() + " leased "
                        + camel.context()
                                .getComponent("ksher", KsherComponent.class)
                                .http()
                                .state());
                for (int i = 0; i < 3; i++) {
                    Thread.sleep(500);
                    System.out.println("LATER "
                            + camel.context()
                                    .getComponent("ksher", KsherComponent.class)
                                    .http()
                                    .state());
                }
            }
            assertThat(sent.get()).as("bytes taken from the proxy").isLessThan(20_000_000);
        }
    }
}
