/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bytes out, bytes in, once: no retry, no redirect, no cookie. */
interface Transport {

    /**
     * Posts a form.
     *
     * @param startedNanos {@link System#nanoTime()} when the call began: its deadline counts from there
     * @throws Failed if no complete reply arrived
     */
    Reply send(byte[] form, long startedNanos) throws Failed;

    /**
     * What came back.
     *
     * @param body the decoded body; empty if the status is not 200, null if it was larger than allowed
     * @param retryAfter the header of that name as sent
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never modified
    record Reply(int status, byte @Nullable [] body, @Nullable String retryAfter) {}

    /** No complete reply. */
    final class Failed extends Exception {

        private final IOException reason;
        private final boolean nothingSent;

        Failed(IOException reason, boolean nothingSent) {
            super(null, reason, false, false);
            this.reason = reason;
            this.nothingSent = nothingSent;
        }

        IOException reason() {
            return reason;
        }

        /** Whether it failed before a byte of the request can have left. */
        boolean nothingSent() {
            return nothingSent;
        }
    }
}
