/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code gatewayQuery}.
 *
 * <p>Ksher's page: Gateway Order Query.
 */
public final class GatewayQueryReply extends QueryReply {

    public GatewayQueryReply(VerifiedData data) {
        super(data);
    }

    /** The gateway's own number of the payment. Null if absent or empty. */
    @JsonProperty
    public @Nullable String payMchOrderNo() {
        return text("pay_mch_order_no");
    }
}
