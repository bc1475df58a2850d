/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import io.github.camelksher.http.StaleCheckedConnection.UnusableConnectionException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way: how far it got, when its time is up, and why it was aborted. It is the request itself, so that the exec
 * interceptor knows the call that it serves.
 */
final class HttpCall extends HttpPost {

    private static final long serialVersionUID = 1L;

    private final HttpTarget target;
    private final long startedNanos;
    private boolean begun;
    private boolean challenged;
    private volatile @Nullable InterruptedIOException abortReason;
    private volatile @Nullable Cancellable dependency;

    /**
     * A call that began already.
     *
     * @param startedNanos {@link System#nanoTime()} of then
     */
    HttpCall(URI url, HttpTarget target, long startedNanos) {
        super(url);
        this.target = target;
        this.startedNanos = startedNanos;
        target.headers().forEach(this::setHeader);
        setHeader(ContentCodings.ACCEPTED);
    }

    /** What is left of callTimeout; negative if it is over. */
    long nanosLeft() {
        return target.callTimeout().toNanos() - (System.nanoTime() - startedNanos);
    }

    /**
     * What is left of the half of callTimeout in which the request must begin. A command that is sent with little time left ends,
     * under overload, with its outcome unknown.
     */
    private long nanosLeftToBegin() {
        return nanosLeft() - target.callTimeout().toNanos() / 2;
    }

    private ConnectTimeoutException notBegun(String why) {
        return new ConnectTimeoutException(why + " within half of the callTimeout of "
                + target.callTimeout().toMillis() + " ms");
    }

    /** Waits for a permit, and so for a connection. */
    void acquire(Semaphore permits) throws InterruptedException, IOException {
        if (abortReason != null || !permits.tryAcquire(nanosLeftToBegin(), TimeUnit.NANOSECONDS)) {
            throw notBegun("no connection was free");
        }
    }

    /** Ends the call, whatever it waits for, since its time is up. */
    void exceedDeadline() {
        abort(new SocketTimeoutException("no complete reply within the callTimeout of "
                + target.callTimeout().toMillis() + " ms"));
    }

    /** Keeps the call from beginning, if it has not. The first reason counts. */
    void refuse(InterruptedIOException reason) {
        if (abortReason == null) {
            abortReason = reason;
        }
    }

    @Override
    public void setDependency(Cancellable next) {
        dependency = next;
        super.setDependency(next);
    }

    /**
     * Ends the call, whatever it waits for. May be repeated if it fails, for want of memory: HttpClient
     * takes a call for cancelled even if closing its connection failed.
     */
    void abort(InterruptedIOException reason) {
        refuse(reason);
        Cancellable waitedFor = dependency;
        if (!cancel() && waitedFor != null) {
            waitedFor.cancel();
        }
    }

    /** An exec interceptor: runs when there is a connection, immediately before the request is written to it. */
    static ClassicHttpResponse begin(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        return scope.originalRequest instanceof HttpCall call
                ? call.proceed(request, scope, chain)
                : chain.proceed(request, scope);
    }

    private ClassicHttpResponse proceed(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (abortReason != null || nanosLeftToBegin() < 0) {
            throw notBegun("there was no connection");
        }
        // A proxy that asked for a password had the request already.
        boolean begunBefore = begun;
        begun = true;
        ClassicHttpResponse response;
        try {
            response = chain.proceed(request, scope);
        } catch (UnusableConnectionException e) {
            begun = begunBefore;
            throw e;
        }
        if (response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
            // Who asks for a proxy's password is the proxy, once. Behind a tunnel it would be another server, and
            // HttpClient would send the call again.
            if (challenged || scope.route.isTunnelled()) {
                response.removeHeaders(HttpHeaders.PROXY_AUTHENTICATE);
            } else {
                challenged = true;
            }
        }
        return response;
    }

    /** Whether it failed before a byte of the request can have left. */
    boolean nothingSent() {
        return !begun;
    }

    /** What to report: that the connection was cut means nothing to a user whose time was up. */
    Throwable reason(Throwable failure) {
        InterruptedIOException reason = abortReason;
        if (reason == null && isReadTimeout(failure)) {
            reason = new SocketTimeoutException("no byte within the responseTimeout of "
                    + target.responseTimeout().toMillis() + " ms");
        }
        if (reason == null) {
            return withoutRemoteText(failure);
        }
        reason.initCause(withoutRemoteText(failure));
        return reason;
    }

    private static boolean isReadTimeout(Throwable failure) {
        return failure instanceof SocketTimeoutException timeout
                && !(timeout instanceof ConnectTimeoutException)
                && timeout.getCause() == null;
    }

    /** What HttpClient says of broken HTTP repeats what was sent, which may be anything: a person's data, or the call itself. */
    private static Throwable withoutRemoteText(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException || cause instanceof MalformedChunkCodingException) {
                IOException broken =
                        new IOException("broken HTTP (" + cause.getClass().getSimpleName() + ")");
                broken.setStackTrace(cause.getStackTrace());
                return broken;
            }
        }
        return failure;
    }
}
