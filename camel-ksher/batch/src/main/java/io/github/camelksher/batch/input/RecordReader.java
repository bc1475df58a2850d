/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts CSV text into records as a stream, so that a record that cannot be parsed costs no other one and no memory. Knows quotes
 * only as far as it needs to find where a record ends.
 */
final class RecordReader {

    /** Longer than any row that could be sent, with room for columns that are not ours. */
    static final int MAX_CHARACTERS = 65_536;

    /**
     * A record.
     *
     * @param line the physical line where it begins, from 1
     * @param lines how many physical lines it spans
     * @param text its text without its line end; null if it is longer than {@link #MAX_CHARACTERS}
     * @param closed whether its quotes are closed; if not, it is the last one
     * @param ended whether a line end follows it
     */
    record Part(long line, long lines, @Nullable String text, boolean closed, boolean ended) {

        boolean isBlank() {
            return text != null && text.isBlank();
        }
    }

    private final Reader in;
    private final char[] buffer = new char[8192];
    private int position;
    private int limit;
    private long line = 1;
    private String separators;

    /** @param separators the characters that can part cells; which of them does is known when the header was read */
    RecordReader(Reader in, String separators) {
        this.in = in;
        this.separators = separators;
    }

    /** From here on only this character parts cells. */
    void separatedBy(char separator) {
        separators = String.valueOf(separator);
    }

    /** The next record, blank ones too; null after the last. */
    @Nullable
    Part next() throws IOException {
        if (peek() < 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        long start = line;
        boolean tooLong = false;
        boolean quoted = false;
        boolean cellBegins = true;
        boolean cellHasQuotes = false;
        int previous = -1;
        for (int c = read(); ; c = read()) {
            if (c < 0) {
                // The last line counts although no line end follows it.
                return new Part(start, line - start + (previous == '\n' ? 0 : 1), cut(text, tooLong), !quoted, false);
            }
            if (c == '\r' && peek() == '\n' && !quoted) {
                c = read();
            }
            boolean lineEnds = c == '\n' || (c == '\r' && peek() != '\n');
            if (lineEnds) {
                line++;
            }
            if (quoted) {
                // An escaped quote closes and opens again: the next character is a quote that follows a quote.
                quoted = c != '"';
            } else if (c == '"') {
                cellHasQuotes |= cellBegins;
                quoted = cellBegins || (cellHasQuotes && previous == '"');
                cellBegins = false;
            } else if (lineEnds) {
                return new Part(start, line - start, cut(text, tooLong), true, true);
            } else {
                cellBegins = separators.indexOf(c) >= 0;
                cellHasQuotes &= !cellBegins;
            }
            previous = c == '\r' && lineEnds ? '\n' : c;
            if (text.length() < MAX_CHARACTERS) {
                text.append((char) c);
            } else {
                tooLong = true;
            }
        }
    }

    private static @Nullable String cut(StringBuilder text, boolean tooLong) {
        return tooLong ? null : text.toString();
    }

    private int peek() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return limit == 0 ? -1 : buffer[position];
    }

    private int read() throws IOException {
        int c = peek();
        if (c >= 0) {
            position++;
        }
        return c;
    }
}
