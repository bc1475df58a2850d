/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The way to one target, by the HTTP client that camel-http sets up: TLS, proxy, connections and the user's own say are
 * camel-http's. Its producer is passed by: see decision 006. So no exchange is near, and nothing of the caller's can reach the
 * wire. Thread-safe.
 */
public final class CamelHttpTransport implements Transport, AutoCloseable {

    private final HttpClientPool pool;
    private final HttpTarget target;
    private final URI url;
    private final HttpHost host;
    private final HttpEndpoint endpoint;
    private final HttpClient client;
    private final RequestConfig limits;

    /**
     * Opens a way to one target.
     *
     * @throws IllegalStateException if camel-http cannot be set up
     */
    public CamelHttpTransport(HttpClientPool pool, HttpTarget target) {
        this.pool = pool;
        this.target = target;
        this.url = URI.create(target.url());
        this.host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        try {
            endpoint = (HttpEndpoint) pool.http().createEndpoint(target.url());
            endpoint.setHttpClientConfigurer(this::configure);
            ServiceHelper.startService(endpoint);
            client = endpoint.getHttpClient();
        } catch (Exception e) {
            throw new IllegalStateException("cannot set up camel-http for " + target.url(), e);
        }
        this.limits = limits();
    }

    /** The client's own configuration, within the call's limits. */
    private RequestConfig limits() {
        RequestConfig own = client instanceof Configurable configured ? configured.getConfig() : null;
        HttpProxy proxy = pool.settings().proxy();
        return RequestConfig.copy(own == null ? RequestConfig.DEFAULT : own)
                // The permits see to it that a connection is free. Without any wait HttpClient would fail at its lock.
                .setConnectionRequestTimeout(Timeout.of(target.callTimeout().plusSeconds(30)))
                .setResponseTimeout(Timeout.of(target.responseTimeout()))
                .setRedirectsEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                // ContentCodings decodes: HttpClient 5.6 refuses a reply with a Content-Encoding that it does not know.
                .setContentCompressionEnabled(false)
                // A refused authentication is answered by sending again: only ever to a proxy.
                .setAuthenticationEnabled(proxy != null && proxy.user() != null)
                .build();
    }

    private void configure(HttpClientBuilder builder) {
        HttpSettings settings = pool.settings();
        if (settings.configurer() != null) {
            settings.configurer().configureHttpClient(builder);
        }
        builder.setUserAgent(settings.userAgent());
        HttpProxy proxy = settings.proxy();
        if (proxy != null) {
            HttpHost proxyHost = new HttpHost("http", proxy.host(), proxy.port());
            builder.setProxy(proxyHost);
            if (proxy.user() != null && proxy.password() != null) {
                BasicCredentialsProvider credentials = new BasicCredentialsProvider();
                credentials.setCredentials(
                        new AuthScope(proxyHost),
                        new UsernamePasswordCredentials(
                                proxy.user(), proxy.password().toCharArray()));
                builder.setDefaultCredentialsProvider(credentials);
            }
        }
        // After connecting, so that it is known whether anything was sent.
        builder.addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "begin-of-call", HttpCall::begin);
    }

    @Override
    public Reply send(byte[] body, long startedNanos) throws Failed {
        // An interrupt ends a call that is under way, as a cut connection would. One that came before is not about
        // this call.
        boolean interrupted = Thread.interrupted();
        @Nullable HttpCall call = null;
        try {
            call = new HttpCall(url, target, startedNanos);
            call.setEntity(new ByteArrayEntity(body, null));
            return watched(call);
        } catch (InterruptedException e) {
            interrupted = true;
            throw new Failed(new InterruptedIOException("interrupted while waiting for a connection"), true);
        } catch (Throwable e) {
            if (e instanceof Error) {
                pool.suspectLostConnections();
            }
            throw new Failed(call == null ? e : call.reason(e), call == null || call.nothingSent());
        } finally {
            pool.makeUpForLostConnections();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Reply watched(HttpCall call) throws IOException, InterruptedException {
        pool.watchdog().watch(call);
        try {
            call.acquire(pool.permits());
            try {
                return reply(call);
            } finally {
                pool.permits().release();
            }
        } finally {
            pool.watchdog().unwatch(call);
        }
    }

    private Reply reply(HttpCall call) throws IOException {
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(limits);
        try (ClassicHttpResponse response = client.executeOpen(host, call, context)) {
            int status = response.getCode();
            if (call.nothingSent() && (status < 300 || status >= 500)) {
                throw new IOException("the proxy opened no tunnel: HTTP status " + status);
            }
            return new Reply(status, BoundedBody.read(response, target.maxReplySize(), call), retryAfter(response));
        } finally {
            // Releases the connection however the call ended.
            call.cancel();
        }
    }

    private static @Nullable Duration retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        return header == null ? null : RetryAfter.parse(header.getValue(), Instant.now());
    }

    /**
     * Checks whether a call could be made now. Sends nothing.
     *
     * @throws IOException if none could: the host is unknown, there was no connection within connectTimeout, or the transport is
     *     closed
     */
    public void probe() throws IOException {
        pool.watchdog().probe();
        pool.reachability().check(target.url());
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(endpoint);
    }
}
