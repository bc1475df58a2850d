/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes text that we did not write fit for logs: without what is secret, without what would forge a log line, and not too long.
 * For one call.
 */
public final class Redactor {

    private static final int MAX_LENGTH = 200;
    /** To search a text for more would take long. Ksher's replies have two. */
    private static final int MOST_SECRETS = 50;
    /** A secret of a letter or two would be found in every text. */
    private static final int SHORTEST_SECRET = 5;
    /** A piece of a signature; nothing that a message has to say is such a number. */
    private static final Pattern LONG_HEX = Pattern.compile("[0-9a-fA-F]{40}");

    /** SUCCESS and the like, which every reply has: no wallet's identity, and shorter than a nonce. */
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Z_]{0,31}");

    private static final String MASK = "***";
    private static final String CHANGED = "\uFFFD";

    private Supplier<Set<String>> secrets = Set::of;
    private List<String> requestMarkers = List.of();
    private @Nullable List<String> hidden;

    /** Texts that must not be shown even if the reply's own message repeats them; only asked for if there is a message. */
    public void keepSecret(Supplier<Set<String>> texts) {
        this.secrets = texts;
        this.hidden = null;
    }

    /** What gives a text away that repeats the request: such a text is not shown at all. */
    public void withhold(String... markers) {
        this.requestMarkers = List.of(markers);
    }

    /** The text as it may be shown; a short one that holds nothing of all this is unchanged. */
    public String show(String text) {
        // Nearly all texts end here: to look for the secrets, the whole reply is read once more.
        if (PLAIN_WORD.matcher(text).matches()) {
            return text;
        }
        // Cleaned before it is searched: an invisible character would hide a secret from the search, not from a reader.
        String shown = clean(text);
        if (shown.length() < SHORTEST_SECRET) {
            return shown;
        }
        String folded = shown.toLowerCase(Locale.ROOT);
        if (LONG_HEX.matcher(shown).find()
                || requestMarkers.stream().anyMatch(marker -> folded.contains(marker.toLowerCase(Locale.ROOT)))) {
            return "a text that is not shown because it repeats the request";
        }
        if (hidden == null) {
            hidden = searchable(secrets.get());
        }
        return hidden.size() > MOST_SECRETS
                ? "a text that is not shown because the reply has too many secrets"
                : cut(without(hidden, shown));
    }

    /**
     * A result or error code as it was sent, since routes compare it. One that cannot be shown is marked: what is left of it
     * must not be taken for one that Ksher sends.
     */
    public String showCode(String code) {
        String shown = show(code);
        return shown.equals(code) ? code : CHANGED + shown;
    }

    /** What our own side wrote, such as an order's number: it has no secrets. */
    public static String printable(String text) {
        return cut(clean(text));
    }

    /** What to search a text for, the longest first: a shorter one that is part of it would leave the rest of it. */
    static List<String> searchable(Collection<String> secrets) {
        return secrets.stream()
                .map(Redactor::clean)
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** One of many texts of a reply, without the secrets that it repeats; whole if it repeats none. */
    static String mask(List<String> secrets, String text) {
        if (secrets.size() > MOST_SECRETS) {
            return text.isEmpty() ? "" : MASK;
        }
        String clean = clean(text);
        String shown = without(secrets, clean);
        return shown.equals(clean) ? text : shown;
    }

    private static String without(List<String> secrets, String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, MASK);
        }
        return shown;
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

    /** What begins a line, colours or turns the text after it, or is not seen at all. */
    static boolean isUnprintable(int c) {
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
