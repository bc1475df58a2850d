/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherSignatureException.Reason;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.Fields;
import io.github.camelksher.wire.MalformedReply;
import io.github.camelksher.wire.VerifiedData;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One call: sign, send once, verify, type. Thread-safe. */
public final class KsherClient {

    private static final DateTimeFormatter TIME_STAMP = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);
    private static final String RESULT_FAIL = "FAIL";

    private final ClientSettings settings;
    private final Transport transport;
    private final InstantSource clock;
    private final NonceSource nonces = new NonceSource();

    public KsherClient(ClientSettings settings, CamelHttpTransport transport) {
        this(settings, transport, InstantSource.system());
    }

    KsherClient(ClientSettings settings, Transport transport, InstantSource clock) {
        this.settings = settings;
        this.transport = transport;
        this.clock = clock;
    }

    /**
     * Makes the call. Never throws for what Ksher or the network did: the outcome says it.
     *
     * @param startedNanos {@link System#nanoTime()} when the caller began: the deadline counts from there
     */
    public Outcome call(OrderRequest request, long startedNanos) {
        Failures failures = new Failures(request, clock);
        String problem = request.problem();
        if (problem == null) {
            problem = OrderRequest.problem("appid", settings.appId);
        }
        if (problem != null) {
            return Outcome.noReply(failures.invalidRequest(problem));
        }
        String nonce = nonces.next();
        Fields fields = fields(request, nonce);
        String sign = settings.signer.sign(fields.canonicalBytes());
        byte[] form = fields.formBody(sign);
        // Both are in every form and nowhere else: text with one of them repeats the request.
        failures.withhold(nonce, sign);
        try {
            Transport.Reply reply = transport.send(form, startedNanos);
            if (reply.status() != 200) {
                return Outcome.noReply(failures.httpStatus(reply));
            }
            byte[] body = reply.body();
            if (body == null) {
                return Outcome.noReply(failures.malformed("is larger than the option maxReplySize allows"));
            }
            Envelope envelope = Envelope.parse(body);
            failures.keepSecret(envelope::secrets);
            return judge(request, nonce, envelope, failures);
        } catch (Transport.Failed e) {
            return Outcome.noReply(failures.transport(e));
        } catch (MalformedReply e) {
            return Outcome.noReply(failures.malformed(e.what()));
        }
    }

    private Fields fields(OrderRequest request, String nonce) {
        Fields.Builder fields = Fields.builder()
                .add("appid", settings.appId)
                .add("nonce_str", nonce)
                // In the zone that the JVM has now, not the one it had at the start.
                .add("time_stamp", TIME_STAMP.format(LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault())));
        request.values().forEach((parameter, value) -> fields.add(parameter.wireName(), value));
        return fields.build();
    }

    /** The order of the checks is part of the contract. */
    private Outcome judge(OrderRequest request, String nonce, Envelope envelope, Failures failures) {
        KsherOperation operation = request.operation();
        if (envelope.code() != 0) {
            return Outcome.refused(envelope, false, failures.rejected(envelope.code(), envelope.message()));
        }
        if (operation.isSigned() ? !envelope.hasFields() : !envelope.hasText()) {
            String expected = operation.isSigned() ? "object" : "string";
            return Outcome.refused(envelope, false, failures.malformed("has code 0, but its data is no " + expected));
        }
        VerifiedData data = envelope.unverified();
        if (operation.isSigned() && settings.verifier != null) {
            Envelope.Verification verification = envelope.verify(settings.verifier);
            if (verification.data() == null) {
                return Outcome.refused(envelope, false, failures.signature(reason(verification.verdict()), ""));
            }
            data = verification.data();
        }
        if (operation.isSigned()) {
            KsherException stranger = stranger(request, nonce, data, failures);
            if (stranger != null) {
                return Outcome.refused(envelope, data.signed(), stranger);
            }
            String result = data.text("result");
            if (result == null) {
                return Outcome.failed(data, failures.malformed("has code 0, but no result"));
            }
            if (settings.failOnResult && isFailure(operation, result)) {
                return Outcome.failed(data, failures.result(result, data.text("err_code"), data.text("err_msg")));
            }
        }
        return Outcome.replied(data, operation.reply(data));
    }

    private static boolean isFailure(KsherOperation operation, String result) {
        return operation == KsherOperation.orderClose
                ? !result.equals("SUCCESS") && !result.equals("CLOSED")
                : result.equals(RESULT_FAIL);
    }

    /** A validly signed reply that names another merchant, order or call is a replay. */
    private @Nullable KsherException stranger(
            OrderRequest request, String nonce, VerifiedData data, Failures failures) {
        if (differs(data, "appid", settings.appId)) {
            return failures.signature(Reason.OTHER_ORDER, "it is not for the merchant of this endpoint (appid)");
        }
        for (Parameter number : Parameter.ORDER_NUMBERS) {
            String asked = request.values().get(number);
            if (asked != null && differs(data, number.wireName(), asked)) {
                return failures.signature(
                        Reason.OTHER_ORDER, "it is not for the order that was asked for (" + number.wireName() + ")");
            }
        }
        if (settings.checkNonce
                && request.operation().api() == KsherOperation.Api.KSHER_PAY
                && differs(data, "nonce_str", nonce)) {
            return failures.signature(
                    Reason.OTHER_CALL, "it echoes another nonce (the option checkNonce=false would accept it)");
        }
        return null;
    }

    private static boolean differs(VerifiedData data, String name, String expected) {
        String value = data.text(name);
        if (value != null) {
            return !value.equals(expected);
        }
        // FAIL says nothing of an order, and its err_msg may well repeat what was asked for.
        return !RESULT_FAIL.equals(data.text("result")) && data.hidesOther(name, expected);
    }

    private static Reason reason(Verdict verdict) {
        return switch (verdict) {
            case MISSING -> Reason.MISSING;
            case MALFORMED -> Reason.MALFORMED;
            case MISMATCH, VERIFIED -> Reason.MISMATCH;
        };
    }
}
