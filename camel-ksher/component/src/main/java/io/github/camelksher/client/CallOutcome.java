/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.Redactor;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended: a reply or a failure, and in both cases what is known of Ksher's answer.
 *
 * @param code null if no reply could be parsed
 * @param message redacted; null if the reply has none
 * @param result redacted; null unless the data was verified and belongs to this call
 * @param errorCode redacted
 * @param errorMessage redacted
 * @param signed null if no reply could be parsed
 */
public record CallOutcome(
        @Nullable Integer code,
        @Nullable String message,
        @Nullable String result,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable Boolean signed,
        @Nullable KsherReply reply,
        @Nullable KsherException failure) {

    static CallOutcome noReply(KsherException failure) {
        return new CallOutcome(null, null, null, null, null, null, null, failure);
    }

    /** A reply that could be parsed, but whose data must not be read. */
    static CallOutcome refused(Envelope envelope, boolean signed, KsherException failure) {
        return new CallOutcome(envelope.code(), envelope.message(), null, null, null, signed, null, failure);
    }

    static CallOutcome failed(VerifiedData data, KsherException failure) {
        return of(data, null, failure);
    }

    static CallOutcome replied(VerifiedData data, KsherReply reply) {
        return of(data, reply, null);
    }

    private static CallOutcome of(VerifiedData data, @Nullable KsherReply reply, @Nullable KsherException failure) {
        return new CallOutcome(
                0,
                data.message(),
                data.text("result"),
                data.text("err_code"),
                data.text("err_msg"),
                data.signed(),
                reply,
                failure);
    }

    /** Redacts what becomes a header, since routes log their headers. */
    CallOutcome redacted(Redactor redactor) {
        return new CallOutcome(
                code,
                message == null ? null : redactor.redact(message),
                result == null ? null : redactor.redactCode(result),
                errorCode == null ? null : redactor.redactCode(errorCode),
                errorMessage == null ? null : redactor.redact(errorMessage),
                signed,
                reply,
                failure);
    }

    @Override
    public String toString() {
        return failure == null ? "CallOutcome[code=" + code + "]" : "CallOutcome[" + failure + "]";
    }
}
