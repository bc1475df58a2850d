/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each call within its time and size, whatever the server does: socket timeouts alone do not end a reply that
 * trickles, and HttpClient reads to the end whatever it is sent.
 */
final class CallGuard implements ExecChainHandler {

    private static final int FIRST_BUFFER = 2048;
    /** The length is the server's word: memory is given when the bytes come. */
    private static final int MAX_FIRST_BUFFER = 65_536;

    private final CamelHttpTransport.Target target;
    private final ScheduledExecutorService timer;
    private final boolean proxyAuthentication;
    private volatile @Nullable Limited limited;
    // camel-http passes nothing of the exchange on to HttpClient, but works on the caller's thread.
    private static final ThreadLocal<Call> CURRENT = new ThreadLocal<>();

    CallGuard(CamelHttpTransport.Target target, ScheduledExecutorService timer, boolean proxyAuthentication) {
        this.target = target;
        this.timer = timer;
        this.proxyAuthentication = proxyAuthentication;
    }

    Call begin(long startedNanos) {
        Call call = new Call(startedNanos);
        CURRENT.set(call);
        return call;
    }

    void end() {
        CURRENT.remove();
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Call call = CURRENT.get();
        long remaining = target.callTimeout().toNanos() - (System.nanoTime() - call.startedNanos);
        if (remaining <= 0) {
            call.expired = true;
            throw new IOException("no time left");
        }
        scope.clientContext.setRequestConfig(limited(scope.clientContext.getRequestConfigOrDefault()));
        if (target.signVersion() == SignVersion.V2) {
            request.setHeader("ksher-sign-version", "V2");
        }
        Future<?> deadline = timer.schedule(() -> expire(call, scope), remaining, TimeUnit.NANOSECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
            byte[] body = read(response, scope);
            response.setEntity(null);
            call.reply =
                    new Transport.Reply(response.getCode(), body, retryAfter == null ? null : retryAfter.getValue());
            return response;
        } finally {
            deadline.cancel(false);
        }
    }

    /** Runs when there is a connection, immediately before the request is written to it. */
    ClassicHttpResponse connected(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        CURRENT.get().connected = true;
        return chain.proceed(request, scope);
    }

    /** The client's own configuration, within the limits; it is the same one in every call. */
    private RequestConfig limited(RequestConfig config) {
        @Nullable Limited last = limited;
        if (last == null || last.of != config) {
            last = new Limited(
                    config,
                    RequestConfig.copy(config)
                            // Waiting for a connection ends at the deadline at the latest, by expire().
                            .setConnectionRequestTimeout(Timeout.of(target.callTimeout()))
                            .setResponseTimeout(Timeout.of(target.responseTimeout()))
                            .setRedirectsEnabled(false)
                            .setExpectContinueEnabled(false)
                            .setProtocolUpgradeEnabled(false)
                            // A refused authentication is answered by sending again: only ever to a proxy.
                            .setAuthenticationEnabled(proxyAuthentication)
                            .build());
            limited = last;
        }
        return last.config;
    }

    private record Limited(RequestConfig of, RequestConfig config) {}

    private static void expire(Call call, ExecChain.Scope scope) {
        call.expired = true;
        if (scope.originalRequest instanceof Cancellable request) {
            request.cancel();
        }
        scope.execRuntime.discardEndpoint();
    }

    private byte @Nullable [] read(ClassicHttpResponse response, ExecChain.Scope scope) throws IOException {
        boolean wanted = response.getCode() == 200;
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        try {
            InputStream in = entity.getContent();
            int most = Math.min(target.maxReplySize(), Integer.MAX_VALUE - 8);
            long expected = entity.getContentLength() < 0 ? FIRST_BUFFER : entity.getContentLength();
            byte[] body = new byte[(int) Math.min(Math.min(expected, most), MAX_FIRST_BUFFER)];
            int size = in.readNBytes(body, 0, body.length);
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (size == most) {
                    scope.execRuntime.discardEndpoint();
                    return wanted ? null : new byte[0];
                }
                body = Arrays.copyOf(body, (int) Math.min(Math.max(size * 2L, FIRST_BUFFER), most));
                body[size++] = (byte) next;
                size += in.readNBytes(body, size, body.length - size);
            }
            in.close();
            return size == body.length ? body : Arrays.copyOf(body, size);
        } catch (IOException e) {
            scope.execRuntime.discardEndpoint();
            if (wanted) {
                throw e;
            }
            // The status says all; its body was only read to keep the connection.
            return new byte[0];
        }
    }

    /** One call on its way. */
    final class Call {

        private final long startedNanos;
        private volatile boolean expired;
        private boolean connected;
        private Transport.@Nullable Reply reply;

        private Call(long startedNanos) {
            this.startedNanos = startedNanos;
        }

        boolean nothingSent() {
            return !connected;
        }

        Transport.@Nullable Reply reply() {
            return reply;
        }

        /** What to report: a cut connection means nothing to a user whose time was up. */
        IOException reason(IOException failure) {
            if (!expired) {
                return failure;
            }
            SocketTimeoutException timeout = new SocketTimeoutException("no complete reply within the callTimeout of "
                    + target.callTimeout().toMillis() + " ms");
            timeout.initCause(failure);
            return timeout;
        }
    }
}
