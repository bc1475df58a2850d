/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is POSTed for one paid order: the same bytes each time. */
final class PaymentNotice {

    final String appId;
    final String order;
    private final Reply reply;
    private final byte[] bytes;
    private final ReplyWriter writer;
    private final AtomicInteger attempts = new AtomicInteger();

    /** {@code paid} is the order as it was when it was paid. */
    PaymentNotice(String appId, KsherOrder paid, ReplyWriter writer) {
        this.appId = appId;
        this.order = paid.mchOrderNo;
        this.writer = writer;
        this.reply = paid.gateway
                ? Reply.signed(Operation.GATEWAY_QUERY, ReplyFields.gatewayQuery(paid, appId))
                : Reply.signed(
                        Operation.ORDER_QUERY,
                        ReplyFields.orderQuery(paid, paid.mchOrderNo, appId, ReplyFields.nonce()));
        this.bytes = writer.write(reply, false, null);
    }

    int nextAttempt() {
        return attempts.incrementAndGet();
    }

    byte[] bytes(Fault.@Nullable Kind fault) {
        return fault == null ? bytes : writer.write(reply, false, fault);
    }
}
