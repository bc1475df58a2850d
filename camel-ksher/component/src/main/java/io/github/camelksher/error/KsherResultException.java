/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

import org.jspecify.annotations.Nullable;

/**
 * Ksher replied with code 0, but {@code result} is {@code FAIL}, or, on {@code orderClose},
 * anything but {@code SUCCESS} and {@code CLOSED}. With the endpoint option
 * {@code failOnResult=false} it is a reply instead.
 */
public final class KsherResultException extends KsherException {

    private final @Nullable String errorCode;

    public KsherResultException(FailedCall call, String message, @Nullable String errorCode) {
        super(call, message, null);
        this.errorCode = errorCode;
    }

    /** Ksher's {@code err_code}, like {@code KSHER_INVALID_ORDER_NO}; null if there is none. */
    public @Nullable String getErrorCode() {
        return errorCode;
    }
}
