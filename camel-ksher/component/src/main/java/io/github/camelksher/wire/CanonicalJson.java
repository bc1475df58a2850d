/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The text that Ksher signs for a JSON value. */
final class CanonicalJson {

    private CanonicalJson() {}

    /**
     * Reads the current value. A string is its decoded text, a number, boolean or null is as
     * written, a list or object is compact JSON with sorted keys.
     *
     * @throws MalformedReply if an object repeats a key; Jackson's own check would need a set of
     *     all keys
     */
    static String text(JsonParser json) throws IOException, MalformedReply {
        if (!json.currentToken().isStructStart()) {
            return json.getText();
        }
        StringBuilder text = new StringBuilder();
        append(json, text);
        return text.toString();
    }

    /** The recursion is as deep as the JSON, so {@link JsonRules#MAX_DEPTH} bounds it. */
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
}
