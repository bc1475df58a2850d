/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code orderQuery}.
 *
 * <p>Ksher's page: Order Query.
 */
public final class OrderQueryReply extends QueryReply {

    public OrderQueryReply(VerifiedData data) {
        super(data);
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

    /** The name that Ksher has for this call. Null if absent or empty. */
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
