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
 * Checks whether a connection to Ksher, or to the proxy, can be opened. Opens one outside the pool,
 * and closes it without sending anything. Thread-safe.
 */
final class Reachability {

    /**
     * Plus twice the time that the check took. Camel checks the endpoints one after the other, and
     * all of them have one or two hosts.
     */
    private static final Duration HOLDS = Duration.ofSeconds(1);

    private record Answer(long untilNanos, @Nullable IOException failure) {}

    private final PoolSettings settings;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    Reachability(PoolSettings settings) {
        this.settings = settings;
    }

    /**
     * Checks the host of a URL.
     *
     * @throws IOException if the host is unknown, or there is no connection within connectTimeout
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
