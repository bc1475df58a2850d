/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

/** Verifies payment notifications. Sends nothing and needs no private key. Thread-safe. */
public final class NotificationVerifier {

    private static final String NO_NONCE = "";

    private final ReplyCheck check;
    private final int maxSize;

    /**
     * Makes a verifier.
     *
     * @param maxSize of a notification, in bytes
     */
    public NotificationVerifier(ClientSettings settings, int maxSize) {
        this.check = new ReplyCheck(settings);
        this.maxSize = maxSize;
    }

    /**
     * Verifies a notification. Never throws: a failure is part of the outcome.
     *
     * @param body as it came, not URL-decoded; if it is too large, one byte more than allowed is
     *     enough
     */
    public CallOutcome verify(byte[] body) {
        OrderRequest request = new OrderRequest(KsherOperation.verifyNotification);
        return check.check(request, NO_NONCE, body.length > maxSize ? null : body, new Failures(request));
    }

    /**
     * The failure of a body that could not be read.
     *
     * @param what why, to follow the word "it" in a sentence
     */
    public CallOutcome unreadable(String what) {
        OrderRequest request = new OrderRequest(KsherOperation.verifyNotification);
        return CallOutcome.noReply(new Failures(request).malformed(what));
    }
}
