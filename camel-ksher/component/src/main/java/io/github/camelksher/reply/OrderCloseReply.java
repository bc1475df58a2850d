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

    /** Ksher's text; {@code SUCCESS} means closed by this call. */
    @JsonProperty
    public @Nullable String result() {
        return text("result");
    }

    /** Whether the order is closed: by this call ({@code SUCCESS}) or before ({@code CLOSED}). */
    public boolean isClosed() {
        return "SUCCESS".equals(result()) || "CLOSED".equals(result());
    }
}
