/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.error.FailedCall;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherHttpStatusException;
import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.error.KsherSignatureException.Reason;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.http.Transport;
import io.github.camelksher.wire.Redactor;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the exception of a failed call. The one place that decides whether the call is retryable
 * and whether its outcome is unknown.
 */
final class Failures {

    private static final Set<String> RETRYABLE_ERRORS =
            Set.of("SYSTEMERROR", "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS", "PAYMENT_IN_PROCESS");
    /** Of the codes that Ksher documents for a cancel, all but "cancel failed" (-6) are certain. */
    private static final Set<Integer> CLEAR_CANCEL_CODES = Set.of(-1, -2, -3, -4, -5);

    private final KsherOperation operation;
    private final @Nullable String order;
    /** The order that messages name: the one asked for, or the one in a notification. */
    private @Nullable String namedOrder;

    final Redactor redactor = new Redactor();

    Failures(OrderRequest request) {
        this.operation = request.operation;
        this.order = request.order();
        this.namedOrder = order;
    }

    /** Sets the order that a notification names, which may be forged; null if it names none. */
    void claimedOrder(@Nullable String claimed) {
        this.namedOrder = claimed == null ? null : remote(claimed);
    }

    KsherException invalidRequest(String problem) {
        return new KsherInvalidRequestException(call(false, false), subject() + " was not sent: it " + problem + ".");
    }

    KsherException transport(Transport.Failed failed) {
        IOException reason = failed.reason();
        boolean untrusted = isUntrusted(reason);
        FailedCall call = call(!untrusted, !failed.nothingSent());
        String advice = untrusted
                ? "Nothing was sent: check the server's certificate, the base URL and sslContextParameters."
                : (failed.nothingSent()
                                ? "Nothing was sent: check the base URL and the network if it happens again. "
                                : "")
                        + advice(call);
        return new KsherTransportException(
                call,
                subject() + " got no complete reply: " + reason.getClass().getSimpleName() + ": "
                        + remote(reason.getMessage()) + ". " + advice,
                reason);
    }

