/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code orderClose}.
 *
 * <p>Ksher's page: Order Close.
 */
public final class OrderCloseReply extends BaseReply {

    public OrderCloseReply(VerifiedData data) {
        super(data);
    }

    /** The merchant that the reply is for, {@code appid}. Null if absent or empty. */
    @JsonProperty
    public @Nullable String appId() {
        return text("appid");
    }

    /** Ksher's plain text: {@code SUCCESS} means closed by this call. */
    @JsonProperty
    public @Nullable String result() {
        return text("result");
    }

    /** Whether the order is closed: {@code SUCCESS} (by this call) or {@code CLOSED} (it was already). */
    public boolean isClosed() {
        return "SUCCESS".equals(result()) || "CLOSED".equals(result());
    }

    /** The merchant's order number. Null if absent or empty. */
    @JsonProperty
    public @Nullable String mchOrderNo() {
        return text("mch_order_no");
    }

    /** The nonce of the reply. Null if absent or empty. */
    @JsonProperty
    public @Nullable String nonceStr() {
        return text("nonce_str");
    }
}
