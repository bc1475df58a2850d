/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.bench;

import com.sun.management.ThreadMXBean;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * A quick look at what a call costs on the caller's thread: the component beside the same work by hand on HttpClient 5.
 * Not a test: CONTRIBUTING.md has the command.
 */
public final class QuickMeasure {

    private static final int ROUNDS = 6;
    private static final int CALLS = 4000;

    private QuickMeasure() {}

    public static void main(String[] args) throws Exception {
        try (KsherStub stub = new KsherStub();
                CloseableHttpClient http = HttpClients.custom()
                        .disableCookieManagement()
                        .disableAutomaticRetries()
                        .build();
                Camel camel = new Camel(
                        stub, component -> component.getConfiguration().setPrivateKey("classpath:keys/rsa512.pem"))) {
            // One signature for all: the responder must not be what is measured.
            byte[] reply = Http.ok(
                    KsherStub.signed(Map.of("appid", KsherStub.APP_ID, "mch_order_no", "A-1", "result", "SUCCESS")));
            stub.answering(reply);
            var endpoint = camel.context().getEndpoint("ksher:orderQuery");
            var producer = endpoint.createProducer();
            producer.start();
            PrivateKey key = io.github.camelksher.crypto.RsaKeys.privateKey(read("/keys/rsa512.pem"), null);
            io.github.camelksher.crypto.ReplyVerifier verifier = new io.github.camelksher.crypto.ReplyVerifier(
                    io.github.camelksher.crypto.RsaKeys.publicKey(KsherStub.ksherPublicKey()),
                    io.github.camelksher.crypto.Signatures.by(null));
            for (int round = 1; round <= ROUNDS; round++) {
                measure(round, "component ", () -> {
                    var exchange = endpoint.createExchange();
                    exchange.getMessage().setHeader("CamelKsherMchOrderNo", "A-1");
                    producer.process(exchange);
                    return exchange.getMessage().getBody();
                });
                measure(round, "by hand   ", () -> byHand(http, stub.url() + "/KsherPay/order_query", key, verifier));
            }
        }
    }

    private static String read(String name) throws java.io.IOException {
        try (var in = QuickMeasure.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    private static Object byHand(
            CloseableHttpClient http, String url, PrivateKey key, io.github.camelksher.crypto.ReplyVerifier verifier)
            throws Exception {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        TreeMap<String, String> fields = new TreeMap<>(Map.of(
                "appid",
                KsherStub.APP_ID,
                "mch_order_no",
                "A-1",
                "nonce_str",
                HexFormat.of().formatHex(nonce),
                "time_stamp",
                TIME.format(LocalDateTime.now())));
        StringBuilder text = new StringBuilder();
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) -> {
            text.append(name).append('=').append(value);
            form.append(name)
                    .append('=')
                    .append(java.net.URLEncoder.encode(value, StandardCharsets.UTF_8))
                    .append('&');
        });
        Signature signature = Signature.getInstance("MD5withRSA");
        signature.initSign(key);
        signature.update(text.toString().getBytes(StandardCharsets.UTF_8));
        form.append("sign=").append(HexFormat.of().formatHex(signature.sign()));
        HttpPost post = new HttpPost(url);
        post.setEntity(new ByteArrayEntity(
                form.toString().getBytes(StandardCharsets.US_ASCII), ContentType.APPLICATION_FORM_URLENCODED));
        byte[] body = http.execute(post, response -> EntityUtils.toByteArray(response.getEntity()));
        var envelope = io.github.camelksher.wire.Envelope.parse(body);
        if (envelope.verify(verifier).data() == null) {
            throw new IllegalStateException("not verified");
        }
        return envelope;
    }

    private static void measure(int round, String name, Callable<Object> call) throws Exception {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = thread.getCurrentThreadAllocatedBytes();
        long cpu = thread.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            call.call();
        }
        System.out.printf(
                "round %d  %s %,8d B/call  %6.1f us CPU/call  %6.1f us/call%n",
                round,
                name,
                (thread.getCurrentThreadAllocatedBytes() - bytes) / CALLS,
                (thread.getCurrentThreadCpuTime() - cpu) / 1e3 / CALLS,
                (System.nanoTime() - wall) / 1e3 / CALLS);
    }
}
