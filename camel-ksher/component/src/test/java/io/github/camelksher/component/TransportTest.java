/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines, overload and connections, against servers that behave as badly as they can. */
class TransportTest extends StubTestSupport {

    private static void trickle(Socket socket, String text) throws Exception {
        OutputStream out = socket.getOutputStream();
        CountDownLatch never = new CountDownLatch(1);
        for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
            out.write(b);
            out.flush();
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nX-Slow: ",
                "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void serverThatTricklesCannotOutliveTheDeadline(String begin) {
        stub.answering((request, socket) -> {
            KsherStub.write(socket, begin.getBytes(StandardCharsets.US_ASCII));
            trickle(socket, begin.contains("chunked") ? "1\r\n \r\n".repeat(1000) : "a".repeat(100_000));
        });
        try (Camel camel = new Camel(stub)) {
            long started = System.nanoTime();
            KsherException failure = camel.call("ksher:orderClose?callTimeout=700&responseTimeout=20s", "A")
                    .getException(KsherException.class);
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageContaining("callTimeout");
            assertThat(failure.isOutcomeUnknown()).isTrue();
            // A wide limit: without the deadline it would take minutes.
            assertThat(took).isBetween(Duration.ofMillis(650), Duration.ofSeconds(10));
            assertThat(leased(camel)).isZero();
        }
    }

