/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

/** A file that nothing can be done with. The message is for the operator: what is wrong, with which file, and what to do. */
public final class UnusableFileException extends Exception {

    private static final long serialVersionUID = 1;

    public UnusableFileException(String message) {
        super(message);
    }
}
