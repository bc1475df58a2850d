/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts CSV text into records, so that a record that cannot be parsed costs no other one. Knows quotes only as far as it needs to
 * find where a record ends.
 */
final class RecordSplitter {

    /**
     * A record's text, without its line end.
     *
     * @param line the physical line where it begins, from 1
     * @param closed whether its quotes are closed; if not, it is the last one
     */
    record Part(long line, String text, boolean closed) {}

    private RecordSplitter() {}

    static List<Part> split(String text) {
        List<Part> parts = new ArrayList<>();
        int start = 0;
        long line = 1;
        long startLine = 1;
        boolean quoted = false;
        boolean cellBegins = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lineEnds = c == '\n' || (c == '\r' && !text.startsWith("\n", i + 1));
            if (lineEnds) {
                line++;
            }
            if (quoted) {
                // An escaped quote closes and opens again: the next character is a quote that follows a quote.
                quoted = c != '"';
            } else if (c == '"') {
                quoted = cellBegins || text.charAt(i - 1) == '"';
                cellBegins = false;
            } else if (lineEnds) {
                int end = c == '\n' && i > start && text.charAt(i - 1) == '\r' ? i - 1 : i;
                add(parts, new Part(startLine, text.substring(start, end), true));
                start = i + 1;
                startLine = line;
                cellBegins = true;
            } else {
                cellBegins = c == ',';
            }
        }
        add(parts, new Part(startLine, text.substring(start), !quoted));
        return parts;
    }

    private static void add(List<Part> parts, Part part) {
        if (!part.text().isBlank()) {
            parts.add(part);
        }
    }
}
