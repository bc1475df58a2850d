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
 * Sends to one URL with the HttpClient that camel-http configures: TLS, proxy, connections, the
 * user's configurer. It bypasses camel-http's producer, so no header of an exchange can be sent:
 * see decision 006. Thread-safe.
 */
public final class CamelHttpTransport implements Transport, AutoCloseable {

    private final HttpClientPool pool;
    private final CallSettings settings;
    private final URI url;
    private final HttpHost host;
    private final HttpEndpoint endpoint;
    private final HttpClient client;
    private final RequestConfig limits;

    /**
     * Sets up the client.
     *
     * @throws IllegalStateException if camel-http cannot be set up
     */
    public CamelHttpTransport(HttpClientPool pool, CallSettings settings) {
        this.pool = pool;
        this.settings = settings;
        this.url = URI.create(settings.url());
        this.host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
        try {
            endpoint = (HttpEndpoint) pool.http.createEndpoint(settings.url());
            endpoint.setHttpClientConfigurer(this::configure);
            ServiceHelper.startService(endpoint);
            client = endpoint.getHttpClient();
        } catch (Exception e) {
            throw new IllegalStateException("cannot set up camel-http for " + settings.url(), e);
        }
        this.limits = limits();
    }

    /** The configuration of the client, with the limits of the calls. */
    private RequestConfig limits() {
        RequestConfig own = client instanceof Configurable configured ? configured.getConfig() : null;
        HttpProxy proxy = pool.settings.proxy();
        return RequestConfig.copy(own == null ? RequestConfig.DEFAULT : own)
                // The permits guarantee a free connection. A wait of zero would fail even
                // for the pool's lock.
                .setConnectionRequestTimeout(Timeout.of(settings.callTimeout().plusSeconds(30)))
                .setResponseTimeout(Timeout.of(settings.responseTimeout()))
                .setRedirectsEnabled(false)
                .setExpectContinueEnabled(false)
                .setProtocolUpgradeEnabled(false)
                // ContentCodings decodes: HttpClient 5.6 refuses an unknown Content-Encoding.
                .setContentCompressionEnabled(false)
                // Authentication sends the request again, which only a proxy may ask for.
                .setAuthenticationEnabled(proxy != null && proxy.user() != null)
                .build();
    }

    private void configure(HttpClientBuilder builder) {
        PoolSettings shared = pool.settings;
        if (shared.configurer() != null) {
            shared.configurer().configureHttpClient(builder);
        }
        builder.setUserAgent(shared.userAgent());
        HttpProxy proxy = shared.proxy();
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
        // After the connection is open, so that it is known whether anything was sent.
        builder.addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "start-of-call", HttpCall::intercept);
    }

    @Override
    public Reply send(byte[] body, long startedNanos) throws Failed {
        // An interrupt aborts a call like a cut connection. One that came earlier is
        // not for this call.
        boolean interrupted = Thread.interrupted();
        @Nullable HttpCall call = null;
        try {
            call = new HttpCall(url, settings, startedNanos);
            call.setEntity(new ByteArrayEntity(body, null));
            return watched(call);
        } catch (InterruptedException e) {
            interrupted = true;
            throw new Failed(new InterruptedIOException("interrupted while waiting for a connection"), true);
        } catch (Throwable e) {
            if (e instanceof Error) {
                pool.suspectLeaks();
            }
            throw new Failed(call == null ? e : call.reason(e), call == null || call.nothingSent());
        } finally {
            pool.replaceLeakedConnections();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Reply watched(HttpCall call) throws IOException, InterruptedException {
        pool.watchdog.watch(call);
        try {
            call.acquire(pool.permits);
            try {
                return reply(call);
            } finally {
                pool.permits.release();
            }
        } finally {
            pool.watchdog.unwatch(call);
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
            return new Reply(status, BoundedBody.read(response, settings.maxReplySize(), call), retryAfter(response));
        } finally {
            // Release the connection however the call ended.
            call.cancel();
        }
    }

    private static @Nullable Duration retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        return header == null ? null : RetryAfter.parse(header.getValue(), Instant.now());
    }

    /**
     * Checks that a call could be made now. Sends nothing.
     *
     * @throws IOException if the host is unknown, there is no connection within connectTimeout, or
     *     the transport is closed
     */
    public void probe() throws IOException {
        pool.watchdog.probe();
        pool.reachability.check(settings.url());
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(endpoint);
    }
}
