/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.ByteArrayOutputStream;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time, size and connections, against servers that behave as badly as they can. */
@Timeout(60)
class TransportTest {

    private KsherStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub().echoing("SUCCESS", Map.of());
    }

    @AfterEach
    void stop() {
        stub.close();
    }

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
            // Not a measurement: without the deadline it would take minutes.
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

    @Test
    void brokenBodyIsNotReadToItsEnd() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write('1');
        }
        byte[] gzip = zipped.toByteArray();
        gzip[gzip.length - 8] ^= 1;
        stub.answering((request, socket) -> {
            String head =
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + (gzip.length + 9) + "\r\n\r\n";
            KsherStub.write(socket, head.getBytes(StandardCharsets.US_ASCII));
            KsherStub.write(socket, gzip);
            never.await();
        });
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderClose?responseTimeout=5s", "A").getException())
                    .isInstanceOf(KsherTransportException.class)
                    .hasMessageNotContaining("responseTimeout");
            assertThat(leased(camel)).isZero();
        }
    }

    /** Interrupts and deadlines that come just as a connection is free must not lose it. */
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
                    // Not HttpClient's own wait: that loses connections, and ends at once while its lock is held.
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\n{\"openid\":\"oSECRET\"}\r\n",
                "Transfer-Encoding: oSECRET\r\n\r\n",
                "Content-Length: oSECRET\r\n\r\n",
                "oSECRET\r\n\r\n"
            })
    void brokenHttpIsNotRepeated(String rest) {
        stub.answering(("HTTP/1.1 200 OK\r\n" + rest).getBytes(StandardCharsets.US_ASCII));
        try (Camel camel = new Camel(stub)) {
            Throwable failure =
                    camel.call("ksher:orderQuery?responseTimeout=2s", "A").getException();
            assertThat(failure).isInstanceOf(KsherException.class);
            for (; failure != null; failure = failure.getCause()) {
                assertThat(failure.toString()).doesNotContain("oSECRET");
            }
        }
    }

    /** A proxy that takes the CONNECT and says nothing: nothing was sent to Ksher. */
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

    /** The deadline's own thread gives the connection back, perhaps a moment after the call has failed. */
    private static int leased(Camel camel) {
        var pool = camel.context().getComponent("ksher", KsherComponent.class).http();
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (pool.state().leased() > 0 && System.nanoTime() < giveUp) {
            Thread.onSpinWait();
        }
        return pool.state().leased();
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
            // Nobody accepts, and the queue is full: the next handshake hangs.
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
    void cutsEndlessReplyInsteadOfDrainingIt() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        stub.answering((request, socket) -> {
            byte[] blanks = " ".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
            KsherStub.write(
                    socket, "HTTP/1.1 200 OK\r\nContent-Length: 400000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            try {
                for (int sent = 0; sent < 400_000_000; sent += blanks.length) {
                    KsherStub.write(socket, blanks);
                }
            } catch (IOException e) {
                cut.countDown();
                throw e;
            }
        });
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderQuery", "A").getException())
                    .isInstanceOf(KsherMalformedReplyException.class);
            assertThat(cut.await(20, TimeUnit.SECONDS)).as("connection was cut").isTrue();
            assertThat(leased(camel)).isZero();
        }
    }

    @Test
    void readsGzipAndChunks() {
        stub.answering((request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
                gzip.write(KsherStub.signed(data).getBytes(StandardCharsets.UTF_8));
            }
            KsherStub.write(socket, Http.response(200, "Content-Encoding: gzip\r\n", zipped.toByteArray()));
        });
        try (Camel camel = new Camel(stub)) {
            for (int i = 0; i < 3; i++) {
                assertThat(camel.call("ksher:orderQuery", "A").getMessage().getBody())
                        .isInstanceOf(OrderQueryReply.class);
            }
            assertThat(stub.connections()).as("the connection is used again").isEqualTo(1);
        }
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(plain);
        }
        return zipped.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean raw) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(zipped, new Deflater(1, raw))) {
            deflate.write(plain);
        }
        return zipped.toByteArray();
    }

    private interface Packing {
        byte[] of(byte[] plain) throws IOException;
    }

    private Exchange queryAnsweredWith(String headers, Packing packing) {
        stub.answering((request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            data.put("total_fee", 100);
            byte[] plain = KsherStub.signed(data).getBytes(StandardCharsets.UTF_8);
            KsherStub.write(socket, Http.response(200, headers + "\r\n", packing.of(plain)));
        });
        int before = stub.connections();
        try (Camel camel = new Camel(stub)) {
            Exchange first = camel.call("ksher:orderQuery", "A");
            Exchange second = camel.call("ksher:orderQuery", "A");
            assertThat(second.getException() == null).isEqualTo(first.getException() == null);
            if (first.getException() == null) {
                assertThat(stub.connections() - before)
                        .as("the connection is used again")
                        .isEqualTo(1);
            }
            assertThat(leased(camel)).isZero();
            return first;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Encoding: utf-8",
                "Content-Encoding: UTF-8",
                "Content-Encoding: none",
                "Content-Encoding: identity",
                "Content-Encoding: binary",
                "Content-Encoding:",
                "Content-Encoding: ,",
                "Content-Encoding: br",
                "Content-Encoding: utf-8, identity",
                "Content-Encoding: utf-8\r\nContent-Encoding: none"
            })
    void aContentEncodingThatIsNoneIsReadAsItCame(String header) {
        Exchange exchange = queryAnsweredWith(header, plain -> plain);
        assertThat(exchange.getMessage().getBody()).isInstanceOf(OrderQueryReply.class);
        assertThat(exchange.getMessage().getHeader(KsherConstants.SIGNED)).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Encoding: x-gzip",
                "Content-Encoding: GZIP",
                "Content-Encoding: gzip, utf-8",
                "Content-Encoding: utf-8,gzip",
                "Content-Encoding: utf-8\r\nContent-Encoding: gzip"
            })
    void readsGzipWhateverElseTheHeaderSays(String header) {
        assertThat(queryAnsweredWith(header, TransportTest::gzip).getMessage().getBody())
                .isInstanceOf(OrderQueryReply.class);
    }

    @Test
    void readsOtherCompressionThatWasNotAskedFor() {
        assertThat(List.of(
                        queryAnsweredWith("Content-Encoding: deflate", plain -> deflate(plain, false)),
                        queryAnsweredWith("Content-Encoding: deflate", plain -> deflate(plain, true)),
                        queryAnsweredWith("Content-Encoding: gzip, gzip", plain -> gzip(gzip(plain))),
                        queryAnsweredWith("Content-Encoding: deflate, gzip", plain -> gzip(deflate(plain, false)))))
                .allSatisfy(
                        exchange -> assertThat(exchange.getMessage().getBody()).isInstanceOf(OrderQueryReply.class));
    }

    @Test
    void whatFollowsACompletePackedReplyIsNotReadToItsEnd() {
        AtomicLong sent = new AtomicLong();
        stub.answering((request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            byte[] packed = gzip(KsherStub.signed(data).getBytes(StandardCharsets.UTF_8));
            String head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1999999999\r\n\r\n";
            KsherStub.write(socket, head.getBytes(StandardCharsets.US_ASCII));
            KsherStub.write(socket, packed);
            byte[] block = new byte[65_536];
            while (true) {
                KsherStub.write(socket, block);
                sent.addAndGet(block.length);
            }
        });
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderClose?callTimeout=30s", "A").getException())
                    .as("the reply itself is complete")
                    .isNull();
            assertThat(leased(camel)).isZero();
        }
        assertThat(sent.get()).isLessThan(50_000_000);
    }

    @Test
    void whatIsNotPackedAsItsHeaderSaysIsATransportFailure() {
        assertThat(queryAnsweredWith("Content-Encoding: gzip", plain -> plain).getException())
                .isInstanceOf(KsherTransportException.class);
        assertThat(queryAnsweredWith("Content-Encoding: gzip", plain -> Arrays.copyOf(gzip(plain), 60))
                        .getException())
                .isInstanceOf(KsherTransportException.class);
        assertThat(queryAnsweredWith("Content-Encoding: " + "gzip,".repeat(1000) + "gzip", TransportTest::gzip)
                        .getException())
                .isInstanceOf(KsherTransportException.class);
    }

    @Test
    void anEmptyReplyThatCallsItselfPackedIsAnEmptyReply() {
        assertThat(queryAnsweredWith("Content-Encoding: gzip", plain -> new byte[0])
                        .getException())
                .isInstanceOf(KsherMalformedReplyException.class);
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
    void endlessHeadersAreCut() {
        stub.answering((request, socket) -> {
            KsherStub.write(socket, "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] line = ("X: " + "y".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1_000_000; i++) {
                KsherStub.write(socket, line);
            }
        });
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderQuery", "A").getException())
                    .isInstanceOf(KsherTransportException.class)
                    .hasMessageNotContaining("callTimeout");
            assertThat(leased(camel)).isZero();
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
                // A close that is still on its way nobody can notice.
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

    @Test
    void stoppedContextLeavesNoThreadAndNoConnection() throws Exception {
        Camel camel = new Camel(stub);
        camel.call("ksher:orderQuery", "A");
        var pool = camel.context().getComponent("ksher", KsherComponent.class).http();
        camel.close();
        assertThat(pool.state().available() + pool.state().leased()).isZero();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("KsherCallTimeout")) {
                // It was told to end, and may be about to.
                thread.join(5_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }
}
