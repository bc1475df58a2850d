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
 * The private camel-http component, connection pool and watchdog of all transports. It is not
 * in the registry of the Camel context: no settings of others reach it, and nobody else uses
 * it. Thread-safe.
 */
public final class HttpClientPool implements AutoCloseable {

    /**
     * The state of the connections.
     *
     * @param leased in use
     * @param available idle
     * @param pending calls that wait for one
     * @param max how many there can be
     */
    public record State(int leased, int available, int pending, int max) {}

    final PoolSettings settings;
    final HttpComponent http = new HttpComponent();
    private final PoolingHttpClientConnectionManager connections;
    final CallWatchdog watchdog;
    final Reachability reachability;
    /**
     * One for each connection. HttpClient's pool leaks a connection that is granted just when the
     * wait for it ends, by a timeout (HttpCore's pull request 649) or an interrupt. With a permit a
     * call never waits inside the pool.
     */
    final Semaphore permits;

    private volatile boolean leaksSuspected;

    public HttpClientPool(CamelContext context, PoolSettings settings) {
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

    private static PoolingHttpClientConnectionManager connections(PoolSettings settings) {
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
                        // A command that is sent on a stale connection has its outcome unknown.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build());
        if (settings.sslContext() != null) {
            builder.setTlsSocketStrategy(new DefaultClientTlsStrategy(settings.sslContext()));
        }
        return builder.build();
    }

    /** Changes HttpClient's sockets and the exception of a TLS timeout. */
    private static final class ChannelConnectionsBuilder extends PoolingHttpClientConnectionManagerBuilder {

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
            TlsSocketStrategy strategy = (socket, host, port, attachment, context) -> {
                try {
                    return tls.upgrade(socket, host, port, attachment, context);
                } catch (SocketTimeoutException e) {
                    // Otherwise it would look like a server that received the
                    // request and is silent.
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

    /** The connections now, summed over all routes. */
    public State state() {
        PoolStats stats = connections.getTotalStats();
        int replaced = stats.getMax() - settings.maxConnections();
        return new State(
                Math.max(0, stats.getLeased() - replaced),
                stats.getAvailable(),
                stats.getPending() + permits.getQueueLength(),
                settings.maxConnections());
    }

    /** Tells the pool that an {@link Error} may have leaked the connection of a call. */
    void suspectLeaks() {
        leaksSuspected = true;
    }

    /**
     * Raises the pool's limits by the number of leaked connections, those that are leased without a
     * call. Runs only after an Error, until a moment without calls, when the count is exact.
     */
    void replaceLeakedConnections() {
        if (leaksSuspected) {
            synchronized (this) {
                int inUse = settings.maxConnections() - permits.availablePermits();
                int leaked = state().leased() - inUse;
                if (leaked > 0) {
                    connections.setMaxTotal(connections.getMaxTotal() + leaked);
                    connections.setDefaultMaxPerRoute(connections.getDefaultMaxPerRoute() + leaked);
                }
                leaksSuspected = inUse > 0;
            }
        }
    }

    @Override
    public void close() {
        watchdog.close();
        // Wakes the waiting calls, which are aborted already.
        permits.release(permits.getQueueLength());
        ServiceHelper.stopAndShutdownService(http);
        connections.close();
    }
}
