/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

/** Makes text that PostgreSQL can store. */
final class Text {

    private Text() {}

    /** Replaces NUL and unpaired surrogates by U+FFFD. Only INVALID rows have any. */
    static String storable(String text) {
        boolean fine =
                text.indexOf('\0') < 0 && text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
        if (fine) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
