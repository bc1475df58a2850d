/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.security.SecureRandom;

/** Nonces of 32 letters and digits that nobody can guess and that do not repeat. Thread-safe. */
final class NonceSource {

    private static final char[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".toCharArray();
    private static final int LENGTH = 32;

    private final SecureRandom random = new SecureRandom();

    String next() {
        char[] nonce = new char[LENGTH];
        byte[] bytes = new byte[LENGTH + 8];
        int filled = 0;
        while (filled < LENGTH) {
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length && filled < LENGTH; i++) {
                int six = bytes[i] & 63;
                // 62 and 63 are thrown away: taken modulo they would make two letters likelier than the rest.
                if (six < ALPHABET.length) {
                    nonce[filled++] = ALPHABET[six];
                }
            }
        }
        return new String(nonce);
    }
}
