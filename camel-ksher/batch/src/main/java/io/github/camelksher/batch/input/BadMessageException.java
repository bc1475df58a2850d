/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

/** A message that is no order, and never will be: it belongs into the dead-letter queue. The message says why. */
public final class BadMessageException extends Exception {

    private static final long serialVersionUID = 1;

    public BadMessageException(String message) {
        super(message);
    }
}
