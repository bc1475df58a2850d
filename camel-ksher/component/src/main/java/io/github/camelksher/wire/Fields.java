/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Named texts in the order in which Ksher signs them. What is signed and what is sent come from the
 * same object, so the two cannot differ. Immutable.
 */
public final class Fields {

    /** The order of the UTF-8 bytes, by which Ksher sorts. Java sorts surrogates differently. */
    static final Comparator<String> BYTE_ORDER = Fields::compareCodePoints;

    private final SortedMap<String, String> values;

    Fields(SortedMap<String, String> values) {
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The texts by name, sorted; cannot be modified. */
    public Map<String, String> asMap() {
        return Collections.unmodifiableSortedMap(values);
    }

    /** Null if there is no text of that name. */
    @Nullable
    String get(String name) {
        return values.get(name);
    }

    /** The text to sign: {@code name=value} in UTF-8, no separator, empty values included. */
    public byte[] canonicalBytes() {
        Utf8 text = new Utf8(length());
        values.forEach((name, value) -> text.append(name).append("=").append(value));
        return text.toByteArray();
    }

    /** The texts and their signature as {@code application/x-www-form-urlencoded}. */
    public byte[] formBody(String sign) {
        Utf8 form = new Utf8(length() + values.size() + "sign=".length() + sign.length());
        values.forEach((name, value) -> form.append(name)
                .append("=")
                .append(isPlain(value) ? value : URLEncoder.encode(value, StandardCharsets.UTF_8))
                .append("&"));
        return form.append("sign=").append(sign).toByteArray();
    }

    private int length() {
        int length = 0;
        for (Map.Entry<String, String> field : values.entrySet()) {
            length += field.getKey().length() + 1 + field.getValue().length();
        }
        return length;
    }

    /** Whether the encoder would only copy it. */
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 128 || !(Character.isLetterOrDigit(c) || c == '-' || c == '_')) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a name or a text has an unpaired surrogate, which only a JSON escape can bring. UTF-8
     * has none: the signed text would have a '?' in its place, or the start of the next field would
     * complete it to another character.
     */
    boolean hasUnpairedSurrogate() {
        for (Map.Entry<String, String> field : values.entrySet()) {
            if (hasUnpairedSurrogate(field.getKey()) || hasUnpairedSurrogate(field.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text has an unpaired surrogate: it would be sent as '?', another text. */
    public static boolean hasUnpairedSurrogate(String text) {
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                return true;
            }
        }
        return false;
    }

    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // A code point of two surrogates is above every code point of one char.
                boolean xIsHigher = Character.isSurrogate(x);
                return xIsHigher == Character.isSurrogate(y) ? x - y : xIsHigher ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    /** The names alone: the values may be personal data. */
    @Override
    public String toString() {
        return "Fields" + values.keySet();
    }

    /** Collects the parameters of a request; builds once. */
    public static final class Builder {

        private final SortedMap<String, String> values = new TreeMap<>(BYTE_ORDER);

        private Builder() {}

        /** Adds a parameter that has a value: Ksher wants no empty one. */
        public Builder add(String name, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                values.put(name, value);
            }
            return this;
        }

        public Fields build() {
            return new Fields(values);
        }
    }
}
