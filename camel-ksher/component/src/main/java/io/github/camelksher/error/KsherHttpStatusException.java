/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An HTTP status other than 200. The body was not parsed; redirects are not followed. */
public final class KsherHttpStatusException extends KsherException {

    private final int statusCode;
    private final @Nullable Duration retryAfter;

    public KsherHttpStatusException(FailedCall call, String message, int statusCode, @Nullable Duration retryAfter) {
        super(call, message, null);
        this.statusCode = statusCode;
        this.retryAfter = retryAfter;
    }

    public int getStatusCode() {
        return statusCode;
    }

    /** The wait that {@code Retry-After} asks for; zero if it is over, null if there is none. */
    public @Nullable Duration getRetryAfter() {
        return retryAfter;
    }
}
