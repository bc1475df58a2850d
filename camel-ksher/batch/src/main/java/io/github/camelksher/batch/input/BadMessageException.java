/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

/** A message that belongs in the dead-letter queue; {@code getMessage} says why. */
public final class BadMessageException extends Exception {

    private static final long serialVersionUID = 1;

    public BadMessageException(String message) {
        super(message);
    }
}
