/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.SignVersion;
import java.time.Duration;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/**
 * The options of both component and endpoint. Blanks around a value are dropped, except for a
 * password. Has no {@code toString}, since it holds secrets.
 */
@UriParams
public class KsherConfiguration implements Cloneable {

    @UriParam(description = "The merchant number, mch followed by digits. Needed here or on the component.")
    private @Nullable String appId;

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "The merchant's RSA private key, needed by the calls: a resource (file:, classpath:) or the key itself, as PKCS#1 or PKCS#8, PEM or base64, encrypted or not. Set the key itself on the component: in a URI it is readable in traces and route dumps.")
    private @Nullable String privateKey;

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "The password of an encrypted privateKey. Set it on the component: in a URI it is readable in traces and route dumps.")
    private @Nullable String privateKeyPassword;

    @UriParam(
            label = "security",
            defaultValue = "V1",
            description = "Which of Ksher's keys signs the replies: V1 (512 bits) or V2 (2048 bits).")
    private SignVersion signVersion = SignVersion.V1;

    @UriParam(
            label = "security",
            description =
                    "Verify replies with this key instead of Ksher's own: a resource (file:, classpath:), or the key as SPKI or PKCS#1, PEM or base64.")
    private @Nullable String ksherPublicKey;

    @UriParam(
            defaultValue = "https://api.mch.ksher.net/KsherPay",
            description = "Base URL of orderQuery and orderClose.")
    private String apiUrl = "https://api.mch.ksher.net/KsherPay";

    @UriParam(
            defaultValue = "https://gateway.ksher.com/api",
            description = "Base URL of gatewayQuery and gatewayCancel.")
    private String gatewayUrl = "https://gateway.ksher.com/api";

    @UriParam(
            description = "The payment channel (orderQuery, orderClose), when the header CamelKsherChannel is absent.")
    private @Nullable String channel;

    @UriParam(
            description =
                    "Language of Ksher's message (gatewayCancel): en, cn or th, when the header CamelKsherLang is absent.")
    private @Nullable String lang;

    @UriParam(description = "The merchant's cashier (orderClose), when the header CamelKsherOperatorId is absent.")
    private @Nullable String operatorId;

    @UriParam(
            defaultValue = "true",
            description =
                    "Whether a reply with code 0 whose result is FAIL, or on orderClose anything but SUCCESS and CLOSED, is a failure. If false, it is a typed reply.")
    private boolean failOnResult = true;

    @UriParam(
            label = "advanced",
            defaultValue = "true",
            description = "Whether to refuse a reply to orderQuery or orderClose that echoes another call's nonce.")
    private boolean checkNonce = true;

    @UriParam(
            label = "advanced",
            defaultValue = "true",
            description =
                    "Whether to verify the signature of replies. Only false for diagnosis: without it a reply can be forged in transit.")
    private boolean verifySignature = true;

    @UriParam(defaultValue = "30s", description = "How long the socket may be silent.")
    private Duration responseTimeout = Duration.ofSeconds(30);

    @UriParam(
            defaultValue = "60s",
            description =
                    "How long the whole call may take, from the producer being called to the last byte of the reply. The request begins within half of it, or it is not sent.")
    private Duration callTimeout = Duration.ofSeconds(60);

    @UriParam(
            label = "advanced",
            defaultValue = "1048576",
            description =
                    "The largest reply that is read, in bytes after decompression. The call fails if a reply is larger, and the rest of it is not read.")
    private int maxReplySize = 1048576;

    @UriParam(
            label = "security",
            description = "Name of the JCA provider for RSA, such as Conscrypt or BC. By default the JDK's choice.")
    private @Nullable String signatureProvider;

    /** A copy for an endpoint, which then sets its own options. */
    public KsherConfiguration copy() {
        try {
            return (KsherConfiguration) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    public @Nullable String getAppId() {
        return appId;
    }

    public void setAppId(@Nullable String appId) {
        this.appId = OptionChecks.trimmedOrNull(appId);
    }

    public @Nullable String getPrivateKey() {
        return privateKey;
    }

    public void setPrivateKey(@Nullable String privateKey) {
        this.privateKey = OptionChecks.trimmedOrNull(privateKey);
    }

    public @Nullable String getPrivateKeyPassword() {
        return privateKeyPassword;
    }

    public void setPrivateKeyPassword(@Nullable String privateKeyPassword) {
        this.privateKeyPassword = privateKeyPassword;
    }

    public SignVersion getSignVersion() {
        return signVersion;
    }

    public void setSignVersion(SignVersion signVersion) {
        this.signVersion = signVersion;
    }

    public @Nullable String getKsherPublicKey() {
        return ksherPublicKey;
    }

    public void setKsherPublicKey(@Nullable String ksherPublicKey) {
        this.ksherPublicKey = OptionChecks.trimmedOrNull(ksherPublicKey);
    }

    public String getApiUrl() {
        return apiUrl;
    }

    public void setApiUrl(String apiUrl) {
        this.apiUrl = OptionChecks.trimmed(apiUrl);
    }

    public String getGatewayUrl() {
        return gatewayUrl;
    }

    public void setGatewayUrl(String gatewayUrl) {
        this.gatewayUrl = OptionChecks.trimmed(gatewayUrl);
    }

    public @Nullable String getChannel() {
        return channel;
    }

    public void setChannel(@Nullable String channel) {
        this.channel = OptionChecks.trimmedOrNull(channel);
    }

    public @Nullable String getLang() {
        return lang;
    }

    public void setLang(@Nullable String lang) {
        this.lang = OptionChecks.trimmedOrNull(lang);
    }

    public @Nullable String getOperatorId() {
        return operatorId;
    }

    public void setOperatorId(@Nullable String operatorId) {
        this.operatorId = OptionChecks.trimmedOrNull(operatorId);
    }

    public boolean isFailOnResult() {
        return failOnResult;
    }

    public void setFailOnResult(boolean failOnResult) {
        this.failOnResult = failOnResult;
    }

    public boolean isCheckNonce() {
        return checkNonce;
    }

    public void setCheckNonce(boolean checkNonce) {
        this.checkNonce = checkNonce;
    }

    public boolean isVerifySignature() {
        return verifySignature;
    }

    public void setVerifySignature(boolean verifySignature) {
        this.verifySignature = verifySignature;
    }

    public Duration getResponseTimeout() {
        return responseTimeout;
    }

    public void setResponseTimeout(Duration responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public Duration getCallTimeout() {
        return callTimeout;
    }

    public void setCallTimeout(Duration callTimeout) {
        this.callTimeout = callTimeout;
    }

    public int getMaxReplySize() {
        return maxReplySize;
    }

    public void setMaxReplySize(int maxReplySize) {
        this.maxReplySize = maxReplySize;
    }

    public @Nullable String getSignatureProvider() {
        return signatureProvider;
    }

    public void setSignatureProvider(@Nullable String signatureProvider) {
        this.signatureProvider = OptionChecks.trimmedOrNull(signatureProvider);
    }
}
