/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.reply.QueryReply;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Maps exchanges to events, without quoting replies, whose texts may be personal. */
final class Events {

    private static final String SAVED_QR =
            "a QR code that the customer saved can still be paid: check later for a late payment";
    private static final String UNKNOWN_ORDER = "KSHER_INVALID_ORDER_NO";
    /** The form of Ksher's codes; anything else in that field could be any text. */
    private static final Pattern ERROR_CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private Events() {}

    /** @param server host and port that was called */
    static Event ofQuery(Exchange exchange, RowOperation operation, String server) {
        Message message = exchange.getMessage();
        Exception failure = exchange.getException();
        CallDetails details = details(message, failure, server);
        if (failure == null) {
            return Boolean.TRUE.equals(message.getHeader(KsherConstants.SIGNED))
                    ? seen(message.getBody(), details, operation)
                    : new Event.NotVerified(details.withText("the reply's signature was not verified"));
        }
        int code = code(failure);
        if (code == -1 || code == -2) {
            return new Event.CredentialsRejected(details);
        }
        boolean unknown = operation.atGateway() && code == -3;
        if (unknown || UNKNOWN_ORDER.equals(details.errorCode())) {
            return new Event.NoSuchOrder(details.withText("Ksher does not know the order"), advice(operation));
        }
        if (failure instanceof KsherSignatureException) {
            return new Event.NotVerified(details);
        }
        if (!(failure instanceof KsherException ksher) || ksher.isRetryable()) {
            // A failure of Camel's own, for instance while the context is being stopped.
            return new Event.QueryFailed(details, retryAfter(failure));
        }
        boolean byKsher = failure instanceof KsherRejectedException
                || failure instanceof KsherResultException
                || failure instanceof KsherInvalidRequestException;
        return new Event.QueryRefused(details, byKsher);
    }

    /** @param server host and port that was called */
    static Event ofCommand(Exchange exchange, RowOperation operation, String server) {
        Exception failure = exchange.getException();
        CallDetails details = details(exchange.getMessage(), failure, server);
        if (failure == null) {
            return new Event.Done(details);
        }
        int code = code(failure);
        if (code == -1 || code == -2) {
            return new Event.CredentialsRejected(details);
        }
        if (operation.atGateway() && code == -5) {
            return new Event.Done(details);
        }
        // Anybody could have written a reply that does not verify, so it counts as none.
        boolean noAnswer = !(failure instanceof KsherException ksher)
                || failure instanceof KsherSignatureException
                || ksher.isRetryable()
                || ksher.isOutcomeUnknown();
        return noAnswer ? new Event.NoAnswer(details, retryAfter(failure)) : new Event.Refused(details);
    }

    private static Event seen(@Nullable Object body, CallDetails details, RowOperation operation) {
        if (body instanceof QueryReply reply) {
            boolean walletChosen = !operation.atGateway() || reply.channel() != null;
            return new Event.Seen(reply.result(), walletChosen, null, details.withText(describe(reply, operation)));
        }
        return new Event.QueryRefused(details.withText("the reply is not that of a query"), false);
    }

    private static String advice(RowOperation operation) {
        return switch (operation) {
            case CLOSE -> "check the number; if the order was made as a payment page, it is cancelled with cancel";
            case CANCEL -> "check the number; if the order was made by a call of KsherPay's, it is closed with close";
            case CHECK -> "ask Ksher: it was closed before";
        };
    }

    private static String describe(QueryReply reply, RowOperation operation) {
        Long fee = reply.totalFee();
        LocalDateTime time = reply.timeEnd();
        return switch (reply.result().toString()) {
            case "SUCCESS" ->
                "paid" + (fee == null ? "" : " " + amount(fee, reply.feeType()))
                        + (time == null ? "" : " at " + TIME.format(time) + " (the merchant's local time)");
            case "CLOSED" -> operation.atGateway() ? SAVED_QR : "";
            default -> "";
        };
    }

    static String amount(long fee, @Nullable String currency) {
        if (currency == null || !CURRENCY.matcher(currency).matches()) {
            return fee + " in the minor unit of an unnamed currency";
        }
        try {
            int digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
            return BigDecimal.valueOf(fee, digits).toPlainString() + " " + currency;
        } catch (IllegalArgumentException e) {
            return fee + " in the minor unit of " + currency;
        }
    }

    /** The code of a refusal; 0, which no refusal has, for any other failure. */
    private static int code(Exception failure) {
        return failure instanceof KsherRejectedException rejected ? rejected.getCode() : 0;
    }

