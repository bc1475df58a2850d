/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Redacts what Ksher or the network wrote before it is logged: no secret, no character that could
 * forge a log line, and no text that is too long. An instance belongs to one call.
 */
public final class Redactor {

    private static final Set<String> SECRET_FIELDS = Set.of("openid", "sign");
    private static final int MAX_LENGTH = 200;
    /** The time that a search takes grows with them. A reply of Ksher's has two. */
    private static final int MAX_SECRETS = 50;
    /** A secret of a letter or two would be found in every text. */
    private static final int MIN_SECRET_LENGTH = 5;
    /** A part of a signature: no message has another use for so long a number. */
    private static final Pattern LONG_HEX = Pattern.compile("[0-9a-fA-F]{40}");

    /** SUCCESS and the like. Too short for a nonce, and no openid is written so. */
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Z_]{0,31}");

    private static final String MASK = "***";
    private static final String CHANGED = "\uFFFD";

    /** JSON escapes only the control characters of ASCII, but a terminal obeys others too. */
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
            return isUnprintable(c) && !Character.isSurrogate((char) c)
                    ? new SerializedString("\\u" + HexFormat.of().toHexDigits((char) c))
                    : null;
        }
    };

    private Supplier<Set<String>> secrets = Set::of;
    private List<String> requestMarkers = List.of();
    private @Nullable List<String> searchedFor;

    /** Sets the secrets of the reply; they are supplied only if there is a text to redact. */
    public void secrets(Supplier<Set<String>> texts) {
        this.secrets = texts;
        this.searchedFor = null;
    }

    /** Sets the texts that only the request has. A text with one of them repeats the request. */
    public void requestMarkers(String... markers) {
        this.requestMarkers = List.of(markers);
    }

    /** The redacted text; the same object if there is nothing to redact. */
    public String redact(String text) {
        // Saves most calls the second parse of the reply that the search for secrets needs.
        if (PLAIN_WORD.matcher(text).matches()) {
            return text;
        }
        // Before the search: an invisible character inside a secret would keep it from being found.
        String clean = clean(text);
        if (clean.length() < MIN_SECRET_LENGTH) {
            return clean;
        }
        String folded = clean.toLowerCase(Locale.ROOT);
        if (LONG_HEX.matcher(clean).find()
                || requestMarkers.stream().anyMatch(marker -> folded.contains(marker.toLowerCase(Locale.ROOT)))) {
            return "a text that is not shown because it repeats the request";
        }
        if (searchedFor == null) {
            searchedFor = searchable(secrets.get());
        }
        return searchedFor.size() > MAX_SECRETS
                ? "a text that is not shown because the reply has too many secrets"
                : cut(without(searchedFor, clean));
    }

    /**
     * A result or error code, redacted. Routes compare it, so it is marked if it was changed: what
     * is left must not equal a code of Ksher's.
     */
    public String redactCode(String code) {
        String redacted = redact(code);
        return redacted.equals(code) ? code : CHANGED + redacted;
    }

    /** A text of the caller's, such as an order number: it has no secrets. */
    public static String printable(String text) {
        return cut(clean(text));
    }

    /**
     * The same JSON with every {@code openid} and {@code sign} masked, also where another text
     * repeats it. Numbers stay as written.
     *
     * @param rules how the JSON was parsed
     */
    static String json(byte[] raw, JsonFactory rules) {
        List<String> secrets = searchable(secrets(raw, rules));
        StringWriter text = new StringWriter(raw.length);
        try (JsonParser json = JsonRules.parser(raw, rules);
                JsonGenerator copy = JsonRules.STRICT.createGenerator(text)) {
            copy.setCharacterEscapes(UNPRINTABLE);
            while (json.nextToken() != null) {
                JsonToken token = json.currentToken();
                boolean value = token != JsonToken.FIELD_NAME && token != JsonToken.END_OBJECT;
                if (value && isSecret(json.currentName())) {
                    boolean empty = token == JsonToken.VALUE_STRING && json.getTextLength() == 0;
                    json.skipChildren();
                    copy.writeString(empty ? "" : MASK);
                } else if (token.isNumeric()) {
                    copy.writeNumber(json.getText());
                } else if (token == JsonToken.VALUE_STRING) {
                    copy.writeString(mask(secrets, json.getText()));
                } else {
                    copy.copyCurrentEvent(json);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /**
     * Every {@code openid} and {@code sign}, at any depth. All texts inside one that is an object
     * or a list are secrets too.
     *
     * @param rules how the JSON was parsed
     */
    static Set<String> secrets(byte[] raw, JsonFactory rules) {
        Set<String> secrets = new LinkedHashSet<>();
        try (JsonParser json = JsonRules.parser(raw, rules)) {
            int depthInSecret = 0;
            while (json.nextToken() != null) {
                JsonToken token = json.currentToken();
                if (token.isStructStart()) {
                    depthInSecret += depthInSecret > 0 || isSecret(json.currentName()) ? 1 : 0;
                } else if (token.isStructEnd()) {
                    depthInSecret -= depthInSecret > 0 ? 1 : 0;
                } else if (token.isScalarValue() && (depthInSecret > 0 || isSecret(json.currentName()))) {
                    secrets.add(json.getText());
                }
            }
        } catch (IOException e) {
            // The secrets before the unreadable place are redacted all the same.
        }
        secrets.remove("");
        return secrets;
    }

    private static boolean isSecret(@Nullable String name) {
        return name != null && SECRET_FIELDS.contains(name.replace("_", "").toLowerCase(Locale.ROOT));
    }

    /** The longest first: if a shorter one is part of it, the rest of it would remain. */
    static List<String> searchable(Collection<String> secrets) {
        return secrets.stream()
                .map(Redactor::clean)
                .filter(secret -> secret.length() >= MIN_SECRET_LENGTH)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** A text without the secrets that it repeats; not even cleaned if it repeats none. */
    static String mask(List<String> secrets, String text) {
        if (secrets.size() > MAX_SECRETS) {
            return text.isEmpty() ? "" : MASK;
        }
        String clean = clean(text);
        String masked = without(secrets, clean);
        return masked.equals(clean) ? text : masked;
    }

    private static String without(List<String> secrets, String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MAX_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH));
    }

    private static String clean(String text) {
        if (text.codePoints().noneMatch(Redactor::isUnprintable)) {
            return text;
        }
        StringBuilder clean = new StringBuilder();
        text.codePoints().filter(c -> !isUnprintable(c)).forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** Whether it begins a line, colours or reverses the text after it, or is invisible. */
    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
