/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/** Ksher's one algorithm, from the JCA provider of choice. */
public final class Signatures {

    private static final String ALGORITHM = "MD5withRSA";

    private final @Nullable Provider provider;

    private Signatures(@Nullable Provider provider) {
        this.provider = provider;
    }

    /**
     * Finds the provider.
     *
     * @param name a registered JCA provider, or null for the JDK's choice
     * @throws IllegalArgumentException if there is no such provider, or it cannot do RSA with MD5
     */
    public static Signatures by(@Nullable String name) {
        Provider provider = name == null ? null : Security.getProvider(name);
        if (name != null && provider == null) {
            throw new IllegalArgumentException("names no registered JCA provider: " + name);
        }
        Signatures signatures = new Signatures(provider);
        try {
            signatures.instance();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot do " + ALGORITHM + (name == null ? "" : ": " + name));
        }
        return signatures;
    }

    Signature instance() throws GeneralSecurityException {
        return provider == null ? Signature.getInstance(ALGORITHM) : Signature.getInstance(ALGORITHM, provider);
    }
}
