/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes nonces: 128 random bits as 32 letters and digits. Thread-safe. */
final class NonceSource {

    private final SecureRandom random = new SecureRandom();

    String next() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
