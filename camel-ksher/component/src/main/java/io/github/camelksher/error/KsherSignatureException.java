/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.error;

/** A reply with code 0 that may not be Ksher's reply to this call. Never retryable. */
public final class KsherSignatureException extends KsherException {

    /** Why the reply cannot be trusted. */
    public enum Reason {
        /** {@code sign} is absent, null or empty. */
        MISSING,
        /** {@code sign} is not a string, or not hex of the length of Ksher's key. */
        MALFORMED,
        /** {@code sign} does not verify with Ksher's key. */
        MISMATCH,
        /** The reply is for another merchant or another order than the one asked for. */
        OTHER_ORDER,
        /** The reply belongs to another call: it echoes another nonce, or is a replay. */
        OTHER_CALL
    }

    private final Reason reason;

    public KsherSignatureException(FailedCall call, String message, Reason reason) {
        super(call, message, null);
        this.reason = reason;
    }

    public Reason getReason() {
        return reason;
    }
}
