/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import io.github.camelksher.client.SignVersion;
import io.github.camelksher.component.KsherConfiguration;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spring.boot.ComponentConfigurationPropertiesCommon;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The component's options as {@code camel.component.ksher.*}; null leaves an option as the component has it. Their descriptions
 * and defaults are in the configuration metadata. Accessors only; holds secrets, so no {@code toString}.
 */
@ConfigurationProperties("camel.component.ksher")
public class KsherComponentConfiguration extends ComponentConfigurationPropertiesCommon {

    private @Nullable String apiUrl;
    private @Nullable String appId;
    private @Nullable Duration callTimeout;
    private @Nullable String channel;
    private @Nullable KsherConfiguration configuration;
    private @Nullable Duration connectTimeout;
    private @Nullable Boolean failOnResult;
    private @Nullable String gatewayUrl;
    private @Nullable String lang;
    private @Nullable Boolean lazyStartProducer;
    private @Nullable Integer maxConnections;
    private @Nullable String operatorId;
    private @Nullable Duration responseTimeout;
    private @Nullable Boolean autowiredEnabled;
    private @Nullable Boolean checkNonce;
    private @Nullable HttpClientConfigurer httpClientConfigurer;
    private @Nullable Integer maxReplySize;
    private @Nullable Boolean verifySignature;
    private @Nullable Boolean healthCheckConsumerEnabled;
    private @Nullable Boolean healthCheckProducerEnabled;
    private @Nullable String proxyAuthPassword;
    private @Nullable String proxyAuthUsername;
    private @Nullable String proxyHost;
    private @Nullable Integer proxyPort;
    private @Nullable String ksherPublicKey;
    private @Nullable String privateKey;
    private @Nullable String privateKeyPassword;
    private @Nullable String signatureProvider;
    private @Nullable SignVersion signVersion;
    private @Nullable SSLContextParameters sslContextParameters;
    private @Nullable Boolean useGlobalSslContextParameters;

    public @Nullable String getApiUrl() {
        return apiUrl;
    }

    public void setApiUrl(@Nullable String apiUrl) {
        this.apiUrl = apiUrl;
    }

    public @Nullable String getAppId() {
        return appId;
    }

    public void setAppId(@Nullable String appId) {
        this.appId = appId;
    }

    public @Nullable Duration getCallTimeout() {
        return callTimeout;
    }

    public void setCallTimeout(@Nullable Duration callTimeout) {
        this.callTimeout = callTimeout;
    }

    public @Nullable String getChannel() {
        return channel;
    }

    public void setChannel(@Nullable String channel) {
        this.channel = channel;
    }

    public @Nullable KsherConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(@Nullable KsherConfiguration configuration) {
        this.configuration = configuration;
    }

    public @Nullable Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(@Nullable Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public @Nullable Boolean getFailOnResult() {
        return failOnResult;
    }

    public void setFailOnResult(@Nullable Boolean failOnResult) {
        this.failOnResult = failOnResult;
    }

    public @Nullable String getGatewayUrl() {
        return gatewayUrl;
    }

    public void setGatewayUrl(@Nullable String gatewayUrl) {
        this.gatewayUrl = gatewayUrl;
    }

    public @Nullable String getLang() {
        return lang;
    }

    public void setLang(@Nullable String lang) {
        this.lang = lang;
    }

    public @Nullable Boolean getLazyStartProducer() {
        return lazyStartProducer;
    }

    public void setLazyStartProducer(@Nullable Boolean lazyStartProducer) {
        this.lazyStartProducer = lazyStartProducer;
    }

    public @Nullable Integer getMaxConnections() {
        return maxConnections;
    }

    public void setMaxConnections(@Nullable Integer maxConnections) {
        this.maxConnections = maxConnections;
    }

    public @Nullable String getOperatorId() {
        return operatorId;
    }

    public void setOperatorId(@Nullable String operatorId) {
        this.operatorId = operatorId;
    }

    public @Nullable Duration getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(@Nullable Duration responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public @Nullable Boolean getAutowiredEnabled() {
        return autowiredEnabled;
    }

    public void setAutowiredEnabled(@Nullable Boolean autowiredEnabled) {
        this.autowiredEnabled = autowiredEnabled;
    }

    public @Nullable Boolean getCheckNonce() {
        return checkNonce;
    }

    public void setCheckNonce(@Nullable Boolean checkNonce) {
        this.checkNonce = checkNonce;
    }

    public @Nullable HttpClientConfigurer getHttpClientConfigurer() {
        return httpClientConfigurer;
    }

    public void setHttpClientConfigurer(@Nullable HttpClientConfigurer httpClientConfigurer) {
        this.httpClientConfigurer = httpClientConfigurer;
    }

    public @Nullable Integer getMaxReplySize() {
        return maxReplySize;
    }

    public void setMaxReplySize(@Nullable Integer maxReplySize) {
        this.maxReplySize = maxReplySize;
    }

    public @Nullable Boolean getVerifySignature() {
        return verifySignature;
    }

    public void setVerifySignature(@Nullable Boolean verifySignature) {
        this.verifySignature = verifySignature;
    }

    public @Nullable Boolean getHealthCheckConsumerEnabled() {
        return healthCheckConsumerEnabled;
    }

    public void setHealthCheckConsumerEnabled(@Nullable Boolean healthCheckConsumerEnabled) {
        this.healthCheckConsumerEnabled = healthCheckConsumerEnabled;
    }

    public @Nullable Boolean getHealthCheckProducerEnabled() {
        return healthCheckProducerEnabled;
    }

    public void setHealthCheckProducerEnabled(@Nullable Boolean healthCheckProducerEnabled) {
        this.healthCheckProducerEnabled = healthCheckProducerEnabled;
    }

    public @Nullable String getProxyAuthPassword() {
        return proxyAuthPassword;
    }

    public void setProxyAuthPassword(@Nullable String proxyAuthPassword) {
        this.proxyAuthPassword = proxyAuthPassword;
    }

    public @Nullable String getProxyAuthUsername() {
        return proxyAuthUsername;
    }

    public void setProxyAuthUsername(@Nullable String proxyAuthUsername) {
        this.proxyAuthUsername = proxyAuthUsername;
    }

    public @Nullable String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(@Nullable String proxyHost) {
        this.proxyHost = proxyHost;
    }

    public @Nullable Integer getProxyPort() {
        return proxyPort;
    }

    public void setProxyPort(@Nullable Integer proxyPort) {
        this.proxyPort = proxyPort;
    }

    public @Nullable String getKsherPublicKey() {
        return ksherPublicKey;
    }

    public void setKsherPublicKey(@Nullable String ksherPublicKey) {
        this.ksherPublicKey = ksherPublicKey;
    }

    public @Nullable String getPrivateKey() {
        return privateKey;
    }

    public void setPrivateKey(@Nullable String privateKey) {
        this.privateKey = privateKey;
    }

    public @Nullable String getPrivateKeyPassword() {
        return privateKeyPassword;
    }

    public void setPrivateKeyPassword(@Nullable String privateKeyPassword) {
        this.privateKeyPassword = privateKeyPassword;
    }

    public @Nullable String getSignatureProvider() {
        return signatureProvider;
    }

    public void setSignatureProvider(@Nullable String signatureProvider) {
        this.signatureProvider = signatureProvider;
    }

    public @Nullable SignVersion getSignVersion() {
        return signVersion;
    }

    public void setSignVersion(@Nullable SignVersion signVersion) {
        this.signVersion = signVersion;
    }

    public @Nullable SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(@Nullable SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public @Nullable Boolean getUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    public void setUseGlobalSslContextParameters(@Nullable Boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
