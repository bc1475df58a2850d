/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherSignatureException.Reason;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.VerifiedData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a parsed reply or notification is worth: verified, bound to merchant, order and call, typed. The order of the checks is
 * part of the contract. Thread-safe.
 */
final class ReplyCheck {

    private static final String RESULT_FAIL = "FAIL";
    private static final String RESULT_SUCCESS = "SUCCESS";
    /** What a notification says, and a route acts upon. */
    private static final List<String> DECISIVE = List.of(
            "appid",
            "mch_order_no",
            "ksher_order_no",
            "channel_order_no",
            "nonce_str",
            "result",
            "total_fee",
            "fee_type");

    /** Every field of Ksher's replies whose name, where it stands inside another field, shows that the fields were cut anew. */
    private static final List<String> KNOWN = List.of(
            "appid",
            "attach",
            "cash_fee",
            "cash_fee_type",
            "channel",
            "channel_order_no",
            "device_id",
            "fee_type",
            "gateway_order_no",
            "ksher_order_no",
            "mch_order_no",
            "nonce_str",
            "openid",
            "operation",
            "operator_id",
            "pay_mch_order_no",
            "rate",
            "result",
            "time_end",
            "total_fee");

    private final String appId;
    private final @Nullable ReplyVerifier verifier;
    private final boolean failOnResult;
    private final boolean checkNonce;

    ReplyCheck(ClientSettings settings) {
        this.appId = settings.appId;
        this.verifier = settings.verifier;
        this.failOnResult = settings.failOnResult;
        this.checkNonce = settings.checkNonce;
    }

    /**
     * Checks a reply.
     *
     * @param nonce the request's; the two order calls echo it
     */
    Outcome check(OrderRequest request, String nonce, Envelope envelope, Failures failures) {
        return outcome(request, nonce, envelope, failures).redacted(failures.redactor());
    }

    private Outcome outcome(OrderRequest request, String nonce, Envelope envelope, Failures failures) {
        KsherOperation operation = request.operation();
        if (envelope.code() != 0) {
            return Outcome.refused(envelope, false, failures.rejected(envelope.code(), envelope.message()));
        }
        if (operation.mayBeUnsigned() && envelope.hasText()) {
            VerifiedData text = envelope.unverified();
            return Outcome.replied(text, operation.reply(text));
        }
        if (!envelope.hasFields()) {
            String expected = operation.mayBeUnsigned() ? "neither a string nor an object" : "no object";
            return Outcome.refused(envelope, false, failures.malformed("has code 0, but its data is " + expected));
        }
        VerifiedData data = envelope.unverified();
        if (verifier != null) {
            Envelope.Verification verification = envelope.verify(verifier);
            if (verification.data() == null) {
                return Outcome.refused(envelope, false, failures.signature(reason(verification.verdict()), ""));
            }
            data = verification.data();
        }
        KsherException replay = replay(request, nonce, data, failures);
        if (replay != null) {
            return Outcome.refused(envelope, data.signed(), replay);
        }
        String result = data.text("result");
        if (result == null && !operation.mayBeUnsigned()) {
            return Outcome.failed(data, failures.malformed("has code 0, but no result"));
        }
        if (result != null && failOnResult && isFailure(operation, result)) {
            return Outcome.failed(data, failures.result(result, data.text("err_code"), data.text("err_msg")));
        }
        return Outcome.replied(data, operation.reply(data));
    }

    /** A command has only two ways to succeed: the order is closed by it, or was closed already. */
    private static boolean isFailure(KsherOperation operation, String result) {
        return operation.isCommand()
                ? !result.equals(RESULT_SUCCESS) && !result.equals("CLOSED")
                : result.equals(RESULT_FAIL);
    }

    /** A validly signed reply that belongs to another merchant, order or call. Null if nothing says so. */
    private @Nullable KsherException replay(OrderRequest request, String nonce, VerifiedData data, Failures failures) {
        KsherOperation operation = request.operation();
        boolean fail = RESULT_FAIL.equals(data.text("result"));
        // A signed FAIL repeats in its err_msg what was asked for, whatever that was: the text of a payment, for
        // instance.
        if (!fail && data.signedTextHas("result=FAIL")) {
            return failures.signature(
                    Reason.OTHER_CALL, "its fields were moved into each other: what Ksher signed says FAIL");
        }
        if (differs(data, "appid", appId)) {
            return failures.signature(Reason.OTHER_ORDER, "it is not for the merchant of this endpoint (appid)");
        }
        // A query asked for an order of this merchant's; a notification comes unasked, and nothing else binds it.
        if (operation.api() == KsherOperation.Api.NOTIFICATION && !fail) {
            if (data.text("appid") == null) {
                return failures.signature(Reason.OTHER_ORDER, "it names no merchant (appid)");
            }
            if (data.isRecut(DECISIVE)) {
                return failures.signature(
                        Reason.OTHER_ORDER,
                        "its fields may have been moved into each other (the name of one and a '=' stand in another)");
            }
        }
        for (Parameter number : Parameter.ORDER_NUMBERS) {
            String asked = request.values().get(number);
            if (asked != null && differs(data, number.wireName(), asked)) {
                return failures.signature(
                        Reason.OTHER_ORDER, "it is not for the order that was asked for (" + number.wireName() + ")");
            }
        }
        if (checkNonce && operation.api() == KsherOperation.Api.KSHER_PAY && differs(data, "nonce_str", nonce)) {
            return failures.signature(
                    Reason.OTHER_CALL, "it echoes another nonce (the option checkNonce=false would accept it)");
        }
        // SUCCESS is "paid" from a query and "closed" from a command: one must never be read as the other.
        if (RESULT_SUCCESS.equals(data.text("result"))) {
            if (!operation.isCommand() && data.text("total_fee") == null) {
                return failures.signature(
                        Reason.OTHER_CALL,
                        "it says SUCCESS without an amount (total_fee), as the reply to a close does");
            }
            // Also if the field was moved into another one's name: an older query's reply can be cut so.
            if (operation.isCommand() && (data.text("time_end") != null || data.isRecut(List.of("time_end")))) {
                return failures.signature(
                        Reason.OTHER_CALL, "it says when the order was paid (time_end), as the reply to a query does");
            }
        }
        return null;
    }

    private static boolean differs(VerifiedData data, String name, String expected) {
        String value = data.text(name);
        if (value != null) {
            return !value.equals(expected);
        }
        // It may be there under another name. FAIL is exempt: it says nothing of an order, and its err_msg repeats
        // things.
        return !RESULT_FAIL.equals(data.text("result")) && data.isRecut(KNOWN);
    }

    private static Reason reason(Verdict verdict) {
        return switch (verdict) {
            case MISSING -> Reason.MISSING;
            case MALFORMED -> Reason.MALFORMED;
            case MISMATCH, VERIFIED -> Reason.MISMATCH;
        };
    }
}
