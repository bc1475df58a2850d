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

    /** How long the server asks to wait, from its {@code Retry-After}; null if it did not say, zero if that time is past. */
    public @Nullable Duration getRetryAfter() {
        return retryAfter;
    }
}
