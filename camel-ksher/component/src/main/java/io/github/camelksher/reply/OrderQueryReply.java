/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import io.github.camelksher.wire.VerifiedData;

/**
 * The reply to {@code orderQuery}.
 *
 * <p>Ksher's page: Order Query.
 */
public final class OrderQueryReply extends KsherPayReply {

    public OrderQueryReply(VerifiedData data) {
        super(data);
    }
}
