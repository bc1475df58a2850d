/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

/** Ksher replied with a code other than 0, which it never signs: it proves nothing. */
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
