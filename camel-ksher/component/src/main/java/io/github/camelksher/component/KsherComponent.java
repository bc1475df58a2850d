/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.Version;
import io.github.camelksher.http.HttpClientPool;
import io.github.camelksher.http.HttpProxy;
import io.github.camelksher.http.PoolSettings;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the endpoints, and owns the private HTTP client and pool that they share. */
@Component("ksher")
@ManagedResource(description = "Ksher component")
public class KsherComponent extends HealthCheckComponent implements SSLContextParametersAware {

    private static final Logger LOG = LoggerFactory.getLogger(KsherComponent.class);

    @Metadata(description = "The default options of the endpoints.")
    private KsherConfiguration configuration = new KsherConfiguration();

    @Metadata(label = "producer", defaultValue = "10s", description = "How long connecting may take, TCP and TLS each.")
    private Duration connectTimeout = Duration.ofSeconds(10);

    @Metadata(
            label = "producer",
            defaultValue = "200",
            description =
                    "How many connections the pool may hold, per route and in total. Calls beyond it wait for one, for half of their callTimeout at most.")
    private int maxConnections = 200;

    @Metadata(label = "security", description = "Keys, trust and protocols for TLS.")
    private @Nullable SSLContextParameters sslContextParameters;

    @Metadata(
            label = "security",
            defaultValue = "false",
            description = "Whether to use the Camel context's global SSL context parameters.")
    private boolean useGlobalSslContextParameters;

    @Metadata(label = "proxy", description = "Host of an HTTP proxy.")
    private @Nullable String proxyHost;

    @Metadata(label = "proxy", description = "Port of the HTTP proxy.")
    private @Nullable Integer proxyPort;

    @Metadata(label = "proxy", secret = true, description = "User at the proxy.")
    private @Nullable String proxyAuthUsername;

    @Metadata(label = "proxy", secret = true, description = "Password at the proxy.")
    private @Nullable String proxyAuthPassword;

    @Metadata(
            label = "advanced",
            description = "A configurer of the HTTP client. The component's own deadline and size limit still apply.")
    private @Nullable HttpClientConfigurer httpClientConfigurer;

    private @Nullable HttpClientPool http;
    private volatile @Nullable ReloadedKeys keys;

    /** How often the context was reloaded, or began to be. */
    int reloads() {
        return keys().reloads();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        keys().beforeEndpoint();
        KsherEndpoint endpoint = new KsherEndpoint(uri, this, operation(remaining), configuration.copy());
        Set<String> inClear = OptionChecks.secretsInClear(parameters);
        if (!inClear.isEmpty()) {
            LOG.warn(
                    "ksher:{} has {} in its URI, where exchange properties, log:?showAll=true, route dumps, JMX and the tracer"
                            + " show it: set it on the component, or, for a key, name a file with file:",
                    remaining,
                    String.join(" and ", inClear));
        }
        try {
            setProperties(endpoint, parameters);
        } catch (PropertyBindingException e) {
            // Without the cause, whose message quotes the value, which may be a key.
            throw new IllegalArgumentException(
                    OptionChecks.misfit(e.getPropertyName(), optionType(e.getPropertyName())));
        }
        return endpoint;
    }

