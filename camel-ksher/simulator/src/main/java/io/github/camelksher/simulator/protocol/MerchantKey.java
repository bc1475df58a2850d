/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's key.
 *
 * @param open its public half
 * @param secret its private half; null if the simulator was given the public one only
 */
public record MerchantKey(PublicKey open, @Nullable PrivateKey secret) {

    private MerchantKey(KeyPair pair) {
        this(pair.getPublic(), pair.getPrivate());
    }

    /** Reads PEM, public or private. */
    public static MerchantKey read(String pem) {
        return pem.contains("PRIVATE KEY")
                ? new MerchantKey(RsaPem.readPrivate(pem))
                : new MerchantKey(RsaPem.readPublic(pem), null);
    }

    public static MerchantKey generate() {
        return new MerchantKey(RsaPem.generate(1024));
    }

    @Override
    public String toString() {
        return "MerchantKey";
    }
}
