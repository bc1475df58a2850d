/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import org.springframework.core.NestedExceptionUtils;

/** The innermost cause of a failure: what wraps it seldom says what is wrong. */
final class RootCause {

    private RootCause() {}

    static Throwable of(Throwable e) {
        return NestedExceptionUtils.getMostSpecificCause(e);
    }

    /** The first line of its message. */
    static String reason(Throwable e) {
        return String.valueOf(of(e).getMessage()).lines().findFirst().orElse("");
    }
}
