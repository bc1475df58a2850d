/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.reply.QueryReply;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Currency;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** What a finished exchange means for the order. */
final class Events {

    private static final String SAVED_QR =
            "a QR code that the customer saved can still be paid: query the order again later";

    private Events() {}

    static Event ofQuery(Exchange exchange, Operation operation) {
        Message message = exchange.getMessage();
        Exception failure = exchange.getException();
        Facts facts = facts(message, failure);
        if (failure == null) {
            return Boolean.TRUE.equals(message.getHeader(KsherConstants.SIGNED))
                    ? seen(message.getBody(), facts, operation)
                    : new Event.NotVerified(facts.with("the reply's signature was not verified"));
        }
        int code = code(failure);
        if (code == -1 || code == -2) {
            return new Event.NotLetIn(facts);
        }
        boolean unknown =
                operation == Operation.CANCEL ? code == -3 : "KSHER_INVALID_ORDER_NO".equals(facts.errorCode());
        if (unknown) {
            return new Event.NoSuchOrder(facts.with("Ksher does not know the order"));
        }
        if (failure instanceof KsherSignatureException) {
            return new Event.NotVerified(facts);
        }
        return failure instanceof KsherException ksher && ksher.isRetryable()
                ? new Event.QueryFailed(facts)
                : new Event.QueryRefused(facts);
    }

    static Event ofCommand(Exchange exchange, Operation operation) {
        Exception failure = exchange.getException();
        Facts facts = facts(exchange.getMessage(), failure);
        if (failure == null) {
            return new Event.Done(facts);
        }
        int code = code(failure);
        if (code == -1 || code == -2) {
            return new Event.NotLetIn(facts);
        }
        if (operation == Operation.CANCEL && code == -5) {
            return new Event.Done(facts);
        }
        // A reply that does not verify is no reply: anybody could have written it.
        boolean noAnswer = failure instanceof KsherSignatureException
                || (failure instanceof KsherException ksher && (ksher.isRetryable() || ksher.isOutcomeUnknown()));
        return noAnswer ? new Event.NoAnswer(facts) : new Event.Refused(facts);
    }

    private static Event seen(@Nullable Object body, Facts facts, Operation operation) {
        if (body instanceof QueryReply reply) {
            return new Event.Seen(reply.result().toString(), facts.with(describe(reply, operation)));
        }
        return new Event.QueryRefused(facts.with("the reply is not that of a query"));
    }

    private static String describe(QueryReply reply, Operation operation) {
        Long fee = reply.totalFee();
        LocalDateTime time = reply.timeEnd();
        return switch (reply.result().toString()) {
            case "SUCCESS" ->
                "paid" + (fee == null ? "" : " " + amount(fee, reply.feeType()))
                        + (time == null ? "" : " at " + time + " (the merchant's local time)");
            case "CLOSED" -> operation == Operation.CANCEL ? SAVED_QR : "";
            default -> "";
        };
    }

    static String amount(long fee, @Nullable String currency) {
        if (currency == null) {
            return fee + " in the minor unit of an unnamed currency";
        }
        try {
            int digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
            return BigDecimal.valueOf(fee, digits).toPlainString() + " " + currency;
        } catch (IllegalArgumentException e) {
            return fee + " in the minor unit of " + currency;
        }
    }

    /** 0 if it is no refusal with a code: that is no refusal's code. */
    private static int code(Exception failure) {
        return failure instanceof KsherRejectedException rejected ? rejected.getCode() : 0;
    }

    private static Facts facts(Message message, @Nullable Exception failure) {
        String detail = "";
        if (failure instanceof KsherRejectedException rejected) {
            // Without Ksher's words: an unsigned "already paid" may be wrong, and must not be read as the order's
            // state.
            detail = rejected.getOperation() + " was refused with code " + rejected.getCode();
        } else if (failure instanceof KsherException) {
            // Has no key, form, signature or openid by the component's contract; of other exceptions nobody promises
            // that.
            detail = String.valueOf(failure.getMessage());
        } else if (failure != null) {
            detail = "the call failed: " + failure.getClass().getSimpleName();
        }
        if (failure instanceof KsherInvalidRequestException) {
            return Facts.of(detail);
        }
        return new Facts(
                detail,
                message.getHeader(KsherConstants.CODE, Integer.class),
                message.getHeader(KsherConstants.ERROR_CODE, String.class));
    }
}
