/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON rules of the wire, on Jackson's streaming parser: exact texts, no repeated keys, bounded depth; always UTF-8. */
final class Json {

    static final int MAX_DEPTH = 32;

    static final JsonFactory STRICT = factory(false, false);
    /** Some of Ksher's refusals come with single quotes. */
    static final JsonFactory SINGLE_QUOTES = factory(true, false);

    /** JSON itself escapes the control characters of ASCII only, and a terminal obeys others too. */
    private static final CharacterEscapes UNPRINTABLE = new CharacterEscapes() {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes[127] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return Redactor.isUnprintable(c) && !Character.isSurrogate((char) c)
                    ? new SerializedString("\\u" + HexFormat.of().toHexDigits((char) c))
                    : null;
        }
    };

    private static final JsonFactory REMEMBERING = factory(false, true);

    private static final Set<String> SECRET = Set.of("openid", "sign");

    private Json() {}

    private static JsonFactory factory(boolean singleQuotes, boolean rememberNames) {
        return new JsonFactoryBuilder()
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, rememberNames)
                // Bytes are UTF-8, whatever the first of them look like.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, singleQuotes)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
    }

    /**
     * Parses strictly, straight from the bytes, and knows the field names of earlier replies. Names that were made to collide in
     * that knowledge are refused as an oversized value.
     */
    static JsonParser remembering(byte[] raw) throws IOException {
        return REMEMBERING.createParser(raw);
    }

    /** For what is done seldom: knows no names. */
    static JsonParser parser(byte[] raw, JsonFactory rules) throws IOException {
        return rules.createParser(new String(raw, StandardCharsets.UTF_8));
    }

    /**
     * The text of the current value as Ksher signs it: a string as decoded, a number, boolean or null as written, a list
     * or object as compact JSON with sorted keys.
     *
     * @throws MalformedReply if an object repeats a key: Jackson would find it too, at the price of a second set of all keys
     */
    static String canonicalText(JsonParser json) throws IOException, MalformedReply {
        JsonToken token = json.currentToken();
        if (!token.isStructStart()) {
            return json.getText();
        }
        StringBuilder text = new StringBuilder();
        append(json, text);
        return text.toString();
    }

    /** Recursion is bounded by {@link #MAX_DEPTH}. */
    private static void append(JsonParser json, StringBuilder text) throws IOException, MalformedReply {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, String> members = new TreeMap<>(Fields.BYTE_ORDER);
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    StringBuilder value = new StringBuilder();
                    append(json, value);
                    if (members.put(name, value.toString()) != null) {
                        throw MalformedReply.repeatedKey();
                    }
                }
                String separator = "{";
                for (Map.Entry<String, String> member : members.entrySet()) {
                    text.append(separator);
                    quote(member.getKey(), text);
                    text.append(':').append(member.getValue());
                    separator = ",";
                }
                text.append(members.isEmpty() ? "{}" : "}");
            }
            case START_ARRAY -> {
                text.append('[');
                String separator = "";
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    text.append(separator);
                    append(json, text);
                    separator = ",";
                }
                text.append(']');
            }
            case VALUE_STRING -> quote(json.getText(), text);
            default -> text.append(json.getText());
        }
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /**
     * Every {@code openid} and {@code sign} in the text, at any depth; as far as it can be read.
     *
     * @param rules how the text was parsed
     */
    static Set<String> secrets(byte[] raw, JsonFactory rules) {
        Set<String> secrets = new LinkedHashSet<>();
        try (JsonParser json = parser(raw, rules)) {
            // Of a secret that is an object or a list, all that is in it.
            int inside = 0;
            while (json.nextToken() != null) {
                JsonToken token = json.currentToken();
                if (token.isStructStart()) {
                    inside += inside > 0 || isSecret(json.currentName()) ? 1 : 0;
                } else if (token.isStructEnd()) {
                    inside -= inside > 0 ? 1 : 0;
                } else if (token.isScalarValue() && (inside > 0 || isSecret(json.currentName()))) {
                    secrets.add(json.getText());
                }
            }
        } catch (IOException e) {
            // What came before is found all the same.
        }
        secrets.remove("");
        return secrets;
    }

    /**
     * The same JSON, numbers as written, with every {@code openid} and {@code sign} masked, and what other texts repeat of
     * them; for logs.
     *
     * @param rules how the text was parsed
     */
    static String masked(byte[] raw, JsonFactory rules) {
        List<String> secrets = Redactor.searchable(secrets(raw, rules));
        StringWriter text = new StringWriter(raw.length);
        try (JsonParser json = parser(raw, rules);
                JsonGenerator copy = STRICT.createGenerator(text)) {
            copy.setCharacterEscapes(UNPRINTABLE);
            while (json.nextToken() != null) {
                JsonToken token = json.currentToken();
                boolean value = token != JsonToken.FIELD_NAME && token != JsonToken.END_OBJECT;
                if (value && isSecret(json.currentName())) {
                    boolean empty = token == JsonToken.VALUE_STRING && json.getTextLength() == 0;
                    json.skipChildren();
                    copy.writeString(empty ? "" : "***");
                } else if (token.isNumeric()) {
                    copy.writeNumber(json.getText());
                } else if (token == JsonToken.VALUE_STRING) {
                    copy.writeString(Redactor.mask(secrets, json.getText()));
                } else {
                    copy.copyCurrentEvent(json);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static boolean isSecret(@Nullable String name) {
        return name != null && SECRET.contains(name.replace("_", "").toLowerCase(Locale.ROOT));
    }
}
