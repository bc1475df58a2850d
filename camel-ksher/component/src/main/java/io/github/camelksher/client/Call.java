/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way. It is the request itself, so that whoever handles the request knows the call. Kept within its time
 * and size, whatever the server does: socket timeouts alone do not end a reply that trickles, and HttpClient reads to the
 * end whatever it is sent.
 */
final class Call extends HttpPost {

    private static final int FIRST_BUFFER = 2048;
    /** The length is the server's word: memory is given when the bytes come. */
    private static final int MAX_FIRST_BUFFER = 65_536;

    private static final long serialVersionUID = 1L;

    private final Duration time;
    private final long startedNanos;
    private final int maxReplySize;
    private volatile boolean expired;
    private boolean connected;

    /**
     * A call that began already.
     *
     * @param startedNanos {@link System#nanoTime()} of then
     * @param time that it may take in all
     */
    Call(URI url, long startedNanos, Duration time, int maxReplySize) {
        super(url);
        this.startedNanos = startedNanos;
        this.time = time;
        // No array is longer.
        this.maxReplySize = Math.min(maxReplySize, Integer.MAX_VALUE - 8);
    }

    /** Ends the call, whatever it waits for, if its time is up. */
    void expireIfLate() {
        if (System.nanoTime() - startedNanos >= time.toNanos()) {
            expired = true;
            cancel();
        }
    }

    /** An exec interceptor: runs when there is a connection, immediately before the request is written to it. */
    static ClassicHttpResponse connected(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (scope.originalRequest instanceof Call call) {
            call.connected = true;
        }
        return chain.proceed(request, scope);
    }

    /** Whether it failed before a byte of the request can have left. */
    boolean nothingSent() {
        return !connected;
    }

    /** What to report: a cut connection means nothing to a user whose time was up. */
    IOException reason(IOException failure) {
        if (!expired) {
            return failure;
        }
        SocketTimeoutException timeout =
                new SocketTimeoutException("no complete reply within the callTimeout of " + time.toMillis() + " ms");
        timeout.initCause(failure);
        return timeout;
    }

    /**
     * Reads the decoded body, to its end, so that the connection can be used again.
     *
     * @return empty if the status is not 200, null if it is too large
     */
    byte @Nullable [] body(ClassicHttpResponse response) throws IOException {
        boolean wanted = response.getCode() == 200;
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        try {
            InputStream in = entity.getContent();
            byte[] body = read(in, entity.getContentLength());
            if (body == null) {
                cancel();
                // What closes it would want to read it to its end.
                response.setEntity(null);
            } else {
                in.close();
            }
            return wanted ? body : new byte[0];
        } catch (IOException e) {
            if (wanted) {
                throw e;
            }
            // The status says all; its body was only read to keep the connection, and is not tried again when it is
            // closed.
            response.setEntity(null);
            return new byte[0];
        }
    }

    private byte @Nullable [] read(InputStream in, long length) throws IOException {
        long expected = length < 0 ? FIRST_BUFFER : length;
        byte[] body = new byte[(int) Math.min(Math.min(expected, maxReplySize), MAX_FIRST_BUFFER)];
        int size = in.readNBytes(body, 0, body.length);
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (size == maxReplySize) {
                return null;
            }
            body = Arrays.copyOf(body, (int) Math.min(Math.max(size * 2L, FIRST_BUFFER), maxReplySize));
            body[size++] = (byte) next;
            size += in.readNBytes(body, size, body.length - size);
        }
        return size == body.length ? body : Arrays.copyOf(body, size);
    }
}
