/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

import java.io.IOException;

/**
 * No complete reply arrived: refused, reset, timed out, no connection free, certificate not
 * trusted. {@link #getCause()} says which. The outcome of a command is unknown, unless the request
 * was certainly not sent.
 */
public final class KsherTransportException extends KsherException {

    public KsherTransportException(FailedCall call, String message, IOException cause) {
        super(call, message, cause);
    }
}
