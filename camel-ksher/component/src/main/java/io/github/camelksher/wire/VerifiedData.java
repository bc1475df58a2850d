/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of a reply that may be read: its signature was verified, or the caller knows that it has
 * none. Only {@link Envelope} makes it, so no reply can be typed before that. Immutable.
 */
public final class VerifiedData {

    private static final Fields NO_FIELDS = Fields.builder().build();

    private final Envelope envelope;
    private final Fields fields;
    /** What was verified; null if nothing was. */
    private final byte @Nullable [] signedText;

    VerifiedData(Envelope envelope, byte @Nullable [] signedText) {
        this.envelope = envelope;
        this.fields = envelope.data.fields() == null ? NO_FIELDS : envelope.data.fields();
        this.signedText = signedText;
    }

    /** A field's text; null if it is absent, empty or JSON's null. */
    public @Nullable String text(String name) {
        String text = fields.get(name);
        return text == null || text.isEmpty() || envelope.data.jsonNulls().contains(name) ? null : text;
    }

    /** Every field with its exact text; a list or object as compact JSON. Cannot be modified. */
    public Map<String, String> fields() {
        return fields.asMap();
    }

    /** The data itself where it is a string; null where it is an object. */
    public @Nullable String dataText() {
        return envelope.data.text();
    }

    /** The reply's own JSON, untouched: may hold an {@code openid}. */
    public String raw() {
        return new String(envelope.raw, StandardCharsets.UTF_8);
    }

    /** The reply's JSON with {@code openid} and {@code sign} masked. */
    public String redacted() {
        return envelope.redacted();
    }

    public @Nullable String message() {
        return envelope.message();
    }

    /** Whether the signature was verified. */
    public boolean signed() {
        return signedText != null;
    }

    /**
     * Whether one of these fields may be smuggled. Nothing separates the fields in the text that
     * Ksher signs, so the same signature fits other fields that make up the same text. Then a name
     * with its {@code =} stands in the text more often than there are fields of that name.
     */
    public boolean hasSmuggled(Collection<String> names) {
        String text = new String(signedText(), StandardCharsets.UTF_8);
        return names.stream()
                .anyMatch(name -> occurrences(text, name + "=")
                        != fields().keySet().stream()
                                .filter(key -> key.equals(name) || isLongerName(key, name))
                                .count());
    }

    /** Whether the signed text has this ASCII text anywhere. */
    public boolean signedTextHas(String ascii) {
        byte[] text = signedText();
        for (int at = 0; at <= text.length - ascii.length(); at++) {
            int same = 0;
            while (same < ascii.length() && text[at + same] == ascii.charAt(same)) {
                same++;
            }
            if (same == ascii.length()) {
                return true;
            }
        }
        return false;
    }

    private byte[] signedText() {
        return signedText == null ? fields.canonicalBytes() : signedText;
    }

    private static int occurrences(String text, String marker) {
        int count = 0;
        for (int at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) {
            count++;
        }
        return count;
    }

    /** {@code pay_mch_order_no} is a longer name; {@code A-1nonce_str} hides a smuggled field. */
    private static boolean isLongerName(String key, String name) {
        return key.endsWith("_" + name) && key.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'));
    }

    @Override
    public String toString() {
        return redacted();
    }
}
