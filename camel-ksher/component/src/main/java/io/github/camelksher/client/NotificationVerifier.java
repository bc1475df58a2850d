/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.MalformedReply;

/** Verifies what Ksher posts to the merchant when an order was paid. Sends nothing and needs no private key. Thread-safe. */
public final class NotificationVerifier {

    private static final String NO_NONCE = "";

    private final ReplyCheck check;
    private final int maxSize;

    /**
     * Makes one.
     *
     * @param maxSize how large a notification may be, in bytes
     */
    public NotificationVerifier(ClientSettings settings, int maxSize) {
        this.check = new ReplyCheck(settings);
        this.maxSize = maxSize;
    }

    /**
     * Verifies. Never throws for what was sent: the outcome says it.
     *
     * @param body as it came, not URL-decoded; of a larger one than allowed any longer beginning will do
     */
    public Outcome verify(byte[] body) {
        OrderRequest request = new OrderRequest(KsherOperation.verifyNotification);
        Failures failures = new Failures(request);
        if (body.length > maxSize) {
            return Outcome.noReply(failures.malformed("is larger than the option maxReplySize allows"));
        }
        try {
            Envelope envelope = Envelope.parse(body);
            failures.keepSecret(envelope::secrets);
            failures.names(envelope.unverified().text(Parameter.MCH_ORDER_NO.wireName()));
            return check.check(request, NO_NONCE, envelope, failures);
        } catch (MalformedReply e) {
            return Outcome.noReply(failures.malformed(e.what()));
        }
    }

    /** The failure of a body that is neither bytes nor text. */
    public Outcome unreadable(String what) {
        OrderRequest request = new OrderRequest(KsherOperation.verifyNotification);
        return Outcome.noReply(new Failures(request).malformed(what));
    }
}
