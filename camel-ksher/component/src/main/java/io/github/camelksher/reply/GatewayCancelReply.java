/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * The reply to {@code gatewayCancel}. Ksher does not sign it: confirm with {@code gatewayQuery}. A customer who saved the
 * QR code may still pay afterwards.
 *
 * <p>Ksher's page: Order Cancel (Gateway Pay).
 */
public final class GatewayCancelReply extends BaseReply {

    public GatewayCancelReply(VerifiedData data) {
        super(data);
    }

    /** What Ksher put in {@code data}, such as {@code 取消成功}; null only if it was no text. */
    @JsonProperty
    public @Nullable String text() {
        return data.dataText();
    }
}
