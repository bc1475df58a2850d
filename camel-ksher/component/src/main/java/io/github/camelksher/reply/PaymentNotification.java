/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * What Ksher posts to the merchant when an order was paid. Has the fields of both queries' replies: which of them are there
 * depends on how the order was made. It can be repeated, by Ksher and by anybody who saw it: a route must not deliver twice.
 *
 * <p>Ksher's pages: the parameters {@code notify_url} and {@code mch_notify_url}.
 */
public final class PaymentNotification extends QueryReply {

    public PaymentNotification(VerifiedData data) {
        super(data);
    }

    /** The gateway's own number of the payment. Null if absent or empty. */
    @JsonProperty
    public @Nullable String payMchOrderNo() {
        return text("pay_mch_order_no");
    }

    /** The amount before discounts, in the minor unit of {@link #feeType()}. Null if absent or empty. */
    @JsonProperty
    public @Nullable Long rawTotalFee() {
        return amount("raw_total_fee");
    }

    /** The terminal. Null if absent or empty. */
    @JsonProperty
    public @Nullable String deviceId() {
        return text("device_id");
    }

    /** The merchant's cashier. Null if absent or empty. */
    @JsonProperty
    public @Nullable String operatorId() {
        return text("operator_id");
    }

    /** The name that Ksher has for the call that made the order. Null if absent or empty. */
    @JsonProperty
    public @Nullable String operation() {
        return text("operation");
    }

    /** The merchant's remark. Null if absent or empty. */
    @JsonProperty
    public @Nullable String merchantRemark() {
        return text("merchant_remark");
    }

    /** The customer's remark. Null if absent or empty. */
    @JsonProperty
    public @Nullable String consumerRemark() {
        return text("consumer_remark");
    }
}
