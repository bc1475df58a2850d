/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends a request once: no retry, no redirect, no cookie. */
public interface Transport {

    /**
     * Posts a body.
     *
     * @param startedNanos {@link System#nanoTime()} when the caller started: the deadline counts
     *     from there
     * @throws Failed if no complete reply arrived
     */
    Reply send(byte[] body, long startedNanos) throws Failed;

    /**
     * A complete reply.
     *
     * @param body the decoded body; empty if the status is not 200, null if it was too large
     * @param retryAfter the header of that name; null if it is absent or cannot be read
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never modified
    record Reply(int status, byte @Nullable [] body, @Nullable Duration retryAfter) {}

    /** No complete reply arrived. */
    final class Failed extends Exception {

        private final IOException reason;
        private final boolean nothingSent;

        /** Takes any Throwable; of one that is no IOException the message has only the class. */
        public Failed(Throwable reason, boolean nothingSent) {
            super(null, reason, false, false);
            this.reason = reason instanceof IOException io
                    ? io
                    : new IOException(
                            "the call failed in the JVM itself: "
                                    + reason.getClass().getName(),
                            reason);
            this.nothingSent = nothingSent;
        }

        public IOException reason() {
            return reason;
        }

        /** Whether no byte of the request can have been sent. */
        public boolean nothingSent() {
            return nothingSent;
        }
    }
}
