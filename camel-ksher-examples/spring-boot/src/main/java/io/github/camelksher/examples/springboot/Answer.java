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
 * @param outcome CLOSED, PAID, REFUNDED, OPEN, UNDECIDED; NO_SUCH_ORDER, INVALID; UNKNOWN, UNAVAILABLE, FAILED
 * @param certain what the caller can rely on
 */
record Answer(@JsonIgnore int status, @Nullable String order, String outcome, String certain) {

    /** From a reply, and so from something that Ksher signed. */
    static Answer of(String order, KsherReply reply, boolean closeSent) {
        if (reply instanceof OrderCloseReply) {
            // With any other result the component throws.
            return closed(order);
        }
        OrderState state = ((QueryReply) reply).result();
        return switch (state.toString()) {
            case "CLOSED" -> closed(order);
            case "SUCCESS" -> new Answer(409, order, "PAID", "Ksher signed that the order is paid. It was not closed.");
            case "REFUND" ->
                new Answer(409, order, "REFUNDED", "Ksher signed that the order is refunded. It was not closed.");
            case "NOTPAY", "PAYERROR", "PENDING", "USERPAYING" ->
                closeSent
                        ? new Answer(
                                503, order, "OPEN", "A close was sent, and the order is still open. Close it again.")
                        : new Answer(200, order, "OPEN", "Ksher signed that the order is not paid yet.");
            default ->
                closeSent
                        ? new Answer(
                                202,
                                order,
                                "UNKNOWN",
                                "A close was sent. Ksher signed the state " + state + ": ask again.")
                        : new Answer(
                                409, order, "UNDECIDED", "Ksher signed the state " + state + ". No close was sent.");
        };
    }

    private static Answer closed(String order) {
        return new Answer(200, order, "CLOSED", "Ksher signed that the order is closed.");
    }

    /** From a failure: of the first query, or of the one that was to tell what became of a close. */
    static Answer of(KsherException failure, boolean closeSent) {
        String order = failure.getOrder();
        if (closeSent) {
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
                ? new Answer(503, order, "UNAVAILABLE", "No close was sent. Try again.")
                : new Answer(502, order, "FAILED", "No close was sent. Trying again will not help: see the log.");
    }

    static Answer cutShort() {
        return new Answer(
                400, null, "INVALID", "A semicolon in an order number has to be sent as %3B. Nothing was sent.");
    }

    static Answer notStarted(String order) {
        return new Answer(503, order, "UNAVAILABLE", "No close was sent. Try again.");
    }

    /** Whether asking again is of use, but not before Ksher takes another query of the same order. */
    boolean later() {
        return status == 202 || status == 503;
    }
}
