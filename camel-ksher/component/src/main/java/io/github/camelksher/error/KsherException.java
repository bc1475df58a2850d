/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

import org.apache.camel.RuntimeCamelException;
import org.jspecify.annotations.Nullable;

/**
 * A failed call to Ksher. Each subclass is one kind of failure. All of them tell a route whether to
 * repeat the call, so that
 * {@code onException(KsherException.class).onWhen(simple("${exception.retryable}"))} works.
 *
 * <p>A {@link #isRetryable() retryable} query may be repeated. A command (close, cancel) may be
 * repeated if it is retryable and its outcome is not {@link #isOutcomeUnknown() unknown}; else
 * query the order first.
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

    /** The operation as in the endpoint URI, such as {@code orderQuery}. */
    public String getOperation() {
        return call.operation();
    }

    /** The merchant's order number, else Ksher's, else the channel's; null if there was none. */
    public @Nullable String getOrder() {
        return call.order();
    }

    /** Whether the same call can succeed later with nobody's help. */
    public boolean isRetryable() {
        return call.retryable();
    }

    /** Whether a command may have been carried out all the same; never true for a query. */
    public boolean isOutcomeUnknown() {
        return call.outcomeUnknown();
    }
}
