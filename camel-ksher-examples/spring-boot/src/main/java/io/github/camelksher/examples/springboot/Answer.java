/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.reply.QueryReply;
import org.jspecify.annotations.Nullable;

/**
 * What became of an order, and what is certain about it.
 *
 * @param status the HTTP status
 * @param order the merchant's order number
 * @param outcome CLOSED, PAID, REFUNDED, OPEN, UNDECIDED;
 *     NO_SUCH_ORDER, INVALID; UNKNOWN, UNAVAILABLE, FAILED
 * @param certain what the caller can rely on
 */
record Answer(@JsonIgnore int status, @Nullable String order, String outcome, String certain) {

    /** From a reply, which Ksher has signed. */
    static Answer of(String order, KsherReply reply, boolean outcomeUnknown) {
        if (reply instanceof OrderCloseReply) {
            // With any other result the component throws.
            return closed(order);
        }
        OrderState state = ((QueryReply) reply).result();
        if (state.isOpen()) {
            return new Answer(503, order, "OPEN", "Ksher signed that the order can still be paid. It is not closed.");
        }
        if (state.isPaid()) {
            return new Answer(409, order, "PAID", "Ksher signed that the order is paid. It was not closed.");
        }
        if (state.equals(OrderState.CLOSED)) {
            return closed(order);
        }
        if (state.equals(OrderState.REFUND)) {
            return new Answer(409, order, "REFUNDED", "Ksher signed that the order is refunded. It was not closed.");
        }
        return outcomeUnknown
                ? new Answer(
                        202, order, "UNKNOWN", "A close was sent. Ksher signed the state " + state + ": ask again.")
                : new Answer(409, order, "UNDECIDED", "Ksher signed the state " + state + ". It was not closed.");
    }

    private static Answer closed(String order) {
        return new Answer(200, order, "CLOSED", "Ksher signed that the order is closed.");
    }

    /**
     * From a failure: of the first query, or of the one that was to tell what became of a close.
     */
    static Answer of(KsherException failure, boolean outcomeUnknown) {
        String order = failure.getOrder();
        if (outcomeUnknown) {
            return new Answer(
                    202, order, "UNKNOWN", "A close was sent. Whether it was carried out is not known: ask again.");
        }
        if (failure instanceof KsherInvalidRequestException) {
            return new Answer(400, order, "INVALID", "This cannot be an order number. Nothing was sent.");
        }
        if (failure instanceof KsherResultException result && "KSHER_INVALID_ORDER_NO".equals(result.getErrorCode())) {
            return new Answer(404, order, "NO_SUCH_ORDER", "Ksher signed that it does not know the order.");
        }
        return failure.isRetryable()
                ? unavailable(order)
                : new Answer(
                        502, order, "FAILED", "No close was carried out. Trying again will not help: see the log.");
    }

    static Answer unavailable(@Nullable String order) {
        return new Answer(503, order, "UNAVAILABLE", "No close was carried out. Try again.");
    }

    static Answer cutShort() {
        return new Answer(
                400, null, "INVALID", "A semicolon in an order number has to be sent as %3B. Nothing was sent.");
    }
}
