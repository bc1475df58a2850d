/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.crypto;

/** Why a key cannot be read, in our own words: a parser's own message may quote what it could not read. */
final class KeyProblem extends IllegalArgumentException {

    KeyProblem(String message) {
        super(message);
    }
}
