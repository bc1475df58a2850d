/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

import org.apache.camel.RuntimeCamelException;
import org.jspecify.annotations.Nullable;

/**
 * A call to Ksher that failed. Each subclass is one kind of failure; what a route needs to decide what to do next is
 * here, so that {@code onException(KsherException.class).onWhen(simple("${exception.retryable}"))} works for all.
 *
 * <p>A query may be repeated when it is {@link #isRetryable() retryable}. A command (close, cancel) only when it is
 * retryable and its outcome is not {@link #isOutcomeUnknown() unknown}; otherwise query the order first.
 *
 * <p>Messages never contain a key, a form body, a signature or an {@code openid}.
 */
public abstract sealed class KsherException extends RuntimeCamelException
        permits KsherInvalidRequestException,
                KsherTransportException,
                KsherHttpStatusException,
                KsherMalformedReplyException,
                KsherSignatureException,
                KsherRejectedException,
                KsherResultException {

    private final FailedCall call;

    KsherException(FailedCall call, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.call = call;
    }

    /** The operation as in the endpoint URI: {@code orderQuery}, {@code orderClose}, {@code gatewayQuery}, {@code gatewayCancel}. */
    public String getOperation() {
        return call.operation();
    }

    /** The order number that was asked for: the merchant's, else Ksher's, else the channel's; null if there was none. */
    public @Nullable String getOrder() {
        return call.order();
    }

    /** Whether the same call can succeed later with nobody's help. */
    public boolean isRetryable() {
        return call.retryable();
    }

    /** Whether a command may have been carried out although it failed here; always false for the two queries. */
    public boolean isOutcomeUnknown() {
        return call.outcomeUnknown();
    }
}
