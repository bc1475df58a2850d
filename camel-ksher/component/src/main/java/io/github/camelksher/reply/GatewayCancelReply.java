/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code gatewayCancel}. On Ksher's page {@code data} is an unsigned string; Ksher's
 * own clients expect a signed object. Both are accepted. Confirm either with {@code gatewayQuery}:
 * a customer who saved the QR code may still pay.
 *
 * <p>Ksher's page: Order Cancel (Gateway Pay).
 */
public final class GatewayCancelReply extends BaseReply {

    public GatewayCancelReply(VerifiedData data) {
        super(data);
    }

    /** The string in {@code data}, such as {@code 取消成功}; null if it was an object. */
    @JsonProperty
    public @Nullable String text() {
        return data.dataText();
    }

    /** Whether {@code data} is an object whose signature was verified. */
    @JsonProperty("signed")
    public boolean isSigned() {
        return data.signed();
    }

    /** The result as sent; {@code SUCCESS} means cancelled. Null if data is a string. */
    @JsonProperty
    public @Nullable String result() {
        return text("result");
    }
}
