/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.HexFormat;

/** Signs requests: MD5 with RSA (PKCS#1 v1.5) in lower-case hex. Thread-safe. */
public final class RequestSigner {

    private final Signatures.Keyed signatures;

    public RequestSigner(PrivateKey key, Signatures signatures) {
        this.signatures = signatures.keyed(signature -> signature.initSign(key));
    }

    /**
     * Signs a text.
     *
     * @param text the canonical text
     * @throws IllegalStateException if the key and the provider do not go together
     */
    public String sign(byte[] text) {
        try {
            return HexFormat.of().formatHex(signatures.use(signature -> {
                signature.update(text);
                return signature.sign();
            }));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the option privateKey cannot sign with the provider in use: "
                    + e.getClass().getSimpleName());
        }
    }
}
