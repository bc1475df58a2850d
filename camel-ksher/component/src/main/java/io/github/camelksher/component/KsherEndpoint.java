/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.ClientSettings;
import io.github.camelksher.client.KsherClient;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.NotificationVerifier;
import io.github.camelksher.http.CallSettings;
import io.github.camelksher.http.CamelHttpTransport;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Query, close and cancel Ksher orders, and verify payment notifications (WeChat Pay, Alipay,
 * PromptPay, TrueMoney, cards).
 */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "ksher",
        title = "Ksher",
        syntax = "ksher:operation",
        producerOnly = true,
        category = {Category.CLOUD, Category.API},
        headersClass = KsherConstants.class)
@ManagedResource(description = "Ksher endpoint")
public class KsherEndpoint extends DefaultEndpoint implements EndpointServiceLocation {

    private static final Logger LOG = LoggerFactory.getLogger(KsherEndpoint.class);

    @UriPath(description = "Which call to make; verifyNotification makes none: it verifies what Ksher posted.")
    @Metadata(required = true)
    private final KsherOperation operation;

    @UriParam
    private final KsherConfiguration configuration;

    private volatile @Nullable CamelHttpTransport transport;
    private volatile @Nullable KsherClient client;
    private volatile @Nullable NotificationVerifier notifications;
    private @Nullable HealthCheck healthCheck;
    private volatile int reloads;
    final CallCounts calls = new CallCounts();

    public KsherEndpoint(
            String uri, KsherComponent component, KsherOperation operation, KsherConfiguration configuration) {
        super(uri, component);
        this.operation = operation;
        this.configuration = configuration;
        this.reloads = component.reloads();
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

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (!isLazyStartProducer()) {
            open();
        }
        addHealthCheck();
    }

    /** Parses the keys and checks the options, to find a mistake before the first order. */
    private void open() {
        ClientSettings settings = ClientSettings.builder(
                        OptionChecks.required("appId", OptionChecks.sendable("appId", configuration.getAppId())),
                        operation.isCall() ? privateKey() : null)
                .privateKeyPassword(configuration.getPrivateKeyPassword())
                .verifyWith(configuration.getSignVersion(), ksherPublicKey())
                .signatureProvider(OptionChecks.optional("signatureProvider", configuration.getSignatureProvider()))
                .verifySignature(configuration.isVerifySignature())
                .checkNonce(configuration.isCheckNonce())
                .failOnResult(configuration.isFailOnResult())
                .build();
        OptionChecks.sendable("channel", configuration.getChannel());
        OptionChecks.sendable("lang", configuration.getLang());
        OptionChecks.sendable("operatorId", configuration.getOperatorId());
        if (!configuration.isVerifySignature()) {
            LOG.warn(
                    "verifySignature=false on ksher:{}: replies can be forged in transit. For diagnosis only.",
                    operation);
        }
        if (!operation.isCall()) {
            notifications = new NotificationVerifier(
                    settings, OptionChecks.positive("maxReplySize", configuration.getMaxReplySize()));
            return;
        }
        transport = new CamelHttpTransport(
                ksher().http(),
                new CallSettings(
                        url(),
                        KsherClient.headers(configuration.getSignVersion()),
                        OptionChecks.positive("responseTimeout", configuration.getResponseTimeout()),
                        OptionChecks.positive("callTimeout", configuration.getCallTimeout()),
                        OptionChecks.positive("maxReplySize", configuration.getMaxReplySize())));
        client = new KsherClient(settings, transport);
    }

    /**
     * Opens the endpoint on its first message, as {@code lazyStartProducer} asks for. After a
     * failure the next message tries again.
     */
    private synchronized <T> T openLazily(Supplier<@Nullable T> wanted) {
        if (!isStarted()) {
            throw new IllegalStateException(
                    "ksher:" + operation + " is not started: it was stopped, or its start failed");
        }
        if (!isOpen()) {
            open();
        }
        return Objects.requireNonNull(wanted.get());
    }

    /**
     * This endpoint, or the one that has taken its place. A reload of the context creates all
     * endpoints anew, and the removal of a route stops its own; a {@code ProducerTemplate} keeps the
     * producer of the old one, which would call with an old key, or no more.
     */
    @SuppressWarnings("ReferenceEquality") // Endpoints of one URI are equal.
    KsherEndpoint current() {
        int now = ksher().reloads();
        boolean fresh = isStarted() && reloads == now;
        if (fresh || !getCamelContext().isStarted()) {
            return this;
        }
        KsherEndpoint current = getCamelContext().getEndpoint(getEndpointUri(), KsherEndpoint.class);
        if (current == this) {
            reloads = now;
        } else if (!current.options().equals(options())) {
            // It would call for another merchant, or another Ksher.
            throw new IllegalStateException("ksher:" + operation
                    + " has options that are not in its URI, and was replaced by a reload or by the removal of its"
                    + " route: get the endpoint from the context, and set them, again");
        }
        return current;
    }

