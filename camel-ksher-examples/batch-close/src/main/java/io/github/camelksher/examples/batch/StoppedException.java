/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** Could not be done to its end: exit 1. The message is for the operator. */
final class StoppedException extends Exception {

    private static final long serialVersionUID = 1;

    StoppedException(String message) {
        super(message);
    }
}
