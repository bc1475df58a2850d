/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of an order, as the {@code result} of a query. An open set, so not an enum: a new state
 * of Ksher's keeps its text and is neither final nor paid nor open. Compare with {@code equals}, or
 * as text in Simple.
 *
 * <p>Ksher's page: Order Query, parameter {@code result}.
 */
public final class OrderState {

    /** Paid. */
    public static final OrderState SUCCESS = new OrderState("SUCCESS");
    /** Closed. Cannot be paid any more, except by a QR code that was saved before a cancel. */
    public static final OrderState CLOSED = new OrderState("CLOSED");
    /** Refunded, wholly or in part. */
    public static final OrderState REFUND = new OrderState("REFUND");
    /** Not paid yet. */
    public static final OrderState NOTPAY = new OrderState("NOTPAY");
    /** A payment failed; the customer can still pay. */
    public static final OrderState PAYERROR = new OrderState("PAYERROR");
    /** The customer is entering the PIN. */
    public static final OrderState PENDING = new OrderState("PENDING");
    /**
     * Waiting for the customer: the usual state of an unpaid gateway order, before a wallet is
     * chosen. At KsherPay a payment may be in process ({@code err_code}
     * {@code PAYMENT_IN_PROCESS}).
     */
    public static final OrderState NOTSURE = new OrderState("NOTSURE");
    /** The customer is paying. */
    public static final OrderState USERPAYING = new OrderState("USERPAYING");
    /** The query failed, so the state is unknown. Only with {@code failOnResult=false}. */
    public static final OrderState FAIL = new OrderState("FAIL");

    private static final Map<String, OrderState> KNOWN = Stream.of(
                    SUCCESS, CLOSED, REFUND, NOTPAY, PAYERROR, PENDING, NOTSURE, USERPAYING, FAIL)
            .collect(Collectors.toUnmodifiableMap(OrderState::toString, Function.identity()));

    private static final Set<OrderState> OPEN = Set.of(NOTPAY, PAYERROR, PENDING, NOTSURE, USERPAYING);

    private final String text;

    private OrderState(String text) {
        this.text = text;
    }

    /** The constant of a known text, else a state with that text. */
    public static OrderState of(String text) {
        OrderState known = KNOWN.get(text);
        return known == null ? new OrderState(text) : known;
    }

    /** Whether the order is paid, closed or refunded. */
    public boolean isFinal() {
        return equals(SUCCESS) || equals(CLOSED) || equals(REFUND);
    }

    /** Whether the customer has paid and there was no refund. */
    public boolean isPaid() {
        return equals(SUCCESS);
    }

    /**
     * Whether the customer can still pay, so that the order may be closed: {@code NOTPAY},
     * {@code PAYERROR}, {@code PENDING}, {@code NOTSURE}, {@code USERPAYING}. False for an
     * unknown state.
     */
    public boolean isOpen() {
        return OPEN.contains(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OrderState state && state.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Ksher's own text. */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
