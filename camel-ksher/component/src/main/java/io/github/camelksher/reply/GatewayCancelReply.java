/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code gatewayCancel}. As Ksher's page prints it, {@code data} is a string and is not signed; Ksher's own clients
 * expect a signed object instead, so both are understood. Confirm either with {@code gatewayQuery}: a customer who saved the QR
 * code may still pay afterwards.
 *
 * <p>Ksher's page: Order Cancel (Gateway Pay).
 */
public final class GatewayCancelReply extends BaseReply {

    public GatewayCancelReply(VerifiedData data) {
        super(data);
    }

    /** What Ksher put in {@code data}, such as {@code 取消成功}; null if it was an object. */
    @JsonProperty
    public @Nullable String text() {
        return data.dataText();
    }

    /** Whether {@code data} is an object whose signature was verified. */
    @JsonProperty("signed")
    public boolean isSigned() {
        return data.signed();
    }

    /** The merchant that the reply is for, {@code appid}. Null if absent or empty, or if {@code data} is a string. */
    @JsonProperty
    public @Nullable String appId() {
        return text("appid");
    }

    /** The result as sent; {@code SUCCESS} means cancelled. Null if absent or empty, or if {@code data} is a string. */
    @JsonProperty
    public @Nullable String result() {
        return text("result");
    }

    /** The merchant's order number. Null if absent or empty, or if {@code data} is a string. */
    @JsonProperty
    public @Nullable String mchOrderNo() {
        return text("mch_order_no");
    }

    /** The nonce of the reply. Null if absent or empty, or if {@code data} is a string. */
    @JsonProperty
    public @Nullable String nonceStr() {
        return text("nonce_str");
    }
}
