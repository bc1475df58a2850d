/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Nonces of 32 letters and digits that nobody can guess and that do not repeat: 128 random bits. Thread-safe. */
final class NonceSource {

    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
