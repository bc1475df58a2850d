/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.service.ServiceHelper;
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
import org.jspecify.annotations.Nullable;

/**
 * What all endpoints share: one private camel-http, its connection pool, and the timer of the calls' deadlines. It is not
 * registered in the Camel context, so nobody else's settings reach it and nobody else uses it.
 */
public final class CamelHttp implements AutoCloseable {

    /**
     * The component's options.
     *
     * @param connectTimeout for TCP and TLS
     * @param maxConnections per route and in total
     * @param sslContext null for the JVM's default trust
     * @param proxy null for none
     * @param configurer the user's own say in the HTTP client; null for none
     */
    public record Settings(
            Duration connectTimeout,
            int maxConnections,
            @Nullable SSLContext sslContext,
            @Nullable Proxy proxy,
            @Nullable HttpClientConfigurer configurer) {}

    /** An HTTP proxy; user and password null if it wants none. */
    public record Proxy(String host, int port, @Nullable String user, @Nullable String password) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * Connections.
     *
     * @param leased in use
     * @param available idle
     * @param pending calls that wait for one
     * @param max how many there can be
     */
    public record PoolState(int leased, int available, int pending, int max) {}

    private final CamelContext context;
    private final Settings settings;
    private final Reachability reachability;
    private final HttpComponent http = new HttpComponent();
    private final PoolingHttpClientConnectionManager pool;
    private final ScheduledExecutorService timer;
    private final Deadlines deadlines;
    /** One for each connection that there may be. */
    private final Semaphore turns;

    public CamelHttp(CamelContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
        this.reachability = new Reachability(settings);
        this.pool = pool(settings);
        this.turns = new Semaphore(settings.maxConnections(), true);
        this.timer = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "KsherCallTimeout");
        this.deadlines = new Deadlines(timer);
        http.setCamelContext(context);
        http.setClientConnectionManager(pool);
        http.setCookieManagementDisabled(true);
        http.setRedirectHandlingDisabled(true);
        http.setAutomaticRetriesDisabled(true);
        http.setAuthCachingDisabled(true);
        http.setConnectionStateDisabled(true);
        ServiceHelper.startService(http);
    }

    private static PoolingHttpClientConnectionManager pool(Settings settings) {
        Timeout connect = Timeout.of(settings.connectTimeout());
        PoolingHttpClientConnectionManagerBuilder builder = new ChannelPoolBuilder()
                .setConnectionFactory(FreshConnection::create)
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
    private static final class ChannelPoolBuilder extends PoolingHttpClientConnectionManagerBuilder {

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                    FreshConnection::socket,
                    ports,
                    dns,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register(URIScheme.HTTPS.id, tls)
                            .build());
        }
    }

    /**
     * Opens a way to one URL.
     *
     * @throws IllegalStateException if camel-http cannot be set up
     */
    public CamelHttpTransport open(CamelHttpTransport.Target target) {
        return new CamelHttpTransport(http, target, deadlines, turns, settings, reachability);
    }

    /** The pool as it is now; a sum over all endpoints. */
    public PoolState poolState() {
        PoolStats stats = pool.getTotalStats();
        return new PoolState(
                stats.getLeased(), stats.getAvailable(), stats.getPending() + turns.getQueueLength(), stats.getMax());
    }

    @Override
    public void close() throws IOException {
        deadlines.close();
        // Wakes those who wait: their calls are over.
        turns.release(turns.getQueueLength());
        ServiceHelper.stopAndShutdownService(http);
        pool.close();
        context.getExecutorServiceManager().shutdownNow(timer);
    }
}
