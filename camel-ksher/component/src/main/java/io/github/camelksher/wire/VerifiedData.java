/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JsonFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data of a reply that was vouched for: its signature verified, or the caller knows that it has none. Only
 * {@link Envelope} makes it, so an unverified reply has no type. Immutable.
 */
public final class VerifiedData {

    private final byte[] raw;
    private final JsonFactory rules;
    private final @Nullable String message;
    private final Fields fields;
    private final Set<String> nulls;
    private final @Nullable String dataText;
    /** What was verified; null if nothing was. */
    private final byte @Nullable [] signedText;

    VerifiedData(
            byte[] raw,
            JsonFactory rules,
            @Nullable String message,
            Fields fields,
            Set<String> nulls,
            @Nullable String dataText,
            byte @Nullable [] signedText) {
        this.raw = raw;
        this.rules = rules;
        this.message = message;
        this.fields = fields;
        this.nulls = nulls;
        this.dataText = dataText;
        this.signedText = signedText;
    }

    /** A field's text; null if it is absent, empty or JSON's null. */
    public @Nullable String text(String name) {
        String text = fields.get(name);
        return text == null || text.isEmpty() || nulls.contains(name) ? null : text;
    }

    /** Every field with its exact text; a list or object as compact JSON. Cannot be modified. */
    public Map<String, String> fields() {
        return fields.asMap();
    }

    /** The data itself where it is a string; null where it is an object. */
    public @Nullable String dataText() {
        return dataText;
    }

    /** The reply's own JSON, untouched: may hold an {@code openid}. */
    public String raw() {
        return new String(raw, StandardCharsets.UTF_8);
    }

    /** The reply's JSON with {@code openid} and {@code sign} masked. */
    public String masked() {
        return Json.masked(raw, rules);
    }

    public @Nullable String message() {
        return message;
    }

    /** Whether the signature was verified. */
    public boolean signed() {
        return signedText != null;
    }

    /**
     * Whether the signed text has a name with its {@code =} where no field of that name begins. Then the fields may have been cut
     * anew out of the one text that Ksher signed, and say something else than Ksher did: nothing stands between the fields there.
     */
    public boolean isRecut(Collection<String> names) {
        String text = new String(signedText(), StandardCharsets.UTF_8);
        return names.stream()
                .anyMatch(name -> occurrences(text, name + "=")
                        != fields.asMap().keySet().stream()
                                .filter(key -> key.equals(name) || isLongerName(key, name))
                                .count());
    }

    /** Whether the signed text, in which Ksher put nothing between the fields, has this ASCII text anywhere. */
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

    /** {@code pay_mch_order_no} is just a longer name; {@code A-1nonce_str} and what has a {@code =} in it are no names. */
    private static boolean isLongerName(String key, String name) {
        return key.endsWith("_" + name) && key.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'));
    }

    @Override
    public String toString() {
        return masked();
    }
}
