/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.order;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One order as it changes. It is its own lock: calls for different orders do not wait. */
public final class LiveOrder {

    /**
     * What one call did to the order.
     *
     * @param before the state that the call met
     * @param seen the order that the call answers with
     * @param after the state that the call left
     */
    public record Step(State before, KsherOrder seen, State after) {}

    private final InstantSource clock;
    private final Consumer<LiveOrder> whenPaid;
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private volatile KsherOrder order;
    private @Nullable Instant lastQuery;
    private int queriesUntilPaid;
    private int closedQueriesUntilPaid = KsherOrder.NEVER;

    /** {@code whenPaid} runs in the call that finds the order paid: it must not take long. */
    LiveOrder(KsherOrder opened, InstantSource clock, Consumer<LiveOrder> whenPaid) {
        this.clock = clock;
        this.whenPaid = whenPaid;
        this.queriesUntilPaid = opened.queriesUntilPaid();
        KsherOrder start = opened.isWalletChosen() ? opened.walletChosen() : opened;
        this.order = start.state().wasPaid() ? start.paidAt(clock.instant()) : start;
    }

    /** How many calls of this operation came before; seeded faults depend on it. */
    public int nextCall(String operation) {
        return calls.computeIfAbsent(operation, first -> new AtomicInteger()).getAndIncrement();
    }

    /** The order as it is now. */
    public synchronized KsherOrder snapshot() {
        expireIfDue(clock.instant());
        return order;
    }

    /** The order without a look at the clock: it may have expired since. */
    public KsherOrder peek() {
        return order;
    }

    /** The order as this query sees it, or null if the query comes too soon after the last one. */
    public synchronized @Nullable Step query(Duration interval) {
        Instant now = clock.instant();
        if (lastQuery != null && !interval.isZero() && now.isBefore(lastQuery.plus(interval))) {
            return null;
        }
        lastQuery = now;
        expireIfDue(now);
        State before = order.state();
        // A customer with a saved QR code pays before this query, a quick one after it.
        if (closedQueriesUntilPaid == 0 && before == State.CLOSED) {
            pay(now);
        } else if (closedQueriesUntilPaid > 0) {
            closedQueriesUntilPaid--;
        }
        KsherOrder seen = order;
        if (queriesUntilPaid > 0 && --queriesUntilPaid == 0 && seen.state().isOpen()) {
            pay(now);
        }
        return new Step(before, seen, order.state());
    }

    /** Closes the order if Ksher would, and returns the order as it stood before. */
    public synchronized Step command() {
        expireIfDue(clock.instant());
        KsherOrder before = order;
        if (before.state().isOpen() && before.otpCode() == 0) {
            order = before.state(State.CLOSED);
            closedQueriesUntilPaid = before.closedQueriesUntilPaid();
        }
        return new Step(before.state(), before, order.state());
    }

    /** The customer chooses a wallet; null is the channel that the order was opened with. */
    public synchronized void chooseWallet(@Nullable String channel) {
        expireIfDue(clock.instant());
        if (!order.isGateway()) {
            throw new IllegalStateException(
                    "order " + order.mchOrderNo() + " is no payment page: it was made with a wallet");
        }
        if (!order.state().isOpen()) {
            throw wrongState("no wallet can be chosen");
        }
        KsherOrder chosen = order.walletChosen().state(State.USERPAYING);
        order = channel == null ? chosen : chosen.channel(channel);
    }

    /** The customer pays. */
    public synchronized void pay() {
        pay(clock.instant());
    }

    private void pay(Instant now) {
        if (order.state() == State.REFUND) {
            throw new IllegalStateException("order " + order.mchOrderNo() + " is refunded and cannot be paid");
        }
        if (order.state() == State.SUCCESS) {
            return;
        }
        order = order.walletChosen().state(State.SUCCESS).paidAt(now);
        whenPaid.accept(this);
    }

    /** The order as it was when it was paid, also if it was refunded since. */
    public KsherOrder paid() {
        KsherOrder now = order;
        if (!now.state().wasPaid()) {
            throw wrongState("only a payment is notified");
        }
        return now.state(State.SUCCESS);
    }

    /** The merchant gives the money back. */
    public synchronized void refund() {
        expireIfDue(clock.instant());
        if (!order.state().wasPaid()) {
            throw wrongState("only a paid one can be refunded");
        }
        order = order.state(State.REFUND);
    }

    /** Somebody else closes the order. */
    public synchronized void close() {
        expireIfDue(clock.instant());
        if (order.state().wasPaid()) {
            throw new IllegalStateException(
                    "order " + order.mchOrderNo() + " is " + order.state() + " and cannot be closed");
        }
        order = order.state(State.CLOSED);
    }

    private IllegalStateException wrongState(String reason) {
        return new IllegalStateException("order " + order.mchOrderNo() + " is " + order.state() + ": " + reason);
    }

    private void expireIfDue(Instant now) {
        Instant expiry = order.expiresAt();
        if (expiry != null && order.state().isOpen() && !now.isBefore(expiry)) {
            order = order.state(State.CLOSED);
        }
    }
}
