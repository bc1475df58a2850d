/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.RequestSigner;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The settings of all calls of one endpoint. Parses the keys once. */
public final class ClientSettings {

    final String appId;
    private final @Nullable RequestSigner signer;
    final @Nullable ReplyVerifier verifier;
    final boolean failOnResult;
    final boolean checkNonce;

    private ClientSettings(Builder builder) {
        Signatures signatures = of("signatureProvider", () -> Signatures.by(builder.signatureProvider));
        this.appId = builder.appId;
        String privateKey = builder.privateKey;
        this.signer = privateKey == null
                ? null
                : of("privateKey", () -> {
                    RequestSigner made =
                            new RequestSigner(RsaKeys.privateKey(privateKey, builder.privateKeyPassword), signatures);
                    made.sign(new byte[0]);
                    return made;
                });
        String ksherKey = builder.ksherPublicKey == null ? builder.signVersion.publicKey : builder.ksherPublicKey;
        this.verifier = builder.verifySignature
                ? of("ksherPublicKey", () -> new ReplyVerifier(RsaKeys.publicKey(ksherKey), signatures))
                : null;
        this.failOnResult = builder.failOnResult;
        this.checkNonce = builder.checkNonce;
    }

    /** Makes something of an option, and names the option if its value cannot be used. */
    private static <T> T of(String option, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option " + option + " " + e.getMessage());
        }
    }

    /**
     * Reads the text of a key file.
     *
     * @param option the option that names the file
     * @throws IllegalArgumentException naming the option, if the file is not a text
     */
    public static String keyText(String option, byte[] file) {
        return of(option, () -> RsaKeys.text(file));
    }

    RequestSigner signer() {
        if (signer == null) {
            throw new IllegalStateException("a call needs a private key");
        }
        return signer;
    }

    /**
     * Starts with the settings that have no default.
     *
     * @param privateKey null if nothing is to be signed, as for {@code verifyNotification}
     */
    public static Builder builder(String appId, @Nullable String privateKey) {
        return new Builder(appId, privateKey);
    }

    /** Collects the options. A key is its text here, not a resource. */
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

        /**
         * Sets the key that replies are verified with.
         *
         * @param ownKey null for Ksher's key of that version
         */
        public Builder verifyWith(SignVersion version, @Nullable String ownKey) {
            this.signVersion = version;
            this.ksherPublicKey = ownKey;
            return this;
        }

        public Builder signatureProvider(@Nullable String name) {
            this.signatureProvider = name;
            return this;
        }

        public Builder verifySignature(boolean verify) {
            this.verifySignature = verify;
            return this;
        }

        public Builder checkNonce(boolean check) {
            this.checkNonce = check;
            return this;
        }

        public Builder failOnResult(boolean fail) {
            this.failOnResult = fail;
            return this;
        }

        /**
         * Parses the keys.
         *
         * @throws IllegalArgumentException naming the option whose value cannot be
         *     used, without the value
         */
        public ClientSettings build() {
            return new ClientSettings(this);
        }
    }
}
