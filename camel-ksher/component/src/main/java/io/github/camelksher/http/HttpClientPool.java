/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.net.SocketTimeoutException;
import java.util.concurrent.Semaphore;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * What all targets share: one private camel-http, its connections, and the watchdog of the calls. It is not registered in the
 * Camel context, so nobody else's settings reach it and nobody else uses it. Thread-safe.
 */
public final class HttpClientPool implements AutoCloseable {

    /**
     * Connections.
     *
     * @param leased in use
     * @param available idle
     * @param pending calls that wait for one
     * @param max how many there can be
     */
    public record State(int leased, int available, int pending, int max) {}

    private final HttpSettings settings;
    private final HttpComponent http = new HttpComponent();
    private final PoolingHttpClientConnectionManager connections;
    private final CallWatchdog watchdog;
    private final Reachability reachability;
    /**
     * One for each connection that there may be. HttpClient's pool loses a connection that is granted just as the wait for it
     * ends, by a timeout (HttpCore's pull request 649) or an interrupt. So calls wait here, and find a connection free in the pool.
     */
    private final Semaphore permits;

    private volatile boolean suspicious;

    public HttpClientPool(CamelContext context, HttpSettings settings) {
        this.settings = settings;
        this.connections = connections(settings);
        this.permits = new Semaphore(settings.maxConnections(), true);
        this.reachability = new Reachability(settings);
        this.watchdog =
                new CallWatchdog(task -> context.getExecutorServiceManager().newThread("KsherCallTimeout", task));
        http.setCamelContext(context);
        http.setClientConnectionManager(new SharedConnections(connections));
        http.setCookieManagementDisabled(true);
        http.setRedirectHandlingDisabled(true);
        http.setAutomaticRetriesDisabled(true);
        http.setAuthCachingDisabled(true);
        http.setConnectionStateDisabled(true);
        ServiceHelper.startService(http);
    }

    private static PoolingHttpClientConnectionManager connections(HttpSettings settings) {
        Timeout connect = Timeout.of(settings.connectTimeout());
        PoolingHttpClientConnectionManagerBuilder builder = new ChannelConnectionsBuilder()
                .setConnectionFactory(unbound -> new StaleCheckedConnection())
                .setMaxConnPerRoute(settings.maxConnections())
                .setMaxConnTotal(settings.maxConnections())
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(connect).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(connect)
                        // A closed connection found out by the command that is sent on it is an outcome unknown.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build());
        if (settings.sslContext() != null) {
            builder.setTlsSocketStrategy(new DefaultClientTlsStrategy(settings.sslContext()));
        }
        return builder.build();
    }

    /** Everything but the sockets is HttpClient's own. */
    private static final class ChannelConnectionsBuilder extends PoolingHttpClientConnectionManagerBuilder {

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
            TlsSocketStrategy strategy = (socket, host, port, attachment, context) -> {
                try {
                    return tls.upgrade(socket, host, port, attachment, context);
                } catch (SocketTimeoutException e) {
                    // Else it could not be told from a server that has the request and is silent.
                    throw new ConnectTimeoutException("no TLS handshake within the connectTimeout");
                }
            };
            return new DefaultHttpClientConnectionOperator(
                    StaleCheckedConnection::socket,
                    ports,
                    dns,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register(URIScheme.HTTPS.id, strategy)
                            .build());
        }
    }

    /** The connections as they are now; a sum over all targets. */
    public State state() {
        PoolStats stats = connections.getTotalStats();
        int madeUpFor = stats.getMax() - settings.maxConnections();
        return new State(
                Math.max(0, stats.getLeased() - madeUpFor),
                stats.getAvailable(),
                stats.getPending() + permits.getQueueLength(),
                settings.maxConnections());
    }

    HttpSettings settings() {
        return settings;
    }

    HttpComponent http() {
        return http;
    }

    Semaphore permits() {
        return permits;
    }

    CallWatchdog watchdog() {
        return watchdog;
    }

    Reachability reachability() {
        return reachability;
    }

    /** An {@link Error} in a call may have left its connection leased for ever. */
    void suspectLostConnections() {
        suspicious = true;
    }

    /**
     * Makes room for one more connection in place of each that is leased though no call has it. Looks for some only after an Error, and
     * until a moment without calls, in which the count is exact.
     */
    void makeUpForLostConnections() {
        if (suspicious) {
            synchronized (this) {
                int inUse = settings.maxConnections() - permits.availablePermits();
                int lost = state().leased() - inUse;
                if (lost > 0) {
                    connections.setMaxTotal(connections.getMaxTotal() + lost);
                    connections.setDefaultMaxPerRoute(connections.getDefaultMaxPerRoute() + lost);
                }
                suspicious = inUse > 0;
            }
        }
    }

    @Override
    public void close() {
        watchdog.close();
        // Wakes those who wait: their calls are aborted.
        permits.release(permits.getQueueLength());
        ServiceHelper.stopAndShutdownService(http);
        connections.close();
    }
}
