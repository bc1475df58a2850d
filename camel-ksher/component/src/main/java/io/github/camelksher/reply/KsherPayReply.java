/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/** The fields that only KsherPay has: not in the reply to a gateway query. */
public abstract sealed class KsherPayReply extends QueryReply permits OrderQueryReply, PaymentNotification {

    KsherPayReply(VerifiedData data) {
        super(data);
    }

    /** The amount before discounts, in the minor unit of {@link #feeType()}; else null. */
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

    /** Ksher's name of the call, or of the one that created the order. Null if absent or empty. */
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
