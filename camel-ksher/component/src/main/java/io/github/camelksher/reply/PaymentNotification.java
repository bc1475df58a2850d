/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * A payment notification, which Ksher posts to the merchant. Has the fields of both queries, since
 * an order of either service can be paid. Ksher, or anybody who saw it, can send it again: a route
 * must not deliver twice.
 *
 * <p>Ksher's pages: the parameters {@code notify_url} and {@code mch_notify_url}.
 */
public final class PaymentNotification extends KsherPayReply {

    public PaymentNotification(VerifiedData data) {
        super(data);
    }

    /** The gateway's own number of the payment. Null if absent or empty. */
    @JsonProperty
    public @Nullable String payMchOrderNo() {
        return text("pay_mch_order_no");
    }
}
