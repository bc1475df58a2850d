/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.wire.Envelope;
import io.github.camelksher.wire.Redactor;
import io.github.camelksher.wire.VerifiedData;
import org.jspecify.annotations.Nullable;

/**
 * How a call ended: a reply or a failure, and what is known of Ksher's answer in both cases.
 *
 * @param code null if no reply could be parsed
 * @param message fit to be shown; null if the reply has none
 * @param result as sent, unless it cannot be shown; null unless the data was vouched for and belongs to this call
 * @param errorCode as sent, unless it cannot be shown
 * @param errorMessage fit to be shown
 * @param signed null if no reply could be parsed
 */
public record Outcome(
        @Nullable Integer code,
        @Nullable String message,
        @Nullable String result,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        @Nullable Boolean signed,
        @Nullable KsherReply reply,
        @Nullable KsherException failure) {

    static Outcome noReply(KsherException failure) {
        return new Outcome(null, null, null, null, null, null, null, failure);
    }

    /** A reply that could be parsed, but whose data says nothing, or nothing about this call. */
    static Outcome refused(Envelope envelope, boolean signed, KsherException failure) {
        return new Outcome(envelope.code(), envelope.message(), null, null, null, signed, null, failure);
    }

    static Outcome failed(VerifiedData data, KsherException failure) {
        return of(data, null, failure);
    }

    static Outcome replied(VerifiedData data, KsherReply reply) {
        return of(data, reply, null);
    }

    private static Outcome of(VerifiedData data, @Nullable KsherReply reply, @Nullable KsherException failure) {
        return new Outcome(
                0,
                data.message(),
                data.text("result"),
                data.text("err_code"),
                data.text("err_msg"),
                data.signed(),
                reply,
                failure);
    }

    /** The same for headers, which routes log. */
    Outcome redacted(Redactor redactor) {
        return new Outcome(
                code,
                message == null ? null : redactor.show(message),
                result == null ? null : redactor.showCode(result),
                errorCode == null ? null : redactor.showCode(errorCode),
                errorMessage == null ? null : redactor.show(errorMessage),
                signed,
                reply,
                failure);
    }

    @Override
    public String toString() {
        return failure == null ? "Outcome[code=" + code + "]" : "Outcome[" + failure + "]";
    }
}
