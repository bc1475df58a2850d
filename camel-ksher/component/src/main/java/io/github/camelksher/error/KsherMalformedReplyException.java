/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

/** Status 200, but not a reply of Ksher's: HTML, truncated, too large, wrong data. */
public final class KsherMalformedReplyException extends KsherException {

    public KsherMalformedReplyException(FailedCall call, String message) {
        super(call, message, null);
    }
}
