/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.ClientSettings;
import io.github.camelksher.client.KsherClient;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.NotificationVerifier;
import io.github.camelksher.http.CamelHttpTransport;
import io.github.camelksher.http.HttpTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
                        OptionChecks.required("appId", configuration.getAppId()),
                        operation.isCall()
                                ? key("privateKey", OptionChecks.required("privateKey", configuration.getPrivateKey()))
                                : null)
                .privateKeyPassword(configuration.getPrivateKeyPassword())
                .verifyWith(configuration.getSignVersion(), ksherPublicKey())
                .signatureProvider(OptionChecks.optional("signatureProvider", configuration.getSignatureProvider()))
                .checks(configuration.isVerifySignature(), configuration.isCheckNonce(), configuration.isFailOnResult())
                .build();
        OptionChecks.optional("channel", configuration.getChannel());
        OptionChecks.optional("lang", configuration.getLang());
        OptionChecks.optional("operatorId", configuration.getOperatorId());
        if (!configuration.isVerifySignature()) {
            LOG.warn(
                    "verifySignature=false on ksher:{}: replies can be forged by anybody on the way. For diagnosis only.",
                    operation);
        }
        if (!operation.isCall()) {
            notifications = new NotificationVerifier(
                    settings, OptionChecks.positive("maxReplySize", configuration.getMaxReplySize()));
            return;
        }
        transport = ksher().http()
                .open(new HttpTarget(
                        url(),
                        KsherClient.headers(configuration.getSignVersion()),
                        OptionChecks.positive("responseTimeout", configuration.getResponseTimeout()),
                        OptionChecks.positive("callTimeout", configuration.getCallTimeout()),
                        OptionChecks.positive("maxReplySize", configuration.getMaxReplySize())));
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
        String base = operation.api() == KsherOperation.Api.GATEWAY
                ? OptionChecks.baseUrl("gatewayUrl", configuration.getGatewayUrl())
                : OptionChecks.baseUrl("apiUrl", configuration.getApiUrl());
        return base + "/" + operation.path();
    }

    private @Nullable String ksherPublicKey() throws IOException {
        String own = OptionChecks.optional("ksherPublicKey", configuration.getKsherPublicKey());
        return own == null ? null : key("ksherPublicKey", own);
    }

    private String key(String option, String value) throws IOException {
        String text = OptionChecks.unquoted(value);
        if (!RESOURCE.matcher(text).matches()) {
            return text;
        }
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(getCamelContext(), text)) {
            byte[] bytes = in.readNBytes(MAX_KEY_FILE);
            return new String(bytes, isUtf16(bytes) ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        } catch (IOException e) {
            // No cause: the innermost message is the one that people read, and this one names the option.
            throw new IllegalArgumentException("Option " + option + " names a resource that cannot be read: " + text);
        }
    }

    /** PowerShell writes UTF-16, with a byte order mark in either order. */
    private static boolean isUtf16(byte[] bytes) {
        String mark = HexFormat.of().formatHex(bytes, 0, Math.min(2, bytes.length));
        return mark.equals("feff") || mark.equals("fffe");
    }

    public KsherOperation getOperation() {
        return operation;
    }

    public KsherConfiguration getConfiguration() {
        return configuration;
    }
}
