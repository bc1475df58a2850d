/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.RequestSigner;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all calls of one endpoint have in common; keys are parsed once, here. */
public final class ClientSettings {

    final String appId;
    private final @Nullable RequestSigner signer;
    final @Nullable ReplyVerifier verifier;
    final boolean failOnResult;
    final boolean checkNonce;

    private ClientSettings(Builder builder) {
        Signatures signatures = named("signatureProvider", () -> Signatures.by(builder.signatureProvider));
        this.appId = builder.appId;
        String privateKey = builder.privateKey;
        this.signer = privateKey == null
                ? null
                : named("privateKey", () -> {
                    RequestSigner made =
                            new RequestSigner(RsaKeys.privateKey(privateKey, builder.privateKeyPassword), signatures);
                    made.sign(new byte[0]);
                    return made;
                });
        String ksherKey = builder.ksherPublicKey == null ? builder.signVersion.publicKey() : builder.ksherPublicKey;
        this.verifier = builder.verifySignature
                ? named("ksherPublicKey", () -> new ReplyVerifier(RsaKeys.publicKey(ksherKey), signatures))
                : null;
        this.failOnResult = builder.failOnResult;
        this.checkNonce = builder.checkNonce;
    }

    /** Begins every complaint with the option that it is about. */
    private static <T> T named(String option, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option " + option + " " + e.getMessage());
        }
    }

    /**
     * The text of a key file.
     *
     * @param option which one names the file
     * @throws IllegalArgumentException naming the option, if the file is something else than a text
     */
    public static String keyText(String option, byte[] file) {
        return named(option, () -> RsaKeys.text(file));
    }

    /** What signs requests; only a call needs it. */
    RequestSigner signer() {
        if (signer == null) {
            throw new IllegalStateException("a call needs a private key");
        }
        return signer;
    }

    /**
     * Begins with what has no default.
     *
     * @param privateKey null if nothing is to be signed, as for {@code verifyNotification}
     */
    public static Builder builder(String appId, @Nullable String privateKey) {
        return new Builder(appId, privateKey);
    }

    /** Collects the options; keys are texts here, resources already read. */
    public static final class Builder {

        private final String appId;
        private final @Nullable String privateKey;
        private @Nullable String privateKeyPassword;
        private SignVersion signVersion = SignVersion.V1;
        private @Nullable String ksherPublicKey;
        private @Nullable String signatureProvider;
        private boolean failOnResult = true;
        private boolean checkNonce = true;
        private boolean verifySignature = true;

        private Builder(String appId, @Nullable String privateKey) {
            this.appId = appId;
            this.privateKey = privateKey;
        }

        public Builder privateKeyPassword(@Nullable String password) {
            this.privateKeyPassword = password;
            return this;
        }

        /** Verifies with Ksher's key of a version, or with another key of one's own; null for none. */
        public Builder verifyWith(SignVersion version, @Nullable String ownKey) {
            this.signVersion = version;
            this.ksherPublicKey = ownKey;
            return this;
        }

        public Builder signatureProvider(@Nullable String name) {
            this.signatureProvider = name;
            return this;
        }

        public Builder checks(boolean signature, boolean nonce, boolean result) {
            this.verifySignature = signature;
            this.checkNonce = nonce;
            this.failOnResult = result;
            return this;
        }

        /**
         * Parses the keys.
         *
         * @throws IllegalArgumentException naming the option that cannot be used, never showing a key
         */
        public ClientSettings build() {
            return new ClientSettings(this);
        }
    }
}
