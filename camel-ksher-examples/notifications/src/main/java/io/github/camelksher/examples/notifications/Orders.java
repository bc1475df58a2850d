/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import io.github.camelksher.reply.QueryReply;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Stands for the shop's own record of its orders. Thread-safe. */
public final class Orders {

    /** What a payment is, as far as the shop knows. */
    public enum Verdict {
        /** The order is there and open; amount and currency are those that were agreed. */
        AS_AGREED,
        /** It is another amount, or another currency. */
        OTHER_AMOUNT,
        /** The shop had cancelled the order before. The customer paid all the same, for instance by a saved QR code. */
        CANCELLED,
        /** The shop has no such order, or not yet. */
        UNKNOWN
    }

    private record Agreed(long amount, String currency, boolean cancelled) {}

    private final Map<String, Agreed> orders = new ConcurrentHashMap<>();

    /**
     * Records an order.
     *
     * @param amount in the currency's minor unit: 12_300 THB is 123.00 baht
     */
    public void add(String number, long amount, String currency) {
        orders.put(number, new Agreed(amount, currency, false));
    }

    /** The shop no longer wants to sell it. */
    public void cancel(String number) {
        orders.computeIfPresent(number, (key, order) -> new Agreed(order.amount, order.currency, true));
    }

    /** Compares a payment with the record. The reply of a query will do as well as a notification. */
    public Verdict verdict(QueryReply paid) {
        String number = paid.mchOrderNo();
        Agreed order = number == null ? null : orders.get(number);
        if (order == null) {
            return Verdict.UNKNOWN;
        }
        if (order.cancelled) {
            return Verdict.CANCELLED;
        }
        boolean agreed = Objects.equals(paid.totalFee(), order.amount) && order.currency.equals(paid.feeType());
        return agreed ? Verdict.AS_AGREED : Verdict.OTHER_AMOUNT;
    }
}
