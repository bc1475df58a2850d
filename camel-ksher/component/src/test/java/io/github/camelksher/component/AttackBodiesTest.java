/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies and heads without end, with callTimeout 2 s and maxReplySize 1 MB. */
@Timeout(240)
class AttackBodiesTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] gzip(byte[] data) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(data);
        }
        return out.toByteArray();
    }

    private interface Writer {
        void to(OutputStream out, byte[] good) throws Exception;
    }

    @Test
    void endless() throws Exception {
        Map<String, Writer> kinds = new LinkedHashMap<>();
        String head = "HTTP/1.1 200 OK\r\n";
        kinds.put("empty gzip members, fast", (out, good) -> {
            byte[] one = gzip(new byte[0]);
            byte[] empty = new byte[one.length * 5000];
            for (int i = 0; i < empty.length; i++) {
                empty[i] = one[i % one.length];
            }
            out.write(ascii(head + "Content-Encoding: gzip\r\nContent-Length: 99999999\r\n\r\n"));
            while (true) {
                out.write(empty);
            }
        });
        kinds.put("garbage after gzip, fast", (out, good) -> {
            out.write(ascii(head + "Content-Encoding: gzip\r\nContent-Length: 99999999999\r\n\r\n"));
            out.write(gzip(good));
            byte[] zeros = new byte[65536];
            while (true) {
                out.write(zeros);
            }
        });
        kinds.put("short garbage after gzip", (out, good) -> {
            byte[] packed = gzip(good);
            out.write(ascii(head + "Content-Encoding: gzip\r\nContent-Length: " + (packed.length + 500) + "\r\n\r\n"));
            out.write(packed);
            out.write(new byte[500]);
        });
        kinds.put("deflate empty blocks, fast", (out, good) -> {
            out.write(ascii(head + "Content-Encoding: deflate\r\nContent-Length: 99999999999\r\n\r\n"));
            byte[] blocks = new byte[5 * 10000];
            for (int i = 0; i < blocks.length; i += 5) {
                blocks[i + 3] = blocks[i + 4] = (byte) 0xFF;
            }
            while (true) {
                out.write(blocks);
            }
        });
        kinds.put("100 without end", (out, good) -> {
            while (true) {
                out.write(ascii("HTTP/1.1 100 C\r\n\r\n"));
            }
        });
        kinds.put("chunk extension", (out, good) -> {
            out.write(ascii(head + "Transfer-Encoding: chunked\r\n\r\n1;x="));
            while (true) {
                out.write(ascii("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
            }
        });
        kinds.put("trailers", (out, good) -> {
            out.write(ascii(head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(good.length) + "\r\n"));
            out.write(good);
            out.write(ascii("\r\n0\r\n"));
            while (true) {
                out.write(ascii("A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n"));
            }
        });
        kinds.put("trailers, slow", (out, good) -> {
            out.write(ascii(head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(good.length) + "\r\n"));
            out.write(good);
            out.write(ascii("\r\n0\r\n"));
            while (true) {
                out.write(ascii("A"));
                out.flush();
                Thread.sleep(50);
            }
        });
        kinds.put("head, slow", (out, good) -> {
            for (int i = 0; ; i++) {
                out.write(ascii(i == 0 ? "H" : "T"));
                out.flush();
                Thread.sleep(50);
            }
        });
        kinds.put("empty lines", (out, good) -> {
            while (true) {
                out.write(ascii("\r\n"));
            }
        });
        kinds.put("101", (out, good) -> {
            out.write(ascii("HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"));
            out.write(good);
        });
        kinds.put("204 with body", (out, good) -> {
            out.write(ascii("HTTP/1.1 204 N\r\nContent-Length: " + good.length + "\r\n\r\n"));
            out.write(good);
        });
        kinds.put("http/1.0 until close", (out, good) -> {
            out.write(ascii("HTTP/1.0 200 OK\r\n\r\n"));
            out.write(good);
            out.flush();
            out.close();
        });
        kinds.put("two content-lengths", (out, good) -> {
            out.write(ascii(head + "Content-Length: " + good.length + "\r\nContent-Length: 5\r\n\r\n"));
            out.write(good);
        });
        kinds.put("shorter content-length", (out, good) -> {
            out.write(ascii(head + "Content-Length: " + good.length + "\r\n\r\n"));
            out.write(good);
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"code\":0,\"data"));
        });
        kinds.put("endless 500", (out, good) -> {
            out.write(ascii("HTTP/1.1 500 OK\r\nContent-Length: 99999999999\r\n\r\n"));
            byte[] zeros = new byte[65536];
            while (true) {
                out.write(zeros);
            }
        });
        kinds.put("500 gzip name", (out, good) -> {
            out.write(ascii(head + "Content-Encoding: gzip\r\nContent-Length: 99999999999\r\n\r\n"));
            out.write(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0});
            byte[] name = new byte[65536];
            java.util.Arrays.fill(name, (byte) 'n');
            while (true) {
                out.write(name);
            }
        });
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(stub)) {
            java.util.concurrent.atomic.AtomicLong sent = new java.util.concurrent.atomic.AtomicLong();
            kinds.forEach((name, writer) -> {
                stub.answering((request, socket) -> {
                    Map<String, Object> data = KsherStub.echo(request);
                    data.put("result", "SUCCESS");
                    OutputStream raw = socket.getOutputStream();
                    OutputStream out = new java.io.FilterOutputStream(raw) {
                        @Override
                        public void write(byte[] b, int off, int len) throws java.io.IOException {
                            raw.write(b, off, len);
                            sent.addAndGet(len);
                        }
                    };
                    writer.to(out, KsherStub.signed(data).getBytes(StandardCharsets.UTF_8));
                });
                sent.set(0);
                long began = System.nanoTime();
                Exchange exchange = camel.call("ksher:orderClose?callTimeout=2s&responseTimeout=1s", "A-1");
                long took = (System.nanoTime() - began) / 1_000_000;
                KsherException failure = exchange.getException(KsherException.class);
                System.out.println("BODY " + name + ": " + took + " ms, " + (sent.get() >> 10) + " KB, "
                        + (failure == null
                                ? exchange.getException() + " "
                                        + exchange.getMessage().getBody(String.class)
                                : failure.getClass().getSimpleName() + " unknown=" + failure.isOutcomeUnknown() + " "
                                        + failure.getMessage()));
                stub.echoing("SUCCESS", Map.of());
                Exchange after = camel.call("ksher:orderClose?callTimeout=2s&responseTimeout=1s", "A-2");
                if (after.getException() != null) {
                    System.out.println("  AFTER " + after.getException());
                }
            });
            System.out.println(camel.context()
                    .getComponent("ksher", KsherComponent.class)
                    .http()
                    .state());
        }
    }
}
