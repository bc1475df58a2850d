/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** The innermost cause of a failure: what wraps it seldom says what is wrong. */
final class RootCause {

    private RootCause() {}

    static Throwable of(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The first line of its message. */
    static String reason(Throwable e) {
        return String.valueOf(of(e).getMessage()).lines().findFirst().orElse("");
    }
}
