/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

/**
 * The request is invalid: it has no order number that the operation takes, or a value that Ksher
 * does not take. Nothing was sent. Never retryable.
 */
public final class KsherInvalidRequestException extends KsherException {

    public KsherInvalidRequestException(FailedCall call, String message) {
        super(call, message, null);
    }
}
