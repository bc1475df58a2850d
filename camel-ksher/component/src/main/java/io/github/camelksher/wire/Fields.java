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
 * Named texts in the order in which Ksher signs them. What is signed and what is sent come from the same object, so the
 * two cannot differ. Immutable.
 */
public final class Fields {

    /** Ksher sorts by bytes. Java's order of strings differs from it beyond the basic plane, hence a comparator. */
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

    /** The text of one of them; null if there is none. */
    @Nullable
    String get(String name) {
        return values.get(name);
    }

    /** What is signed: {@code name=value} without any separator, empty values included, in UTF-8. */
    public byte[] canonicalBytes() {
        Utf8 text = new Utf8(length());
        values.forEach((name, value) -> text.append(name).append("=").append(value));
        return text.toByteArray();
    }

    /** The same values as {@code application/x-www-form-urlencoded}, and the signature. */
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

    /** Whether encoding it would only copy it, which is so for most values. */
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
     * Whether a text has half of a surrogate pair, which only an escape can bring. It has no UTF-8 form: it would be the '?' that Ksher signed, or
     * one character with the half that the next field begins with.
     */
    boolean hasHalfACharacter() {
        for (Map.Entry<String, String> field : values.entrySet()) {
            if (hasHalfACharacter(field.getKey()) || hasHalfACharacter(field.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasHalfACharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    return true;
                }
                i++;
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
                // A surrogate stands for a code point above every char that is none.
                boolean xIsHigher = Character.isSurrogate(x);
                return xIsHigher == Character.isSurrogate(y) ? x - y : xIsHigher ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    /** The names alone: the values may be anybody's. */
    @Override
    public String toString() {
        return "Fields" + values.keySet();
    }

    /** Collects request parameters, for once; one without a value is not sent. */
    public static final class Builder {

        private final SortedMap<String, String> values = new TreeMap<>(BYTE_ORDER);

        private Builder() {}

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