    private static Duration retryAfter(Exception failure) {
        Duration asked = failure instanceof KsherHttpStatusException status ? status.getRetryAfter() : null;
        return asked == null ? Duration.ZERO : asked;
    }

    private static CallDetails details(Message message, @Nullable Exception failure, String server) {
        if (failure instanceof KsherInvalidRequestException) {
            return CallDetails.of(words(failure, null, server));
        }
        String errorCode = message.getHeader(KsherConstants.ERROR_CODE, String.class);
        boolean isCode = errorCode != null && ERROR_CODE.matcher(errorCode).matches();
        String shown = isCode ? errorCode : null;
        return new CallDetails(
                failure == null ? "" : words(failure, shown, server),
                message.getHeader(KsherConstants.CODE, Integer.class),
                shown);
    }

    /** Describes a failure without quoting the reply. */
    private static String words(Exception failure, @Nullable String errorCode, String server) {
        if (!(failure instanceof KsherException ksher)) {
            return "the call failed: " + failure.getClass().getSimpleName();
        }
        String what;
        if (failure instanceof KsherRejectedException rejected) {
            what = "was refused with code " + rejected.getCode() + meaning(ksher.getOperation(), rejected.getCode());
        } else if (failure instanceof KsherResultException) {
            what = "ended with a result that is no success" + meaning(errorCode);
        } else if (failure instanceof KsherHttpStatusException status) {
            what = "was answered with HTTP status " + status.getStatusCode();
        } else if (failure instanceof KsherMalformedReplyException) {
            what = "was answered with something that is no reply of Ksher's";
        } else if (failure instanceof KsherSignatureException signature) {
            what = "got a reply that cannot be trusted (" + reason(signature) + ")";
        } else if (failure instanceof KsherInvalidRequestException) {
            what = "was not sent: the component does not take the row's values";
        } else {
            what = "got no answer (" + reason(failure.getCause(), server) + ")";
        }
        return ksher.getOperation() + " " + what;
    }

    private static String reason(KsherSignatureException signature) {
        return switch (signature.getReason()) {
            case MISSING -> "it has no signature";
            case MALFORMED -> "its signature is not one of Ksher's form";
            case MISMATCH -> "its signature does not verify with Ksher's public key";
            case OTHER_ORDER -> "it is for another merchant or another order";
            case OTHER_CALL -> "it answers another call";
        };
    }

    /** What Ksher's page says of a code. It is a claim and not the order's state. */
    private static String meaning(String operation, int code) {
        boolean cancel = operation.equals(RowOperation.CANCEL.command());
        boolean gateway = cancel || operation.equals(RowOperation.CANCEL.query());
        return switch (code) {
            case -1 -> ": merchant info error";
            case -2 -> ": the request's signature did not verify";
            case -3 -> gateway ? ": the order does not exist" : "";
            case -4 ->
                cancel
                        ? ": already paid, cannot be cancelled (or a card in its one-time-password step)"
                        : gateway ? ": the order number is not unique" : "";
            case -5 -> cancel ? ": already cancelled" : "";
            case -6 -> cancel ? ": cancel failed" : "";
            case -100 -> gateway && !cancel ? ": query failed" : "";
            default -> "";
        };
    }

    private static String meaning(@Nullable String errorCode) {
        return errorCode == null
                ? ""
                : switch (errorCode) {
                    case UNKNOWN_ORDER -> ": Ksher does not know the order";
                    case "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS" -> ": the order was asked about too often";
                    case "SYSTEMERROR" -> ": an error at Ksher";
                    case "PAYMENT_IN_PROCESS" -> ": the customer is paying";
                    case "KSHER_ORDER_PAID" -> ": Ksher says that the order is paid";
                    default -> ": " + errorCode;
                };
    }

    private static String reason(@Nullable Throwable failure, String server) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "no such host: " + server;
            }
            // The HTTP client reports a connect timeout as one of these, too.
            boolean timeout = cause instanceof InterruptedIOException
                    || String.valueOf(cause.getMessage()).contains("timed out");
            if (timeout) {
                return "timed out waiting for " + server;
            }
            if (cause instanceof ConnectException) {
                boolean refused = String.valueOf(cause.getMessage()).contains("Connection refused");
                return (refused ? "connection refused to " : "cannot connect to ") + server;
            }
            if (cause instanceof SSLException) {
                return "no TLS connection to " + server + ": "
                        + cause.getClass().getSimpleName();
            }
        }
        return failure == null ? server : failure.getClass().getSimpleName() + ", " + server;
    }
}
