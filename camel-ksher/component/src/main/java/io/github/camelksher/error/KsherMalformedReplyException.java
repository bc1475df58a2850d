/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

/** Status 200, but no reply of Ksher's: HTML, empty, truncated, too large, a repeated key, the wrong kind of data. */
public final class KsherMalformedReplyException extends KsherException {

    public KsherMalformedReplyException(FailedCall call, String message) {
        super(call, message, null);
    }
}
