/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

/** Why a key cannot be read. Never has a parser's own message, which may quote the key. */
final class KeyProblem extends IllegalArgumentException {

    KeyProblem(String message) {
        super(message);
    }
}
