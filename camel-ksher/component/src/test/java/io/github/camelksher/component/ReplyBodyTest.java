/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of a reply: its size, its content codings, and broken HTTP. */
class ReplyBodyTest extends StubTestSupport {

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
        assertThat(queryAnsweredWith(header, ReplyBodyTest::gzip).getMessage().getBody())
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
        assertThat(queryAnsweredWith("Content-Encoding: " + "gzip,".repeat(1000) + "gzip", ReplyBodyTest::gzip)
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
}
