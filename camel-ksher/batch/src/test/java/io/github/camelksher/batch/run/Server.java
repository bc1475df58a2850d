/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Answers as a test wants it, also what the simulator never would; signs with a key of its own. */
final class Server implements AutoCloseable {

    /** What is in {@code data} besides the numbers and the nonce that were asked for. */
    interface Answer {
        String to(Map<String, String> echo);
    }

    private static final KeyPair KEY = generate();

    private final HttpServer server;
    private volatile int status = 200;
    private volatile Answer answer = echo -> "";

    Server() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(512);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String publicKey() {
        return Base64.getEncoder().encodeToString(KEY.getPublic().getEncoded());
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Server answering(int nextStatus, String body) {
        status = nextStatus;
        answer = echo -> body;
        return this;
    }

    /** Validly signed, for the order that was asked for. */
    Server answeringSigned(Map<String, String> more, String message) {
        status = 200;
        answer = echo -> {
            Map<String, String> data = new LinkedHashMap<>(echo);
            data.putAll(more);
            return "{\"code\":0,\"msg\":\"" + message + "\",\"message\":\"" + message + "\",\"sign\":\"" + sign(data)
                    + "\",\"data\":" + json(data) + "}";
        };
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        Map<String, String> echo = new LinkedHashMap<>();
        List<String> wanted = List.of("appid", "mch_order_no", "ksher_order_no", "channel_order_no", "nonce_str");
        Arrays.stream(form.split("&"))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> wanted.contains(pair[0]))
                .forEach(pair -> echo.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        byte[] body = answer.to(echo).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String json(Map<String, String> data) {
        return data.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":\"" + field.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String sign(Map<String, String> data) {
        try {
            String text = new TreeMap<>(data)
                    .entrySet().stream()
                            .map(field -> field.getKey() + "=" + field.getValue())
                            .collect(Collectors.joining());
            Signature signature = Signature.getInstance("MD5withRSA");
            signature.initSign(KEY.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