    @Test
    void serverThatIsNeverSilentForLongIsNotCut() {
        // It takes 3 seconds.
        stub.answering(
                (request, socket) -> trickle(socket, "HTTP/1.1 503 S\r\nContent-Length: 20\r\n\r\n" + "a".repeat(20)));
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderQuery?responseTimeout=1500", "A").getException())
                    .isInstanceOf(KsherHttpStatusException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"})
    void serverThatFallsSilentEndsTheCall(String begin) {
        CountDownLatch never = new CountDownLatch(1);
        stub.answering((request, socket) -> {
            KsherStub.write(socket, begin.getBytes(StandardCharsets.US_ASCII));
            never.await();
        });
        try (Camel camel = new Camel(stub)) {
            KsherException failure = camel.call("ksher:orderClose?callTimeout=50s&responseTimeout=300", "A")
                    .getException(KsherException.class);
            assertThat(failure)
                    .isInstanceOf(KsherTransportException.class)
                    .hasMessageContaining("no byte within the responseTimeout of 300 ms")
                    .hasRootCauseInstanceOf(IOException.class);
            assertThat(failure.isRetryable()).isTrue();
            assertThat(failure.isOutcomeUnknown()).isTrue();
            assertThat(leased(camel)).isZero();
        }
    }

    @RepeatedTest(20)
    void stoppedComponentEndsTheCallsUnderWay() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        stub.answering((request, socket) -> {
            busy.countDown();
            never.await();
        });
        ExecutorService others = Executors.newFixedThreadPool(2);
        try (Camel camel = new Camel(stub, component -> component.setMaxConnections(1))) {
            KsherComponent component = camel.context().getComponent("ksher", KsherComponent.class);
            Future<Exchange> first = others.submit(() -> camel.call("ksher:orderClose?callTimeout=50s", "A"));
            busy.await();
            Future<Exchange> second = others.submit(() -> camel.call("ksher:orderClose?callTimeout=50s", "B"));
            while (component.http().state().pending() == 0) {
                Thread.onSpinWait();
            }
            component.http().close();
            KsherException sent = first.get(10, TimeUnit.SECONDS).getException(KsherException.class);
            assertThat(sent).hasMessageContaining("the component was stopped");
            assertThat(sent.isOutcomeUnknown()).isTrue();
            KsherException waiting = second.get(10, TimeUnit.SECONDS).getException(KsherException.class);
            assertThat(waiting).isInstanceOf(KsherTransportException.class);
            assertThat(waiting.isOutcomeUnknown()).as("nothing was sent").isFalse();
        } finally {
            others.shutdownNow();
        }
    }

    /** An interrupt or deadline just when a connection becomes free must not leak it. */
    @Test
    void overloadLosesNoConnection() throws Exception {
        stub.echoing("SUCCESS", Map.of());
        ExecutorService callers = Executors.newFixedThreadPool(24);
        try (Camel camel = new Camel(stub, component -> component.setMaxConnections(2))) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                int number = i;
                all.add(callers.submit(() -> {
                    if (number % 50 == 0) {
                        Thread.currentThread().interrupt();
                    }
                    Exception failure =
                            camel.call("ksher:orderClose?callTimeout=5", "A").getException();
                    // Not HttpClient's own wait, which leaks connections, and ends while
                    // its lock is held.
                    assertThat(String.valueOf(failure)).doesNotContain("ConnectionRequestTimeout");
                    return failure;
                }));
                if (number % 7 == 0) {
                    all.get(number / 2).cancel(true);
                }
            }
            callers.shutdown();
            assertThat(callers.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
            for (Future<?> call : all) {
                if (!call.isCancelled()) {
                    call.get();
                }
            }
            assertThat(leased(camel)).isZero();
            for (int i = 0; i < 4; i++) {
                assertThat(camel.call("ksher:orderClose", "A").getException()).isNull();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void deadlineCountsWaitingForAConnection() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        stub.answering((request, socket) -> {
            busy.countDown();
            release.await();
            socket.close();
        });
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Camel camel = new Camel(stub, component -> component.setMaxConnections(1))) {
            Future<?> first = other.submit(() -> camel.call("ksher:orderClose", "A"));
            busy.await();
            KsherException failure =
                    camel.call("ksher:orderClose?callTimeout=300", "B").getException(KsherException.class);
            assertThat(failure).isInstanceOf(KsherTransportException.class);
            assertThat(failure.isOutcomeUnknown()).as("nothing was sent").isFalse();
            release.countDown();
            first.get();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void deadlineCountsConnecting() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Nothing accepts connections, and the queue is full: the next handshake hangs.
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 100);
                } catch (IOException e) {
                    break;
                }
            }
            try (Camel camel = new Camel(stub)) {
                KsherException failure = camel.call(
                                "ksher:orderClose?callTimeout=500&apiUrl=http://127.0.0.1:" + full.getLocalPort(), "A")
                        .getException(KsherException.class);
                assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageContaining("callTimeout");
                assertThat(failure.isOutcomeUnknown()).as("nothing was sent").isFalse();
            }
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void noticesThatTheServerClosedAPooledConnection() throws Exception {
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderClose", "A").getException()).isNull();
            stub.closeConnections();
            assertThat(camel.call("ksher:orderClose", "A").getException()).isNull();
            assertThat(stub.connections()).isEqualTo(2);
        }
    }

    @Test
    void anInterruptFromBeforeTheCallIsNotAboutTheCall() {
        try (Camel camel = new Camel(stub)) {
            Thread.currentThread().interrupt();
            assertThat(camel.call("ksher:orderClose", "A").getException()).isNull();
            assertThat(Thread.interrupted()).as("kept for whom it concerns").isTrue();
        }
    }

    @Test
    void anInterruptEndsACallThatIsUnderWay() {
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        stub.answering((request, socket) -> {
            caller.interrupt();
            never.await();
        });
        try (Camel camel = new Camel(stub)) {
            KsherException failure =
                    camel.call("ksher:orderClose?callTimeout=50s", "A").getException(KsherException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageNotContaining("callTimeout");
            assertThat(failure.isOutcomeUnknown()).isTrue();
            assertThat(leased(camel)).isZero();
        }
    }

    @Test
    void replyThatNobodyAskedForAnswersNoOtherCall() {
        stub.answering((request, socket) -> {
            byte[] reply = Http.ok("{\"code\":0,\"data\":\"" + request.form().get("mch_order_no") + "\"}");
            byte[] twice = Arrays.copyOf(reply, reply.length * 2);
            System.arraycopy(reply, 0, twice, reply.length, reply.length);
            KsherStub.write(socket, twice);
        });
        try (Camel camel = new Camel(stub)) {
            for (int i = 0; i < 20; i++) {
                GatewayCancelReply reply =
                        camel.call("ksher:gatewayCancel", "A-" + i).getMessage().getBody(GatewayCancelReply.class);
                assertThat(reply.text()).isEqualTo("A-" + i);
            }
        }
    }

    @Test
    void serverThatClosesAfterEveryReplyDisturbsNoCommand() throws Exception {
        Semaphore closed = new Semaphore(0);
        stub.answering((request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            KsherStub.write(socket, Http.ok(KsherStub.signed(data)));
            socket.close();
            closed.release();
        });
        try (Camel camel = new Camel(stub)) {
            for (int i = 0; i < 50; i++) {
                assertThat(camel.call("ksher:orderClose", "A" + i).getException())
                        .isNull();
                // A close that has not arrived cannot be detected.
                closed.acquire();
            }
        }
    }

    @Test
    void givesEachOf6400CallsItsOwnReplyAndLeaksNoConnection() throws Exception {
        Set<String> nonces = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (Camel camel = new Camel(stub)) {
            List<Future<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 6400; i++) {
                String order = "A-" + i;
                calls.add(threads.submit(() -> {
                    Exchange exchange = camel.call("ksher:orderQuery", order);
                    OrderQueryReply reply = exchange.getMessage().getBody(OrderQueryReply.class);
                    return order.equals(reply.mchOrderNo());
                }));
            }
            for (Future<Boolean> call : calls) {
                assertThat(call.get()).isTrue();
            }
            stub.requests().forEach(request -> nonces.add(request.form().get("nonce_str")));
            assertThat(nonces).hasSize(6400);
            assertThat(leased(camel)).isZero();
            assertThat(camel.context()
                            .getComponent("ksher", KsherComponent.class)
                            .http()
                            .state()
                            .available())
                    .isBetween(1, 64);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void stoppedContextLeavesNoThreadAndNoConnection() throws Exception {
        Camel camel = new Camel(stub);
        camel.call("ksher:orderQuery", "A");
        var pool = camel.context().getComponent("ksher", KsherComponent.class).http();
        camel.close();
        assertThat(pool.state().available() + pool.state().leased()).isZero();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("KsherCallTimeout")) {
                // It was stopped, but may not have ended yet.
                thread.join(5_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }
}
