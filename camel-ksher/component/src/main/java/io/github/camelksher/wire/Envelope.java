/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A reply as it came: one JSON object with a code. Says nothing that may be relied on until {@link #verify} has been
 * asked, except for the code and message of a refusal, which Ksher never signs.
 */
public final class Envelope {

    private static final byte[] BOM = "\uFEFF".getBytes(StandardCharsets.UTF_8);

    private final byte[] raw;
    private final JsonFactory rules;
    private @Nullable Integer code;
    private @Nullable String message;
    private @Nullable String msg;
    private @Nullable String sign;
    private boolean signIsText = true;
    private @Nullable Fields data;
    private Set<String> nulls = Set.of();
    private @Nullable String dataText;

    private Envelope(byte[] raw, JsonFactory rules) {
        this.raw = raw;
        this.rules = rules;
    }

    /**
     * Parses a body of status 200.
     *
     * @param body the decoded bytes, UTF-8 with or without a BOM
     * @throws MalformedReply if it is not exactly one JSON object with an integer {@code code}
     */
    public static Envelope parse(byte[] body) throws MalformedReply {
        byte[] raw = utf8(body);
        try {
            return parseStrictly(raw);
        } catch (MalformedReply e) {
            Envelope refusal = contains(raw, '\'') ? parseRefusal(raw) : null;
            if (refusal != null) {
                return refusal;
            }
            throw e;
        }
    }

    private static boolean contains(byte[] text, char ascii) {
        for (byte b : text) {
            if (b == ascii) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Envelope parseRefusal(byte[] raw) {
        try {
            Envelope reply = parse(raw, Json.SINGLE_QUOTES);
            return reply.code() == 0 ? null : reply;
        } catch (MalformedReply e) {
            return null;
        }
    }

    /** The body without a BOM. Jackson does not mind every kind of broken bytes, and a String puts something in their place. */
    private static byte[] utf8(byte[] body) throws MalformedReply {
        byte allBits = 0;
        for (byte b : body) {
            allBits |= b;
        }
        if (allBits >= 0) {
            return body;
        }
        if (!Arrays.equals(new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), body)) {
            throw new MalformedReply("is not valid UTF-8");
        }
        return Arrays.mismatch(body, BOM) == BOM.length ? Arrays.copyOfRange(body, BOM.length, body.length) : body;
    }

    private static Envelope parseStrictly(byte[] raw) throws MalformedReply {
        try (JsonParser json = Json.remembering(raw)) {
            return parse(raw, Json.STRICT, json);
        } catch (StreamConstraintsException e) {
            // It may be the names, of this reply or of earlier ones: what knows none says whether the reply is at
            // fault.
            return parse(raw, Json.STRICT);
        } catch (IOException e) {
            throw new MalformedReply("cannot be read");
        }
    }

    private static Envelope parse(byte[] raw, JsonFactory rules) throws MalformedReply {
        try (JsonParser json = Json.parser(raw, rules)) {
            return parse(raw, rules, json);
        } catch (StreamConstraintsException e) {
            throw new MalformedReply("is nested deeper than " + Json.MAX_DEPTH + " levels or has an oversized value");
        } catch (IOException e) {
            throw new MalformedReply("cannot be read");
        }
    }

    private static Envelope parse(byte[] raw, JsonFactory rules, JsonParser json) throws MalformedReply, IOException {
        Envelope reply = new Envelope(raw, rules);
        try {
            JsonToken first = json.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw new MalformedReply(first == null ? "is empty" : "is not a JSON object");
            }
            Set<String> names = new HashSet<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                if (!names.add(name)) {
                    throw MalformedReply.repeatedKey();
                }
                json.nextToken();
                reply.read(name, json);
            }
            if (json.nextToken() != null) {
                throw new MalformedReply("goes on after its JSON object");
            }
        } catch (StreamConstraintsException e) {
            throw e;
        } catch (InputCoercionException e) {
            throw new MalformedReply("has a code that is no 32-bit integer");
        } catch (JacksonException e) {
            // The parser's own message quotes what it could not read, and that may be anybody's data.
            var where = e.getLocation();
            throw new MalformedReply("is not valid JSON"
                    + (where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")"));
        }
        if (reply.code == null) {
            throw new MalformedReply("has no integer code");
        }
        return reply;
    }

    private void read(String name, JsonParser json) throws IOException, MalformedReply {
        JsonToken value = json.currentToken();
        switch (name) {
            case "code" -> code = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : null;
            case "message" -> message = text(json);
            case "msg" -> msg = text(json);
            case "sign" -> {
                signIsText = value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL;
                sign = value == JsonToken.VALUE_STRING ? json.getText() : null;
            }
            case "data" -> {
                dataText = value == JsonToken.VALUE_STRING ? json.getText() : null;
                if (value == JsonToken.START_OBJECT) {
                    readData(json);
                    return;
                }
            }
            default -> {
                // Ksher adds fields as it pleases; they are kept in raw().
            }
        }
        if (value.isStructStart()) {
            // Nothing of it is kept but raw(); it is read to the end, and refused if it repeats a key.
            Json.canonicalText(json);
        }
    }

    private void readData(JsonParser json) throws IOException, MalformedReply {
        SortedMap<String, String> fields = new TreeMap<>(Fields.BYTE_ORDER);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                if (nulls.isEmpty()) {
                    nulls = new HashSet<>();
                }
                nulls.add(name);
            }
            if (fields.put(name, Json.canonicalText(json)) != null) {
                throw MalformedReply.repeatedKey();
            }
        }
        data = new Fields(fields);
    }

    private static @Nullable String text(JsonParser json) throws IOException {
        String text = json.getValueAsString();
        return text == null || text.isEmpty() ? null : text;
    }

    public int code() {
        return code == null ? 0 : code;
    }

    /** {@code message}, else {@code msg}; null if the reply has neither. */
    public @Nullable String message() {
        return message != null ? message : msg;
    }

    /** Whether {@code data} is an object, as the signed calls have it. */
    public boolean hasFields() {
        return data != null;
    }

    /** Whether {@code data} is a string, as a cancel has it. */
    public boolean hasText() {
        return dataText != null;
    }

    /** What of this reply must not be shown, not even if its own message repeats it: each openid and signature. */
    public Set<String> secrets() {
        return Json.secrets(raw, rules);
    }

    /** Checks the signature over {@code data}, which must be an object. */
    public Verification verify(ReplyVerifier verifier) {
        if (data == null) {
            return new Verification(Verdict.MISSING, null);
        }
        byte[] text = data.canonicalBytes();
        Verdict verdict = signIsText ? verifier.verify(text, sign) : Verdict.MALFORMED;
        if (verdict == Verdict.VERIFIED && data.hasHalfACharacter()) {
            verdict = Verdict.MISMATCH;
        }
        return new Verification(verdict, verdict == Verdict.VERIFIED ? vouched(text) : null);
    }

    /** For what Ksher does not sign (a cancel), or when the endpoint was told not to verify. */
    public VerifiedData unverified() {
        return vouched(null);
    }

    private VerifiedData vouched(byte @Nullable [] signedText) {
        Fields fields = data == null ? new Fields(new TreeMap<>(Fields.BYTE_ORDER)) : data;
        return new VerifiedData(raw, rules, message(), fields, nulls, dataText, signedText);
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
