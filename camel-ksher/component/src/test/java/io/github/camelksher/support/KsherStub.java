/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.support;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ServerSocketFactory;

/**
 * A fake Ksher on a free loopback port, for the tests of every module: it is in the component's
 * test jar. Answers with exactly the bytes that a test wants, and signs with a key of its own.
 */
public final class KsherStub implements Closeable {

    /** Writes the answer. The connection is kept unless the answer closes it. */
    public interface Answer {
        void to(Http.Request request, Socket socket) throws Exception;
    }

    /** What happens to a connection before a request is read from it. */
    public interface Greeting {
        void to(Socket socket) throws Exception;
    }

    public static final String APP_ID = "mch10001";
    private static final KeyPair KSHER = generate();

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Thread accepting;
    private final Queue<Http.Request> requests = new ConcurrentLinkedQueue<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Answer answer = (request, socket) -> socket.close();
    private volatile Greeting greeting = socket -> {};
    private final AtomicInteger connections = new AtomicInteger();

    public KsherStub() throws IOException {
        this(ServerSocketFactory.getDefault());
    }

    /** For TLS. */
    public KsherStub(ServerSocketFactory sockets) throws IOException {
        server = sockets.createServerSocket(0, 256, InetAddress.getLoopbackAddress());
        accepting = new Thread(this::accept, "stub");
        accepting.start();
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

    public static String ksherPublicKey() {
        return Base64.getEncoder().encodeToString(KSHER.getPublic().getEncoded());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // The stub was closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            greeting.to(socket);
            Http.Request request = Http.read(socket.getInputStream());
            while (request != null) {
                requests.add(request);
                answer.to(request, socket);
                request = socket.isClosed() ? null : Http.read(socket.getInputStream());
            }
        } catch (Exception e) {
            // Some tests want the component to close the connection.
        } finally {
            sockets.remove(socket);
        }
    }

    public KsherStub answering(Answer next) {
        this.answer = next;
        return this;
    }

    public KsherStub greeting(Greeting next) {
        this.greeting = next;
        return this;
    }

    public KsherStub answering(byte[] response) {
        return answering((request, socket) -> write(socket, response));
    }

    public KsherStub answering(int status, String body) {
        return answering(Http.response(status, "", body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Answers a request as all requests are answered now. */
    public void reply(Http.Request request, Socket socket) throws Exception {
        answer.to(request, socket);
    }

    /**
     * Answers every call with signed data, which echoes the order numbers and the
     * nonce of the request.
     */
    public KsherStub echoing(String result, Map<String, String> more) {
        return answering((request, socket) -> {
            Map<String, Object> data = echo(request);
            data.put("result", result);
            data.putAll(more);
            write(socket, Http.ok(signed(data)));
        });
    }

    public static Map<String, Object> echo(Http.Request request) {
        Map<String, Object> data = new LinkedHashMap<>();
        for (String name : List.of("appid", "mch_order_no", "ksher_order_no", "channel_order_no", "nonce_str")) {
            String value = request.form().get(name);
            if (value != null) {
                data.put(name, value);
            }
        }
        if (request.isQuery()) {
            data.put("total_fee", 100);
        }
        return data;
    }

    public static void write(Socket socket, byte[] response) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(response);
        out.flush();
    }

    /** A reply of code 0 with signed data: strings, numbers; null is JSON's null. */
    public static String signed(Map<String, Object> data) {
        return "{\"code\":0,\"msg\":\"ok\",\"sign\":\"" + sign(data) + "\",\"data\":" + json(data) + "}";
    }

    public static String json(Map<String, Object> data) {
        return data.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":"
                        + (field.getValue() instanceof String text ? "\"" + text + "\"" : field.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    public static String sign(Map<String, Object> data) {
        try {
            StringBuilder text = new StringBuilder();
            new TreeMap<>(data)
                    .forEach((name, value) -> text.append(name).append('=').append(value));
            Signature signature = Signature.getInstance("MD5withRSA");
            signature.initSign(KSHER.getPrivate());
            signature.update(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    public int port() {
        return server.getLocalPort();
    }

    public List<Http.Request> requests() {
        return List.copyOf(requests);
    }

    public Http.Request onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError("expected one request: " + requests);
        }
        return requests.element();
    }

    public int connections() {
        return connections.get();
    }

    public void closeConnections() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            // The port accepts connections until the accepting thread has ended.
            accepting.join(5_000);
            closeConnections();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
