/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** A file or a setting that nothing can be done with; the message is for the operator. */
final class UnusableFile extends Exception {

    private static final long serialVersionUID = 1;

    UnusableFile(String message) {
        super(message);
    }
}
