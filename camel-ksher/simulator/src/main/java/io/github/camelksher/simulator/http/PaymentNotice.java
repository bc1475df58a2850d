/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.protocol.ApiCall;
import io.github.camelksher.simulator.protocol.ReplyFields;
import io.github.camelksher.simulator.protocol.ReplyWriter;
import io.github.camelksher.simulator.protocol.ReplyWriter.Distortion;
import io.github.camelksher.simulator.protocol.UnsignedReply;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is POSTed for one paid order: the same bytes each time. */
final class PaymentNotice {

    final String appId;
    final String order;
    private final UnsignedReply reply;
    private final byte[] bytes;
    private final ReplyWriter writer;
    private final AtomicInteger attempts = new AtomicInteger();

    /** {@code paid} is the order as it was when it was paid. */
    PaymentNotice(String appId, KsherOrder paid, ReplyWriter writer) {
        this.appId = appId;
        this.order = paid.mchOrderNo();
        this.writer = writer;
        this.reply = paid.isGateway()
                ? UnsignedReply.success(ApiCall.GATEWAY_QUERY, ReplyFields.gatewayQuery(paid, appId))
                : UnsignedReply.success(
                        ApiCall.ORDER_QUERY, ReplyFields.orderQuery(paid, order, appId, ReplyFields.nonce()));
        this.bytes = writer.write(reply, false, Distortion.NONE);
    }

    int nextAttempt() {
        return attempts.incrementAndGet();
    }

    byte[] bytes(@Nullable FaultKind fault) {
        return fault == null ? bytes : writer.write(reply, false, fault);
    }
}
