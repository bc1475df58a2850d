/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts CSV text into records as a stream, so that one broken record does not spoil the others. It
 * interprets quotes only to find where a record ends.
 */
final class RecordReader {

    /** Longer than any valid row, with room for other columns. */
    static final int MAX_CHARACTERS = 65_536;

    /**
     * @param line the physical line where the record begins, from 1
     * @param lines how many physical lines it spans
     * @param text without its line end; null if it is longer than {@link #MAX_CHARACTERS}
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

    /** @param separators the possible separators, until the header tells which one it is */
    RecordReader(Reader in, String separators) {
        this.in = in;
        this.separators = separators;
    }

    /** From here on only this character separates cells. */
    void separatedBy(char separator) {
        separators = String.valueOf(separator);
    }

    /** The next record, even a blank one; null after the last. */
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
                // A last line without a line end counts too.
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
                // A doubled quote closes the cell here and opens it again with the next character.
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
