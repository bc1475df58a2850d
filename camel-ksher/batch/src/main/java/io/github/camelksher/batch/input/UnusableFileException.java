/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

/** A file that cannot be planned. The message tells the operator which one, why, and what to do. */
public final class UnusableFileException extends Exception {

    private static final long serialVersionUID = 1;

    public UnusableFileException(String message) {
        super(message);
    }
}
