/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Parses the body of a reply or notification; an instance reads one JSON object. */
public final class EnvelopeParser {

    private static final byte[] BOM = "\uFEFF".getBytes(StandardCharsets.UTF_8);
    /** In place of a signature that is not a string: it is not hex either. */
    private static final String NOT_A_STRING = "?";

    private final byte[] raw;
    private final JsonFactory rules;
    private @Nullable Integer code;
    private @Nullable String message;
    private @Nullable String msg;
    private @Nullable String sign;
    private Envelope.Data data = Envelope.Data.NONE;

    private EnvelopeParser(byte[] raw, JsonFactory rules) {
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
        byte[] raw = withoutBom(body);
        try {
            return parseStrictly(raw);
        } catch (MalformedReply e) {
            Envelope refusal = new String(raw, StandardCharsets.UTF_8).indexOf('\'') < 0 ? null : parseRefusal(raw);
            if (refusal != null) {
                return refusal;
            }
            throw e;
        }
    }

    private static @Nullable Envelope parseRefusal(byte[] raw) {
        try {
            Envelope reply = parse(raw, JsonRules.SINGLE_QUOTES);
            return reply.code() == 0 ? null : reply;
        } catch (MalformedReply e) {
            return null;
        }
    }

    /**
     * Refuses what is not UTF-8. Jackson accepts some broken sequences, and a String replaces them:
     * then what is verified is not what was sent.
     */
    private static byte[] withoutBom(byte[] body) throws MalformedReply {
        byte allBits = 0;
        for (byte b : body) {
            allBits |= b;
        }
        boolean ascii = allBits >= 0;
        if (ascii) {
            return body;
        }
        if (!Arrays.equals(new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), body)) {
            throw new MalformedReply("is not valid UTF-8");
        }
        return Arrays.mismatch(body, BOM) == BOM.length ? Arrays.copyOfRange(body, BOM.length, body.length) : body;
    }

    private static Envelope parseStrictly(byte[] raw) throws MalformedReply {
        try (JsonParser json = JsonRules.cachingParser(raw)) {
            return new EnvelopeParser(raw, JsonRules.STRICT).read(json);
        } catch (StreamConstraintsException e) {
            // The cache may be full of the names of other replies: only a parser without it can
            // tell whether this reply is at fault.
            return parse(raw, JsonRules.STRICT);
        } catch (IOException e) {
            throw new MalformedReply("cannot be read");
        }
    }

    private static Envelope parse(byte[] raw, JsonFactory rules) throws MalformedReply {
        try (JsonParser json = JsonRules.parser(raw, rules)) {
            return new EnvelopeParser(raw, rules).read(json);
        } catch (StreamConstraintsException e) {
            throw new MalformedReply(
                    "is nested deeper than " + JsonRules.MAX_DEPTH + " levels or has an oversized value");
        } catch (IOException e) {
            throw new MalformedReply("cannot be read");
        }
    }

    private Envelope read(JsonParser json) throws MalformedReply, IOException {
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
                readMember(name, json);
            }
            if (json.nextToken() != null) {
                throw new MalformedReply("has more text after its JSON object");
            }
        } catch (StreamConstraintsException e) {
            throw e;
        } catch (InputCoercionException e) {
            throw new MalformedReply("has a code that is no 32-bit integer");
        } catch (JacksonException e) {
            // Jackson's own message quotes what it could not read, which may be personal data.
            var where = e.getLocation();
            throw new MalformedReply("is not valid JSON"
                    + (where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")"));
        }
        if (code == null) {
            throw new MalformedReply("has no integer code");
        }
        return new Envelope(raw, rules, code, message != null ? message : msg, sign, data);
    }

    private void readMember(String name, JsonParser json) throws IOException, MalformedReply {
        JsonToken value = json.currentToken();
        switch (name) {
            case "code" -> code = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : null;
            case "message" -> message = text(json);
            case "msg" -> msg = text(json);
            case "sign" ->
                sign = switch (value) {
                    case VALUE_NULL -> null;
                    case VALUE_STRING -> json.getText();
                    default -> NOT_A_STRING;
                };
            case "data" -> {
                if (value == JsonToken.START_OBJECT) {
                    data = readData(json);
                    return;
                }
                String text = value == JsonToken.VALUE_STRING ? json.getText() : null;
                data = new Envelope.Data(null, Set.of(), text);
            }
            default -> {
                // An unknown member is kept in raw() only.
            }
        }
        if (value.isStructStart()) {
            // Nobody asks for its text, but it is refused if it repeats a key.
            CanonicalJson.text(json);
        }
    }

    private static Envelope.Data readData(JsonParser json) throws IOException, MalformedReply {
        SortedMap<String, String> fields = new TreeMap<>(Fields.BYTE_ORDER);
        Set<String> nulls = Set.of();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                if (nulls.isEmpty()) {
                    // Few replies have one.
                    nulls = new HashSet<>();
                }
                nulls.add(name);
            }
            if (fields.put(name, CanonicalJson.text(json)) != null) {
                throw MalformedReply.repeatedKey();
            }
        }
        return new Envelope.Data(new Fields(fields), nulls, null);
    }

    private static @Nullable String text(JsonParser json) throws IOException {
        String text = json.getValueAsString();
        return text == null || text.isEmpty() ? null : text;
    }
}