    private List<Object> options() {
        return Arrays.asList(
                configuration.getAppId(),
                configuration.getApiUrl(),
                configuration.getGatewayUrl(),
                configuration.getSignVersion(),
                configuration.isVerifySignature(),
                configuration.isFailOnResult());
    }

    /** Camel has a repository of health checks only if camel-health is on the class path. */
    private void addHealthCheck() {
        WritableHealthCheckRepository repository = operation.isCall() ? healthChecks() : null;
        if (repository != null) {
            repository.stream()
                    .filter(check -> check instanceof KsherHealthCheck ksher && ksher.isOrphaned())
                    .toList()
                    .forEach(repository::removeHealthCheck);
            healthCheck = new KsherHealthCheck(this);
            healthCheck.setEnabled(ksher().isHealthCheckProducerEnabled());
            repository.addHealthCheck(healthCheck);
        }
    }

    private @Nullable WritableHealthCheckRepository healthChecks() {
        return HealthCheckHelper.getHealthCheckRepository(
                getCamelContext(), "producers", WritableHealthCheckRepository.class);
    }

    /** Also runs after a failed start. A client that remains would call with old options. */
    @Override
    protected void doStop() throws Exception {
        WritableHealthCheckRepository repository = healthCheck == null ? null : healthChecks();
        if (repository != null) {
            repository.removeHealthCheck(healthCheck);
        }
        healthCheck = null;
        release();
        super.doStop();
    }

    private synchronized void release() {
        CamelHttpTransport open = transport;
        transport = null;
        client = null;
        notifications = null;
        if (open != null) {
            open.close();
        }
    }

    KsherClient client() {
        KsherClient now = client;
        return now == null ? openLazily(() -> client) : now;
    }

    NotificationVerifier notifications() {
        NotificationVerifier now = notifications;
        return now == null ? openLazily(() -> notifications) : now;
    }

    CamelHttpTransport transport() {
        CamelHttpTransport now = transport;
        return now == null ? openLazily(() -> transport) : now;
    }

    /** Whether it can make calls. A lazy endpoint cannot before its first message. */
    boolean isOpen() {
        return client != null || notifications != null;
    }

    KsherComponent ksher() {
        return (KsherComponent) getComponent();
    }

    /** The URL of its calls; empty if it makes none. */
    String url() {
        if (!operation.isCall()) {
            return "";
        }
        String base = operation.api() == KsherOperation.Api.GATEWAY
                ? OptionChecks.baseUrl("gatewayUrl", configuration.getGatewayUrl())
                : OptionChecks.baseUrl("apiUrl", configuration.getApiUrl());
        return base + "/" + operation.path();
    }

    /** Null if it makes no call, and if its base URL is invalid: then the endpoint cannot start. */
    @Override
    public @Nullable String getServiceUrl() {
        try {
            return operation.isCall() ? url() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The scheme of the URL, as for camel-http. */
    @Override
    public @Nullable String getServiceProtocol() {
        String url = getServiceUrl();
        return url == null ? null : url.substring(0, url.indexOf(':'));
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        String appId = configuration.getAppId();
        return appId == null
                ? Map.of("operation", operation.name())
                : Map.of("operation", operation.name(), "appId", appId);
    }

    @ManagedAttribute(description = "Calls by outcome: replied, or the name of the exception")
    public Map<String, Long> getCallsByOutcome() {
        return calls.snapshot();
    }

    @ManagedAttribute(description = "Calls that ended, with a reply or a failure")
    public long getCallsTotal() {
        return calls.replied() + calls.failed();
    }

    @ManagedAttribute(description = "Calls that ended with a reply")
    public long getCallsReplied() {
        return calls.replied();
    }

    @ManagedAttribute(description = "Calls that ended with a failure")
    public long getCallsFailed() {
        return calls.failed();
    }

    private @Nullable String ksherPublicKey() {
        String own = OptionChecks.optional("ksherPublicKey", configuration.getKsherPublicKey());
        return own == null ? null : OptionChecks.key(getCamelContext(), "ksherPublicKey", own);
    }

    private String privateKey() {
        return OptionChecks.key(
                getCamelContext(), "privateKey", OptionChecks.required("privateKey", configuration.getPrivateKey()));
    }

    public KsherOperation getOperation() {
        return operation;
    }

    public KsherConfiguration getConfiguration() {
        return configuration;
    }
}
