/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Ksher's signature algorithm, of a JCA provider. */
public final class Signatures {

    private static final String ALGORITHM = "MD5withRSA";

    private final @Nullable Provider provider;

    private Signatures(@Nullable Provider provider) {
        this.provider = provider;
    }

    /**
     * Looks up the provider.
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

    private Signature instance() throws GeneralSecurityException {
        return provider == null ? Signature.getInstance(ALGORITHM) : Signature.getInstance(ALGORITHM, provider);
    }

    /** Initialises a Signature with the key. */
    interface Init {

        void with(Signature signature) throws GeneralSecurityException;
    }

    /** Signs or verifies. */
    interface Use<T> {

        T with(Signature signature) throws GeneralSecurityException;
    }

    Keyed keyed(Init init) {
        return new Keyed(init);
    }

    /** Reuses the Signature objects of one key: by JCA one is ready for the next text after use. */
    final class Keyed {

        private final Init init;
        private final Queue<Signature> ready = new ConcurrentLinkedQueue<>();

        private Keyed(Init init) {
            this.init = init;
        }

        <T> T use(Use<T> use) throws GeneralSecurityException {
            Signature signature = ready.poll();
            if (signature == null) {
                signature = instance();
                init.with(signature);
            }
            T result = use.with(signature);
            // Not after an exception, which leaves it in an unknown state.
            ready.offer(signature);
            return result;
        }
    }
}
