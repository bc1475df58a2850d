/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

/** Ksher answered with a code other than 0. Such a reply is never signed, so it says nothing certain about the order. */
public final class KsherRejectedException extends KsherException {

    private final int code;

    public KsherRejectedException(FailedCall call, String message, int code) {
        super(call, message, null);
        this.code = code;
    }

    /** Ksher's code, never 0; its meaning depends on the operation. */
    public int getCode() {
        return code;
    }
}
