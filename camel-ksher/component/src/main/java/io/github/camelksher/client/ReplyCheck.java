/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherSignatureException.Reason;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.EnvelopeParser;
import io.github.camelksher.wire.MalformedReply;
import io.github.camelksher.wire.VerifiedData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the body of a reply or notification: parses and verifies it, binds it to merchant,
 * order and call, and makes a typed reply of it. The order of the checks is part of the
 * contract. Thread-safe.
 */
final class ReplyCheck {

    private static final String RESULT_FAIL = "FAIL";
    private static final String RESULT_SUCCESS = "SUCCESS";
    /** The fields of a notification that a route acts upon. */
    private static final List<String> DECISIVE_FIELDS = List.of(
            "appid",
            "mch_order_no",
            "ksher_order_no",
            "channel_order_no",
            "nonce_str",
            "result",
            "total_fee",
            "fee_type");

    /** The fields of Ksher's replies that could be smuggled. */
    static final List<String> KNOWN_FIELDS = List.of(
            "appid",
            "attach",
            "cash_fee",
            "cash_fee_type",
            "channel",
            "channel_order_no",
            "consumer_remark",
            "device_id",
            "err_code",
            "err_msg",
            "fee_type",
            "gateway_order_no",
            "ksher_order_no",
            "mch_order_no",
            "merchant_remark",
            "nonce_str",
            "openid",
            "operation",
            "operator_id",
            "pay_mch_order_no",
            "rate",
            "raw_total_fee",
            "result",
            "time_end",
            "total_fee");

    private final ClientSettings settings;

    ReplyCheck(ClientSettings settings) {
        this.settings = settings;
    }

    /**
     * Checks a reply or notification.
     *
     * @param nonce the request's; the two order calls echo it
     * @param body null if it was too large
     */
    CallOutcome check(OrderRequest request, String nonce, byte @Nullable [] body, Failures failures) {
        if (body == null) {
            return CallOutcome.noReply(failures.malformed("is larger than the option maxReplySize allows"));
        }
        try {
            Envelope envelope = EnvelopeParser.parse(body);
            failures.redactor.secrets(envelope::secrets);
            if (!request.operation.isCall()) {
                failures.claimedOrder(envelope.unverified().text(Parameter.MCH_ORDER_NO.wireName()));
            }
            return outcome(request, nonce, envelope, failures).redacted(failures.redactor);
        } catch (MalformedReply e) {
            return CallOutcome.noReply(failures.malformed(e.what()));
        }
    }

    private CallOutcome outcome(OrderRequest request, String nonce, Envelope envelope, Failures failures) {
        KsherOperation operation = request.operation;
        if (envelope.code() != 0) {
            return CallOutcome.refused(envelope, false, failures.rejected(envelope.code(), envelope.message()));
        }
        if (operation.mayBeUnsigned() && envelope.hasText()) {
            VerifiedData text = envelope.unverified();
            return CallOutcome.replied(text, operation.reply(text));
        }
        if (!envelope.hasFields()) {
            String expected = operation.mayBeUnsigned() ? "neither a string nor an object" : "no object";
            return CallOutcome.refused(envelope, false, failures.malformed("has code 0, but its data is " + expected));
        }
        VerifiedData data = envelope.unverified();
        if (settings.verifier != null) {
            Envelope.Verification verification = envelope.verify(settings.verifier);
            if (verification.data() == null) {
                return CallOutcome.refused(
                        envelope,
                        false,
                        failures.signature(Reason.valueOf(verification.verdict().name()), ""));
            }
            data = verification.data();
        }
        KsherException replay = replay(request, nonce, data, failures);
        if (replay != null) {
            return CallOutcome.refused(envelope, data.signed(), replay);
        }
        String result = data.text("result");
        if (result == null && !operation.mayBeUnsigned()) {
            return CallOutcome.failed(data, failures.malformed("has code 0, but no result"));
        }
        if (result != null && settings.failOnResult && isFailure(operation, result)) {
            return CallOutcome.failed(data, failures.result(result, data.text("err_code"), data.text("err_msg")));
        }
        return CallOutcome.replied(data, operation.reply(data));
    }

    /** A command succeeds if it closed the order, or if the order was closed already. */
    private static boolean isFailure(KsherOperation operation, String result) {
        return operation.isCommand()
                ? !result.equals(RESULT_SUCCESS) && !result.equals("CLOSED")
                : result.equals(RESULT_FAIL);
    }

    /** The failure of a signed reply to another merchant, order or call; null if it is none. */
    private @Nullable KsherException replay(OrderRequest request, String nonce, VerifiedData data, Failures failures) {
        KsherOperation operation = request.operation;
        boolean fail = RESULT_FAIL.equals(data.text("result"));
        // A signed FAIL repeats the request in its err_msg, so that Ksher can be made to sign the
        // text of a payment there.
        if (!fail && data.signedTextHas("result=FAIL")) {
            return failures.signature(
                    Reason.OTHER_CALL, "it has a smuggled field: the text that Ksher signed says FAIL");
        }
        if (differs(data, "appid", settings.appId)) {
            return failures.signature(Reason.OTHER_ORDER, "it is not for the merchant of this endpoint (appid)");
        }
        // Nothing but its own fields binds a notification to the merchant: there was no request.
        if (operation.api() == KsherOperation.Api.NOTIFICATION && !fail) {
            if (data.text("appid") == null) {
                return failures.signature(Reason.OTHER_ORDER, "it names no merchant (appid)");
            }
            if (data.hasSmuggled(DECISIVE_FIELDS)) {
                return failures.signature(
                        Reason.OTHER_ORDER,
                        "it may have a smuggled field (another field holds the name of one and a '=')");
            }
        }
        for (Parameter number : Parameter.ORDER_NUMBERS) {
            String asked = request.values.get(number);
            if (asked != null && differs(data, number.wireName(), asked)) {
                return failures.signature(
                        Reason.OTHER_ORDER, "it is not for the order that was asked for (" + number.wireName() + ")");
            }
        }
        if (settings.checkNonce
                && operation.api() == KsherOperation.Api.KSHER_PAY
                && differs(data, "nonce_str", nonce)) {
            return failures.signature(
                    Reason.OTHER_CALL, "it echoes another nonce (the option checkNonce=false would accept it)");
        }
        // SUCCESS means paid in the reply to a query, and closed in the reply to a command.
        if (RESULT_SUCCESS.equals(data.text("result"))) {
            if (!operation.isCommand() && data.text("total_fee") == null) {
                return failures.signature(
                        Reason.OTHER_CALL,
                        "it says SUCCESS without an amount (total_fee), as the reply to a close does");
            }
            // It may be smuggled in another field's name, in the replayed reply to a query.
            if (operation.isCommand() && (data.text("time_end") != null || data.hasSmuggled(List.of("time_end")))) {
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
        // Absent, but it may be smuggled. A FAIL is exempt: its err_msg repeats field names.
        return !RESULT_FAIL.equals(data.text("result")) && data.hasSmuggled(KNOWN_FIELDS);
    }
}
