/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JsonFactory;
import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reply as it was parsed, not verified yet. Only the code and the message of a refusal can be
 * read from it, since Ksher never signs those. Immutable.
 */
public final class Envelope {

    /**
     * The member {@code data}.
     *
     * @param fields null if it is not an object
     * @param jsonNulls the fields that are JSON's null, which is signed as the text {@code null}
     * @param text null if it is not a string
     */
    record Data(@Nullable Fields fields, Set<String> jsonNulls, @Nullable String text) {

        static final Data NONE = new Data(null, Set.of(), null);
    }

    final byte[] raw;
    final Data data;
    /** How the raw bytes were parsed, and so how they can be parsed again. */
    private final JsonFactory rules;

    private final int code;
    private final @Nullable String message;
    private final @Nullable String sign;

    Envelope(byte[] raw, JsonFactory rules, int code, @Nullable String message, @Nullable String sign, Data data) {
        this.raw = raw;
        this.rules = rules;
        this.code = code;
        this.message = message;
        this.sign = sign;
        this.data = data;
    }

    public int code() {
        return code;
    }

    /** {@code message}, else {@code msg}; null if the reply has neither. */
    public @Nullable String message() {
        return message;
    }

    /** Whether {@code data} is an object, as the signed calls have it. */
    public boolean hasFields() {
        return data.fields() != null;
    }

    /** Whether {@code data} is a string, as a cancel has it. */
    public boolean hasText() {
        return data.text() != null;
    }

    /** Every {@code openid} and signature of the reply: its own message may repeat them. */
    public Set<String> secrets() {
        return Redactor.secrets(raw, rules);
    }

    String redacted() {
        return Redactor.json(raw, rules);
    }

    /** Checks the signature over {@code data}, which must be an object. */
    public Verification verify(ReplyVerifier verifier) {
        Fields fields = data.fields();
        if (fields == null) {
            return new Verification(Verdict.MISSING, null);
        }
        byte[] text = fields.canonicalBytes();
        Verdict verdict = verifier.verify(text, sign);
        if (verdict == Verdict.VERIFIED && fields.hasUnpairedSurrogate()) {
            verdict = Verdict.MISMATCH;
        }
        return new Verification(verdict, verdict == Verdict.VERIFIED ? new VerifiedData(this, text) : null);
    }

    /** The data of a reply that Ksher does not sign, or that is not to be verified. */
    public VerifiedData unverified() {
        return new VerifiedData(this, null);
    }

    /** A verdict, and the data if it is {@code VERIFIED}. */
    public record Verification(Verdict verdict, @Nullable VerifiedData data) {

        /** Not the data: a log line needs only the verdict. */
        @Override
        public String toString() {
            return verdict.toString();
        }
    }
}
