/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

import org.jspecify.annotations.Nullable;

/**
 * Code 0, but the call did not do what it was asked for: {@code result} is {@code FAIL}, or, on {@code orderClose},
 * anything but {@code SUCCESS} and {@code CLOSED}. The endpoint option {@code failOnResult=false} turns these into
 * replies.
 */
public final class KsherResultException extends KsherException {

    private final @Nullable String errorCode;

    public KsherResultException(FailedCall call, String message, @Nullable String errorCode) {
        super(call, message, null);
        this.errorCode = errorCode;
    }

    /** Ksher's {@code err_code}, such as {@code KSHER_INVALID_ORDER_NO}; null if the reply has none. */
    public @Nullable String getErrorCode() {
        return errorCode;
    }
}
