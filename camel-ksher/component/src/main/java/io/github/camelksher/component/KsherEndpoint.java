/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.CamelHttpTransport;
import io.github.camelksher.client.ClientSettings;
import io.github.camelksher.client.KsherClient;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.NotificationVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Query, close and cancel Ksher orders, and verify payment notifications (WeChat Pay, Alipay, PromptPay, TrueMoney, cards).
 */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "ksher",
        title = "Ksher",
        syntax = "ksher:operation",
        producerOnly = true,
        category = {Category.CLOUD, Category.API},
        headersClass = KsherConstants.class)
public class KsherEndpoint extends DefaultEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(KsherEndpoint.class);
    private static final Pattern RESOURCE = Pattern.compile("^(file|classpath):.*", Pattern.DOTALL);
    private static final int MAX_KEY_FILE = 65_536;
    static final int HIGHEST_PORT = 65_535;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    /** What fits the timers of the HTTP client. */
    private static final Duration LONGEST = Duration.ofDays(20);

    @UriPath(description = "Which call to make; verifyNotification makes none: it verifies what Ksher posted.")
    @Metadata(required = true)
    private final KsherOperation operation;

    @UriParam
    private final KsherConfiguration configuration;

    private @Nullable CamelHttpTransport transport;
    private @Nullable KsherClient client;
    private @Nullable NotificationVerifier notifications;
    private @Nullable HealthCheck healthCheck;
    private final CallCounts calls = new CallCounts();

    public KsherEndpoint(
            String uri, KsherComponent component, KsherOperation operation, KsherConfiguration configuration) {
        super(uri, component);
        this.operation = operation;
        this.configuration = configuration;
    }

    @Override
    public Producer createProducer() {
        return operation.isCall() ? new KsherProducer(this) : new NotificationProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "ksher:" + operation + " cannot be a consumer (from): use it with to(...)"
                        + (operation.isCall() ? "" : ", after an HTTP consumer that receives Ksher's notifications"));
    }

    /** Parses the keys once, and so finds out about a wrong option before the first order. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ClientSettings settings = ClientSettings.builder(
                        required("appId", configuration.getAppId()),
                        operation.isCall()
                                ? key("privateKey", required("privateKey", configuration.getPrivateKey()))
                                : null)
                .privateKeyPassword(configuration.getPrivateKeyPassword())
                .verifyWith(configuration.getSignVersion(), ksherPublicKey())
                .signatureProvider(unlessBlank(configuration.getSignatureProvider()))
                .checks(configuration.isVerifySignature(), configuration.isCheckNonce(), configuration.isFailOnResult())
                .build();
        if (!configuration.isVerifySignature()) {
            LOG.warn(
                    "verifySignature=false on ksher:{}: replies can be forged by anybody on the way. For diagnosis only.",
                    operation);
        }
        if (!operation.isCall()) {
            notifications =
                    new NotificationVerifier(settings, positive("maxReplySize", configuration.getMaxReplySize()));
            return;
        }
        transport = ksher().http()
                .open(new CamelHttpTransport.Target(
                        url(),
                        configuration.getSignVersion(),
                        positive("responseTimeout", configuration.getResponseTimeout()),
                        positive("callTimeout", configuration.getCallTimeout()),
                        positive("maxReplySize", configuration.getMaxReplySize())));
        client = new KsherClient(settings, transport);
        addHealthCheck(transport);
    }

    /** Camel has no such repository unless camel-health is on the class path. */
    private void addHealthCheck(CamelHttpTransport to) {
        WritableHealthCheckRepository repository = healthChecks();
        if (repository != null) {
            healthCheck = new KsherHealthCheck(this, to);
            healthCheck.setEnabled(ksher().isHealthCheckProducerEnabled());
            repository.addHealthCheck(healthCheck);
        }
    }

    private @Nullable WritableHealthCheckRepository healthChecks() {
        return HealthCheckHelper.getHealthCheckRepository(
                getCamelContext(), "producers", WritableHealthCheckRepository.class);
    }

    @Override
    protected void doStop() throws Exception {
        WritableHealthCheckRepository repository = healthCheck == null ? null : healthChecks();
        if (repository != null) {
            repository.removeHealthCheck(healthCheck);
            healthCheck = null;
        }
        if (transport != null) {
            transport.close();
        }
        super.doStop();
    }

    KsherClient client() {
        if (client == null) {
            throw new IllegalStateException("ksher:" + operation + " is not started");
        }
        return client;
    }

    NotificationVerifier notifications() {
        if (notifications == null) {
            throw new IllegalStateException("ksher:" + operation + " is not started");
        }
        return notifications;
    }

    KsherComponent ksher() {
        return (KsherComponent) getComponent();
    }

    CallCounts calls() {
        return calls;
    }

    /** Where its calls go; empty if it makes none. */
    String url() {
        if (!operation.isCall()) {
            return "";
        }
        boolean gateway = operation.api() == KsherOperation.Api.GATEWAY;
        String option = gateway ? "gatewayUrl" : "apiUrl";
        String base = gateway ? configuration.getGatewayUrl() : configuration.getApiUrl();
        try {
            URI uri = URI.create(required(option, base).strip());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http
                    && uri.getHost() != null
                    && uri.getPort() <= HIGHEST_PORT
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null) {
                return uri.toString().replaceAll("/+$", "") + "/" + operation.path();
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the message that says what a base URL looks like.
        }
        throw new IllegalArgumentException("Option " + option
                + " is not a base URL: it must be http:// or https:// with a host, without user, query and fragment, a port at most "
                + HIGHEST_PORT);
    }

    private @Nullable String ksherPublicKey() throws IOException {
        String own = unlessBlank(configuration.getKsherPublicKey());
        return own == null ? null : key("ksherPublicKey", own);
    }

    /** A property that is there but empty, as an environment variable that is not set leaves it, sets nothing. */
    static @Nullable String unlessBlank(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }

    private String key(String option, String value) throws IOException {
        if (!RESOURCE.matcher(value).matches()) {
            return value;
        }
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(getCamelContext(), value)) {
            return new String(in.readNBytes(MAX_KEY_FILE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // No cause: the innermost message is the one that people read, and this one names the option.
            throw new IllegalArgumentException("Option " + option + " names a resource that cannot be read: " + value);
        }
    }

    private static String required(String option, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("Option " + option + " is required, on the endpoint or the component");
        }
        return value;
    }

    /** Not of less than a millisecond: to the HTTP client and to sockets that is zero, which stands for no limit. */
    static Duration positive(String option, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("Option " + option + " must be longer than zero: " + value.toMillis());
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Option " + option + " must be at most " + LONGEST.toDays() + " days");
        }
        return value;
    }

    private static int positive(String option, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException("Option " + option + " must be positive: " + value);
        }
        return value;
    }

    public KsherOperation getOperation() {
        return operation;
    }

    public KsherConfiguration getConfiguration() {
        return configuration;
    }
}
