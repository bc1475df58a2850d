/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way. It is the request itself, so that whoever handles the request knows the call. Kept within its time
 * and size, whatever the server does: socket timeouts alone do not end a reply that trickles, and HttpClient reads to the
 * end whatever it is sent.
 */
final class Call extends HttpPost {

    private static final byte[] NOTHING = {};
    /** Bytes beside the body: heads, and what chunks and compression add to it. */
    private static final int HEADS = 1 << 20;

    private static final int FIRST_BUFFER = 2048;
    /** The length is the server's word: memory is given when the bytes come. */
    private static final int MAX_FIRST_BUFFER = 65_536;

    private static final long serialVersionUID = 1L;

    private final CamelHttpTransport.Target target;
    private final long startedNanos;
    private final HttpClientContext context = HttpClientContext.create();
    private boolean connected;
    private boolean askedByProxy;
    /** Why it was ended, if it was. */
    private volatile @Nullable InterruptedIOException late;
    /** Bytes, ever, on the connection; and how many they were when it was first looked at. */
    private long received = -1;

    private long before;
    private long lookedNanos;
    private long silentNanos;

    /**
     * A call that began already.
     *
     * @param startedNanos {@link System#nanoTime()} of then
     */
    Call(URI url, long startedNanos, CamelHttpTransport.Target target) {
        super(url);
        this.startedNanos = startedNanos;
        this.target = target;
    }

    /** What HttpClient keeps of this call. */
    HttpClientContext context() {
        return context;
    }

    /**
     * Waits for a connection to be free.
     *
     * @return true
     * @throws SocketTimeoutException if there was none before the call's time was up, or it was ended
     */
    boolean waitForTurn(Semaphore turns) throws InterruptedException, IOException {
        long left = target.callTimeout().toNanos() - (System.nanoTime() - startedNanos);
        if (late == null && turns.tryAcquire(left, TimeUnit.NANOSECONDS)) {
            return true;
        }
        endIfLate();
        throw new SocketTimeoutException("no connection was free");
    }

    /** Ends the call, whatever it waits for, if its time is up. */
    void endIfLate() {
        if (System.nanoTime() - startedNanos >= target.callTimeout().toNanos()) {
            end(new SocketTimeoutException("no complete reply within the callTimeout of "
                    + target.callTimeout().toMillis() + " ms"));
        }
    }

    /**
     * Ends the call if nothing has come from the server for too long. One thread asks it, again and again: it goes by the
     * bytes that have come since it was last asked. If that was long ago, the process stood still, and what has come
     * meanwhile was not read: that counts as a moment. A timeout on the socket would do as well, but a socket that has one
     * makes several system calls of each read.
     *
     * @param moment that usually passes before it is asked again
     */
    void endIfSilent(Duration moment) {
        EndpointDetails connection = context.getEndpointDetails();
        if (connection == null) {
            return;
        }
        long now = System.nanoTime();
        long bytes = connection.getReceivedBytesCount();
        if (received < 0) {
            before = bytes;
        } else if (bytes - before > (long) target.maxReplySize() + HEADS) {
            end(new InterruptedIOException("far more than the maxReplySize of " + target.maxReplySize() + " bytes"));
        }
        silentNanos = bytes == received ? silentNanos + Math.min(now - lookedNanos, 5 * moment.toNanos()) : 0;
        received = bytes;
        lookedNanos = now;
        if (silentNanos >= target.responseTimeout().toNanos()) {
            end(new SocketTimeoutException("no byte within the responseTimeout of "
                    + target.responseTimeout().toMillis() + " ms"));
        }
    }

    /** Ends the call, whatever it waits for. */
    void end(InterruptedIOException reason) {
        if (late == null) {
            late = reason;
        }
        cancel();
    }

    /** An exec interceptor: runs when there is a connection, immediately before the request is written to it. */
    static ClassicHttpResponse connected(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (!(scope.originalRequest instanceof Call call)) {
            return chain.proceed(request, scope);
        }
        call.connected = true;
        ClassicHttpResponse response = chain.proceed(request, scope);
        // Who asks for a proxy's password is the proxy, once. Behind a tunnel it would be another server, and the call
        // would be sent again.
        if (response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
            if (call.askedByProxy || scope.route.isTunnelled()) {
                response.removeHeaders(HttpHeaders.PROXY_AUTHENTICATE);
            }
            call.askedByProxy = true;
        }
        return response;
    }

    /** Whether it failed before a byte of the request can have left. */
    boolean nothingSent() {
        return !connected;
    }

    /** What to report: a cut connection means nothing to a user whose time was up. */
    IOException reason(IOException failure) {
        InterruptedIOException reason = late;
        if (reason == null) {
            return withoutTheirWords(failure);
        }
        reason.initCause(withoutTheirWords(failure));
        return reason;
    }

    /** What HttpClient says of broken HTTP repeats what was sent, which may be anything: a person's data, or the call itself. */
    private static IOException withoutTheirWords(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException || cause instanceof MalformedChunkCodingException) {
                IOException told =
                        new IOException("broken HTTP (" + cause.getClass().getSimpleName() + ")");
                told.setStackTrace(cause.getStackTrace());
                return told;
            }
        }
        return failure;
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
            return NOTHING;
        }
        boolean complete = false;
        try {
            InputStream sent = entity.getContent();
            long length = entity.getContentLength();
            InputStream in = wanted && length != 0 ? ContentCodings.decoded(response, sent) : sent;
            byte[] body = read(in, in == sent ? length : -1);
            if (body == null) {
                cancel();
                return wanted ? null : NOTHING;
            }
            in.close();
            complete = true;
            return wanted ? body : NOTHING;
        } catch (IOException e) {
            if (wanted) {
                throw e;
            }
            // The status says all; its body was only read to keep the connection.
            return NOTHING;
        } finally {
            if (!complete) {
                // What closes the response would read the body to its end.
                response.setEntity(null);
            }
        }
    }

    private byte @Nullable [] read(InputStream in, long length) throws IOException {
        // No array is longer.
        int maxReplySize = Math.min(target.maxReplySize(), Integer.MAX_VALUE - 8);
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