    private static boolean isUntrusted(Throwable reason) {
        for (Throwable cause = reason; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    KsherException httpStatus(int status, @Nullable Duration retryAfter) {
        boolean serverError = status >= 500 && status < 600;
        FailedCall call = call(status == 429 || serverError, serverError || (status >= 200 && status < 300));
        String advice = status >= 300 && status < 400
                ? "Redirects are never followed: check the base URL."
                : call.retryable() || call.outcomeUnknown() ? advice(call) : "Check the base URL and the proxy.";
        return new KsherHttpStatusException(
                call, subject() + " was answered with HTTP status " + status + ". " + advice, status, retryAfter);
    }

    KsherException malformed(String what) {
        FailedCall call = call(true, true);
        return new KsherMalformedReplyException(
                call,
                subject() + " got a " + message() + " that is not one of Ksher's: it " + what + ". " + advice(call));
    }

    KsherException signature(Reason reason, String detail) {
        String what =
                switch (reason) {
                    case MISSING -> "it has no signature";
                    case MALFORMED ->
                        "its signature is not hex of the length of Ksher's key (the option signVersion"
                                + " or ksherPublicKey may be the wrong one)";
                    case MISMATCH ->
                        "its signature does not verify with Ksher's key (the option signVersion or"
                                + " ksherPublicKey may be the wrong one)";
                    case OTHER_ORDER, OTHER_CALL -> detail;
                };
        FailedCall call = call(false, true);
        return new KsherSignatureException(
                call,
                subject() + " got a " + message() + " that cannot be trusted: " + what + ". "
                        + (call.outcomeUnknown() || !operation.isCall()
                                ? advice(call)
                                : "Find out where it came from before you continue."),
                reason);
    }

    KsherException rejected(int code, @Nullable String message) {
        boolean gateway = operation.api() != KsherOperation.Api.KSHER_PAY;
        boolean retryable = !gateway || code == -6 || code == -100;
        boolean unknown = !gateway || !CLEAR_CANCEL_CODES.contains(code);
        FailedCall call = call(retryable, unknown);
        return new KsherRejectedException(
                call,
                subject() + (operation.isCall() ? " was refused with code " : " got a notification with code ") + code
                        + quoted(message) + ". "
                        + (gateway || code == -1 || code == -2 ? meaning(code, call) : advice(call)),
                code);
    }

    private static String afterwards(FailedCall call) {
        return call.outcomeUnknown() ? " Then query the order before you repeat the call." : "";
    }

    private String meaning(int code, FailedCall call) {
        if (!operation.isCall()) {
            return advice(call);
        }
        return switch (code) {
            case -1 -> "Ksher does not know the merchant: check the option appId." + afterwards(call);
            case -2 ->
                "Ksher could not verify our signature: check that privateKey belongs to appId." + afterwards(call);
            case -3 -> notFound();
            case -4 ->
                operation.isCommand()
                        ? "The order is paid, or its payment is under way: query it, and deliver if it is paid."
                        : "The order number is not unique: ask Ksher.";
            case -5 -> "The order is cancelled already: confirm with gatewayQuery.";
            case -6 -> "Cancel failed. " + advice(call);
            case -100 -> "Query failed. " + advice(call);
            default -> advice(call);
        };
    }

    KsherException result(String result, @Nullable String errorCode, @Nullable String errorMessage) {
        boolean fail = result.equals("FAIL");
        boolean retryable = !fail || (errorCode != null && RETRYABLE_ERRORS.contains(errorCode));
        FailedCall call = call(retryable, !fail || "SYSTEMERROR".equals(errorCode));
        return new KsherResultException(
                call,
                subject() + (operation.isCall() ? " ended with result " : " got a notification with result ")
                        + remote(result)
                        + (errorCode == null ? "" : ", " + remote(errorCode)) + quoted(errorMessage) + ". "
                        + meaning(errorCode, call),
                errorCode == null ? null : redactor.redactCode(errorCode));
    }

    private String meaning(@Nullable String errorCode, FailedCall call) {
        if (call.retryable() || call.outcomeUnknown() || !operation.isCall()) {
            return advice(call);
        }
        if ("KSHER_INVALID_ORDER_NO".equals(errorCode)) {
            return notFound();
        }
        if ("KSHER_ORDER_PAID".equals(errorCode)) {
            return "The order is paid: query it, and deliver if it is.";
        }
        return "The call itself failed, which says nothing about the order's state: "
                + (operation.isCommand() ? "query it." : "ask Ksher.");
    }

    /** Each service knows only the orders that were made there, so the other one may know it. */
    private String notFound() {
        String other = operation.api() == KsherOperation.Api.GATEWAY
                ? "an order that was not made as a payment page needs "
                        + (operation.isCommand() ? "orderClose" : "orderQuery")
                : "an order that was made as a payment page needs "
                        + (operation.isCommand() ? "gatewayCancel" : "gatewayQuery");
        return "Ksher does not know the order here: check the number and the merchant; " + other + ".";
    }

    /** A notification is never retryable: it is not a call. */
    private FailedCall call(boolean retryable, boolean outcomeUnknown) {
        return new FailedCall(
                operation.name(), order, retryable && operation.isCall(), outcomeUnknown && operation.isCommand());
    }

    private String subject() {
        return operation + (namedOrder == null ? "" : " of order '" + Redactor.printable(namedOrder) + "'");
    }

    private String message() {
        return operation.isCall() ? "reply" : "notification";
    }

    private String advice(FailedCall call) {
        if (!operation.isCall()) {
            return "Do not act on it: a query tells how the order stands.";
        }
        if (call.outcomeUnknown()) {
            return "It may have been carried out: query the order before you repeat it.";
        }
        return call.retryable()
                ? "The same call can succeed later: repeat it, at least 10 s apart for one order."
                : "Repeating it will not help.";
    }

    private String quoted(@Nullable String text) {
        return text == null ? "" : " (" + remote(text) + ")";
    }

    private String remote(@Nullable String text) {
        return text == null ? "no details" : redactor.redact(text);
    }
}