    /** Hides the URI if it is invalid, since it may contain a key. */
    @Override
    public Endpoint createEndpoint(String uri, Map<String, Object> properties) throws Exception {
        try {
            return super.createEndpoint(uri, properties);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "The endpoint's URI is invalid: " + e.getReason() + " at index " + e.getIndex());
        }
    }

    private @Nullable Class<?> optionType(String name) {
        return getEndpointPropertyConfigurer() instanceof PropertyConfigurerGetter options
                ? options.getOptionType(name, true)
                : null;
    }

    @Override
    protected void validateURI(String uri, String path, Map<String, Object> parameters) {
        super.validateURI(uri, path, parameters);
        OptionChecks.givenOnce(parameters);
    }

    /**
     * Refuses a second context while the first one runs: the pool belongs to one context.
     *
     * @throws IllegalStateException if another context uses the component
     */
    @Override
    public void setCamelContext(CamelContext context) {
        CamelContext other = getCamelContext();
        if (other != null && other != context && (isInit() || !isStopped())) {
            throw new IllegalStateException("This KsherComponent is in use by the Camel context " + other.getName()
                    + ": make another one for " + (context == null ? "this one" : context.getName())
                    + ", or stop that context first");
        }
        super.setCamelContext(context);
    }

    private static KsherOperation operation(String name) {
        return Arrays.stream(KsherOperation.values())
                .filter(operation -> operation.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Unknown operation " + OptionChecks.name(name)
                        + ": use one of " + Arrays.toString(KsherOperation.values()) + ", as in ksher:orderQuery"));
    }

    /** Lists the names alone: the value of a misspelt option may be a key. */
    @Override
    protected void validateParameters(String uri, Map<String, Object> parameters, String optionPrefix) {
        if (parameters != null && !parameters.isEmpty()) {
            throw new IllegalArgumentException("Unknown options of ksher: "
                    + parameters.keySet().stream()
                            .map(OptionChecks::name)
                            .sorted()
                            .toList());
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        http();
    }

    /** Created with the first endpoint, as the pool is. */
    private ReloadedKeys keys() {
        ReloadedKeys now = keys;
        return now == null ? createKeys() : now;
    }

    private synchronized ReloadedKeys createKeys() {
        if (keys == null) {
            ReloadedKeys created = new ReloadedKeys(this, getCamelContext());
            getCamelContext().getManagementStrategy().addEventNotifier(created);
            keys = created;
        }
        return keys;
    }

    /** Created with the first endpoint, since Spring Boot sets options after doInit. */
    synchronized HttpClientPool http() {
        if (http == null) {
            http = createHttp();
        }
        return http;
    }

    private HttpClientPool createHttp() {
        OptionChecks.positive("connectTimeout", connectTimeout);
        OptionChecks.positive("maxConnections", maxConnections);
        String proxy = OptionChecks.optional("proxyHost", proxyHost);
        if ((proxy == null) != (proxyPort == null)) {
            throw new IllegalArgumentException("Options proxyHost and proxyPort go together");
        }
        if (proxyPort != null && (proxyPort < 1 || proxyPort > OptionChecks.HIGHEST_PORT)) {
            throw new IllegalArgumentException("Option proxyPort is not a port: " + proxyPort);
        }
        return new HttpClientPool(
                getCamelContext(),
                new PoolSettings(
                        Version.USER_AGENT,
                        connectTimeout,
                        maxConnections,
                        sslContext(),
                        proxy == null || proxyPort == null
                                ? null
                                : new HttpProxy(proxy, proxyPort, proxyAuthUsername, proxyAuthPassword),
                        httpClientConfigurer));
    }

    @Override
    protected synchronized void doShutdown() throws Exception {
        if (http != null) {
            http.close();
            // A component can be started again, also in another context, and then needs a new pool.
            http = null;
        }
        if (keys != null) {
            getCamelContext().getManagementStrategy().removeEventNotifier(keys);
            keys = null;
        }
        super.doShutdown();
    }

    /** Unlike {@link #http()} it creates no pool: who looks at the component must not start it. */
    private synchronized HttpClientPool.State pool() {
        return http == null ? new HttpClientPool.State(0, 0, 0, maxConnections) : http.state();
    }

    @ManagedAttribute(description = "Connections in use")
    public int getPoolLeased() {
        return pool().leased();
    }

    @ManagedAttribute(description = "Idle connections")
    public int getPoolAvailable() {
        return pool().available();
    }

    @ManagedAttribute(description = "Calls that wait for a connection")
    public int getPoolPending() {
        return pool().pending();
    }

    @ManagedAttribute(description = "How many connections there can be")
    public int getPoolMax() {
        return pool().max();
    }

    private @Nullable SSLContext sslContext() {
        SSLContextParameters ssl =
                sslContextParameters == null ? retrieveGlobalSslContextParameters() : sslContextParameters;
        try {
            return ssl == null ? null : ssl.createSSLContext(getCamelContext());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("Option sslContextParameters cannot be used: " + e.getMessage(), e);
        }
    }

    public KsherConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(KsherConfiguration configuration) {
        this.configuration = configuration;
    }

    public Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    public void setMaxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public @Nullable SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(@Nullable SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }

    public @Nullable String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(@Nullable String proxyHost) {
        this.proxyHost = OptionChecks.trimmedOrNull(proxyHost);
    }

    public @Nullable Integer getProxyPort() {
        return proxyPort;
    }

    public void setProxyPort(@Nullable Integer proxyPort) {
        this.proxyPort = proxyPort;
    }

    public @Nullable String getProxyAuthUsername() {
        return proxyAuthUsername;
    }

    public void setProxyAuthUsername(@Nullable String proxyAuthUsername) {
        this.proxyAuthUsername = proxyAuthUsername;
    }

    public @Nullable String getProxyAuthPassword() {
        return proxyAuthPassword;
    }

    public void setProxyAuthPassword(@Nullable String proxyAuthPassword) {
        this.proxyAuthPassword = proxyAuthPassword;
    }

    public @Nullable HttpClientConfigurer getHttpClientConfigurer() {
        return httpClientConfigurer;
    }

    public void setHttpClientConfigurer(@Nullable HttpClientConfigurer httpClientConfigurer) {
        this.httpClientConfigurer = httpClientConfigurer;
    }
}
