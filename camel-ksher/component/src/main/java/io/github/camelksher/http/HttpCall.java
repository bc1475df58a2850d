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
 * The state of one call: how far it got, its deadline, why it was aborted. It is the request
 * itself, so that the exec interceptor finds it.
 */
final class HttpCall extends HttpPost {

    private static final long serialVersionUID = 1L;

    private final CallSettings settings;
    private final long startedNanos;
    private boolean started;
    private boolean challenged;
    private volatile @Nullable InterruptedIOException abortReason;
    private volatile @Nullable Cancellable dependency;

    /**
     * Makes a call.
     *
     * @param startedNanos {@link System#nanoTime()} when the caller started
     */
    HttpCall(URI url, CallSettings settings, long startedNanos) {
        super(url);
        this.settings = settings;
        this.startedNanos = startedNanos;
        settings.headers().forEach(this::setHeader);
        setHeader(ContentCodings.ACCEPTED);
    }

    /** The time until the deadline; negative if it is exceeded. */
    long nanosLeft() {
        return settings.callTimeout().toNanos() - (System.nanoTime() - startedNanos);
    }

    /**
     * The time in which the request must be sent: half of callTimeout. A command that is sent
     * shortly before its deadline often ends with its outcome unknown.
     */
    private long nanosLeftToStart() {
        return nanosLeft() - settings.callTimeout().toNanos() / 2;
    }

    private ConnectTimeoutException notStarted(String why) {
        return new ConnectTimeoutException(why + " within half of the callTimeout of "
                + settings.callTimeout().toMillis() + " ms");
    }

    /** Acquires the permit for a connection. */
    void acquire(Semaphore permits) throws InterruptedException, IOException {
        if (abortReason != null || !permits.tryAcquire(nanosLeftToStart(), TimeUnit.NANOSECONDS)) {
            throw notStarted("no connection was free");
        }
    }

    /** Aborts the call because its deadline is exceeded. */
    void exceedDeadline() {
        abort(new SocketTimeoutException("no complete reply within the callTimeout of "
                + settings.callTimeout().toMillis() + " ms"));
    }

    /** Sets the abort reason unless there is one, so that the request is not sent any more. */
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
     * Aborts the call. Can be repeated after it failed for lack of memory: HttpClient takes a call
     * for cancelled even if closing its connection failed.
     */
    void abort(InterruptedIOException reason) {
        refuse(reason);
        Cancellable waitedFor = dependency;
        if (!cancel() && waitedFor != null) {
            waitedFor.cancel();
        }
    }

    /** The exec interceptor: runs on an open connection, just before the request is written. */
    static ClassicHttpResponse intercept(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        return scope.originalRequest instanceof HttpCall call
                ? call.proceed(request, scope, chain)
                : chain.proceed(request, scope);
    }

    private ClassicHttpResponse proceed(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (abortReason != null || nanosLeftToStart() < 0) {
            throw notStarted("there was no connection");
        }
        // After a proxy's challenge the request was sent once already.
        boolean startedBefore = started;
        started = true;
        ClassicHttpResponse response;
        try {
            response = chain.proceed(request, scope);
        } catch (UnusableConnectionException e) {
            started = startedBefore;
            throw e;
        }
        if (response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
            // Only the proxy itself may ask for its password, and only once. Behind a tunnel the
            // challenge is from another server, and HttpClient would send the call again.
            if (challenged || scope.route.isTunnelled()) {
                response.removeHeaders(HttpHeaders.PROXY_AUTHENTICATE);
            } else {
                challenged = true;
            }
        }
        return response;
    }

    /** Whether no byte of the request can have been sent. */
    boolean nothingSent() {
        return !started;
    }

    /** The cause to report: the abort reason rather than the closed connection that it led to. */
    Throwable reason(Throwable failure) {
        InterruptedIOException reason = abortReason;
        if (reason == null && isReadTimeout(failure)) {
            reason = new SocketTimeoutException("no byte within the responseTimeout of "
                    + settings.responseTimeout().toMillis() + " ms");
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

    /** HttpClient's messages about broken HTTP quote the reply, which may have personal data. */
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
