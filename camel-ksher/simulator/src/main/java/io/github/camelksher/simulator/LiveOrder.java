/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.KsherOrder.State;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One order as it changes. Its own monitor guards it, so that calls for different orders never wait for each other. */
final class LiveOrder {

    /** One call's view: the state it met, the order it answers with, the state it left. */
    record Step(State before, KsherOrder seen, State after) {}

    private final KsherOrder order;
    private final Map<Operation, AtomicInteger> calls = new ConcurrentHashMap<>();
    private @Nullable Instant lastQuery;
    private int queriesUntilPaid;
    private int closedQueriesUntilPaid = KsherOrder.NEVER;
    private @Nullable PaymentNotice notice;
    private final Consumer<LiveOrder> whenPaid;

    /** {@code whenPaid} is told of a payment at once, on whatever thread finds it: it must not take long. */
    LiveOrder(KsherOrder order, Instant now, Consumer<LiveOrder> whenPaid) {
        this.whenPaid = whenPaid;
        this.order = order.copy();
        this.order.walletChosen = order.isWalletChosen();
        this.queriesUntilPaid = order.paysAfterQueries;
        if (order.state.wasPaid()) {
            this.order.paidAt = now;
        }
    }

    /** How many calls of this operation came before: lets random faults be the same whatever the threads do. */
    int nextCall(Operation operation) {
        return calls.computeIfAbsent(operation, first -> new AtomicInteger()).getAndIncrement();
    }

    String mchOrderNo() {
        return order.mchOrderNo;
    }

    boolean isGateway() {
        return order.gateway;
    }

    /** The number by which KsherPay knows it. */
    String payMchOrderNo() {
        return order.payMchOrderNo;
    }

    synchronized boolean isWalletChosen() {
        return order.isWalletChosen();
    }

    synchronized KsherOrder snapshot(Instant now) {
        expireIfDue(now);
        return order.copy();
    }

    /** The order as this query sees it, or null if it comes too soon after the last one. */
    synchronized @Nullable Step query(Instant now, Duration interval) {
        if (lastQuery != null && !interval.isZero() && now.isBefore(lastQuery.plus(interval))) {
            return null;
        }
        lastQuery = now;
        expireIfDue(now);
        State before = order.state;
        // The customer of a saved QR code pays before the query that is to find it, the quick one after the query.
        if (closedQueriesUntilPaid == 0 && order.state == State.CLOSED) {
            pay(now);
        } else if (closedQueriesUntilPaid > 0) {
            closedQueriesUntilPaid--;
        }
        KsherOrder seen = order.copy();
        if (queriesUntilPaid > 0 && --queriesUntilPaid == 0 && order.state.isOpen()) {
            pay(now);
        }
        return new Step(before, seen, order.state);
    }

    /** Closes the order if it can be closed; answers it as it stood before. */
    synchronized Step command(Instant now) {
        expireIfDue(now);
        KsherOrder before = order.copy();
        if (order.state.isOpen() && order.otpCode == 0) {
            order.state = State.CLOSED;
            closedQueriesUntilPaid = order.paysAfterCancel;
        }
        return new Step(before.state, before, order.state);
    }

    /** {@code channel} null is the one the order was opened with. */
    synchronized void chooseWallet(@Nullable String channel, Instant now) {
        expireIfDue(now);
        if (!order.gateway) {
            throw new IllegalStateException(
                    "order " + order.mchOrderNo + " is no payment page: it was made with a wallet");
        }
        if (!order.state.isOpen()) {
            throw new IllegalStateException(
                    "order " + order.mchOrderNo + " is " + order.state + ": no wallet can be chosen");
        }
        order.walletChosen = true;
        order.state = State.USERPAYING;
        if (channel != null) {
            order.channel = channel;
        }
    }

    synchronized void pay(Instant now) {
        if (order.state == State.REFUND) {
            throw new IllegalStateException("order " + order.mchOrderNo + " is refunded and cannot be paid");
        }
        if (order.state == State.SUCCESS) {
            return;
        }
        order.walletChosen = true;
        order.state = State.SUCCESS;
        order.paidAt = now;
        whenPaid.accept(this);
    }

    /** What the merchant is told of the payment; it is made once. */
    synchronized PaymentNotice notice(Function<KsherOrder, PaymentNotice> make) {
        if (!order.state.wasPaid()) {
            throw new IllegalStateException(
                    "order " + order.mchOrderNo + " is " + order.state + ": only a payment is notified");
        }
        if (notice == null) {
            // A refund later on does not change what was told of the payment.
            notice = make.apply(order.state(State.SUCCESS));
        }
        return notice;
    }

    @Nullable
    URI notifyUrl() {
        return order.notifyUrl;
    }

    synchronized void refund(Instant now) {
        expireIfDue(now);
        if (!order.state.wasPaid()) {
            throw new IllegalStateException(
                    "order " + order.mchOrderNo + " is " + order.state + ": only a paid one can be refunded");
        }
        order.state = State.REFUND;
    }

    synchronized void close(Instant now) {
        expireIfDue(now);
        if (order.state.wasPaid()) {
            throw new IllegalStateException(
                    "order " + order.mchOrderNo + " is " + order.state + " and cannot be closed");
        }
        order.state = State.CLOSED;
    }

    private void expireIfDue(Instant now) {
        if (order.expiresAt != null && order.state.isOpen() && !now.isBefore(order.expiresAt)) {
            order.state = State.CLOSED;
        }
    }
}
