/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connection to where the calls go, or to the proxy, can be opened. It is closed at once and nothing is sent. Beside
 * the pool, so that it takes no connection from a call. Thread-safe.
 */
final class Reachability {

    /** And twice as long as it took: Camel asks for each endpoint, one after the other, and all of them go to one or two hosts. */
    private static final Duration HOLDS = Duration.ofSeconds(1);

    private record Answer(long untilNanos, @Nullable IOException failure) {}

    private final HttpSettings settings;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    Reachability(HttpSettings settings) {
        this.settings = settings;
    }

    /**
     * Checks the way to a URL.
     *
     * @throws IOException if the host is unknown, or there was no connection within connectTimeout
     */
    void check(String url) throws IOException {
        HttpProxy proxy = settings.proxy();
        URI uri = URI.create(url);
        String host = proxy == null ? uri.getHost() : proxy.host();
        int given = proxy == null ? uri.getPort() : proxy.port();
        int port = given >= 0 ? given : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        IOException failure = answers.compute(
                        host + ":" + port,
                        (address, last) ->
                                last == null || System.nanoTime() - last.untilNanos() > 0 ? ask(host, port) : last)
                .failure();
        if (failure != null) {
            throw failure;
        }
    }

    private Answer ask(String host, int port) {
        long started = System.nanoTime();
        IOException failure = null;
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                failure = connect(new InetSocketAddress(address, port));
                if (failure == null) {
                    break;
                }
            }
        } catch (UnknownHostException e) {
            failure = new UnknownHostException("unknown host " + host);
        }
        long now = System.nanoTime();
        return new Answer(now + HOLDS.toNanos() + 2 * (now - started), failure);
    }

    private @Nullable IOException connect(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(settings.connectTimeout().toMillis()));
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
