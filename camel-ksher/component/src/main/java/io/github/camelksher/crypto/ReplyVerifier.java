/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Verifies replies with Ksher's key. The result is a verdict, never an exception. Thread-safe. */
public final class ReplyVerifier {

    /** The result of a verification. */
    public enum Verdict {
        VERIFIED,
        /** There is no signature. */
        MISSING,
        /** The signature is not hex of the key's length. */
        MALFORMED,
        /** The signature belongs to another text or another key. */
        MISMATCH
    }

    private final Signatures.Keyed signatures;
    private final int hexLength;

    public ReplyVerifier(RSAPublicKey key, Signatures signatures) {
        this.signatures = signatures.keyed(signature -> signature.initVerify(key));
        this.hexLength = (key.getModulus().bitLength() + 7) / 8 * 2;
    }

    /**
     * Verifies.
     *
     * @param text the canonical text of the reply's data
     * @param sign hex, in either case; null or empty if the reply has none
     */
    public Verdict verify(byte[] text, @Nullable String sign) {
        if (sign == null || sign.isEmpty()) {
            return Verdict.MISSING;
        }
        if (sign.length() != hexLength) {
            return Verdict.MALFORMED;
        }
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(sign);
        } catch (IllegalArgumentException e) {
            return Verdict.MALFORMED;
        }
        try {
            boolean verified = signatures.use(signature -> {
                signature.update(text);
                return signature.verify(bytes);
            });
            return verified ? Verdict.VERIFIED : Verdict.MISMATCH;
        } catch (GeneralSecurityException | RuntimeException e) {
            // The JDK throws for a signature that is not below the modulus. Other providers may
            // throw for other signatures.
            return Verdict.MISMATCH;
        }
    }
}
