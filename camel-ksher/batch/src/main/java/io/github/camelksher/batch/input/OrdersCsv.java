/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import io.github.camelksher.batch.input.RecordReader.Part;
import io.github.camelksher.batch.life.Operation;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** The rows of a CSV text in UTF-8, one after the other. Holds one record at a time, however long the text is. */
final class OrdersCsv implements Closeable {

    private static final String OPERATION = "operation";
    private static final String CHANNEL = "channel";
    /** What spreadsheets write between cells; the semicolon where the comma is a decimal sign. */
    static final String SEPARATORS = ",;\t";

    private static final List<String> NUMBERS = List.of("mch_order_no", "ksher_order_no", "channel_order_no");

    private final String fileName;
    private final Reader in;
    private final RecordReader records;
    private final Map<String, Integer> header = new HashMap<>();
    /** Those that are not ours, by their names as they are written. */
    private final Map<String, Integer> others = new LinkedHashMap<>();

    private final int columns;
    /** What parts the cells of this file. */
    private String separator = ",";

    private CSVFormat format = CSVFormat.DEFAULT;
    private long brokenLine;
    private long brokenLeft;
    private String broken = "";

    /** Reads the header. */
    OrdersCsv(String fileName, InputStream bytes) throws IOException, UnusableFileException {
        this.fileName = fileName;
        // A decoder of its own: the usual one would replace what is not UTF-8.
        this.in = new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
        this.records = new RecordReader(in, SEPARATORS);
        this.columns = readHeader();
    }

    private int readHeader() throws IOException, UnusableFileException {
        String wanted = " Nothing was done. The first line must name the columns: operation and one or more of "
                + String.join(", ", NUMBERS) + "; channel if you like.";
        Part first = nextPart();
        first = first == null ? null : withoutBom(first);
        while (first != null && hasOnlySeparators(first)) {
            first = nextPart();
        }
        List<String> names = first == null ? null : parseHeader(first);
        if (names == null) {
            throw new UnusableFileException(fileName + " has no readable header row." + wanted);
        }
        for (int i = 0; i < names.size(); i++) {
            String written = OrderRow.value(names.get(i));
            String name = written.toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !isOurs(name)) {
                others.put(written, i);
            }
            if (header.put(name, i) != null && !name.isEmpty()) {
                throw new UnusableFileException(fileName + " has two columns of one name." + wanted);
            }
        }
        if (!isHeader(names)) {
            throw new UnusableFileException(fileName + " has no usable header row." + wanted);
        }
        return names.size();
    }

    /** Finds the separator: the first one with which the header has an operation and a number, else the comma. */
    private @Nullable List<String> parseHeader(Part part) {
        for (int i = 0; i < SEPARATORS.length(); i++) {
            separatedBy(SEPARATORS.charAt(i));
            List<String> names = parse(part);
            if (names != null && isHeader(names)) {
                records.separatedBy(separator());
                return names;
            }
        }
        separatedBy(',');
        return parse(part);
    }

    private void separatedBy(char character) {
        separator = String.valueOf(character);
        format = CSVFormat.DEFAULT.builder().setDelimiter(character).get();
    }

    private static boolean isOurs(String name) {
        return name.equals(OPERATION) || NUMBERS.contains(name) || name.equals(CHANNEL);
    }

    /** What parts the cells of this file. */
    char separator() {
        return separator.charAt(0);
    }

    private static boolean isHeader(List<String> names) {
        List<String> lower = names.stream()
                .map(name -> OrderRow.value(name).toLowerCase(Locale.ROOT))
                .toList();
        return lower.contains(OPERATION) && NUMBERS.stream().anyMatch(lower::contains);
    }

    private static boolean hasOnlySeparators(Part part) {
        String text = part.text();
        return text != null && text.chars().allMatch(c -> SEPARATORS.indexOf(c) >= 0 || Character.isWhitespace(c));
    }

    private static Part withoutBom(Part part) {
        String text = part.text();
        return text != null && text.startsWith("\uFEFF")
                ? new Part(part.line(), part.lines(), text.substring(1), part.closed(), part.ended())
                : part;
    }

    /**
     * The next row; null after the last.
     *
     * @throws UnusableFileException if the text is not UTF-8
     */
    @Nullable
    OrderRow next() throws IOException, UnusableFileException {
        if (brokenLeft > 0) {
            return nextBroken();
        }
        Part part = nextPart();
        List<String> record = part == null ? null : parse(part);
        while (record != null && isEmpty(record)) {
            part = nextPart();
            record = part == null ? null : parse(part);
        }
        if (part == null) {
            return null;
        }
        boolean swallows = record != null && part.lines() > 1 && swallowsRows(part, record);
        if (record != null && !swallows) {
            return row(part, record);
        }
        broken = part.text() == null
                ? "cannot be read: longer than " + RecordReader.MAX_CHARACTERS + " characters"
                : swallows
                        ? "cannot be read: a quote at the beginning of a cell is closed in a later row only"
                        : part.closed()
                                ? "cannot be read: something is wrong with its quotes"
                                : "cannot be read: a quote is never closed";
        if (part.lines() > 1) {
            broken += "; lines " + part.line() + " to " + (part.line() + part.lines() - 1) + " belong to it";
        }
        // A row for each line, so that none is missed: which orders they name cannot be told, so none is acted upon.
        brokenLine = part.line();
        brokenLeft = part.lines();
        return nextBroken();
    }

    /**
     * Whether two stray quotes made one cell of all rows between them. The text after a line break in a cell is then a row itself;
     * or, if that row's operation lies behind the cell, the record's first line and another one are.
     */
    private boolean swallowsRows(Part part, List<String> record) {
        boolean inCell = record.stream().anyMatch(cell -> cell.lines().skip(1).anyMatch(this::isRow));
        List<String> lines = Objects.requireNonNull(part.text()).lines().toList();
        return inCell || (holdsRow(lines.get(0)) && lines.stream().skip(1).anyMatch(this::isRow));
    }

    /** Whether a line names an operation and a number, at their distance in the header: commas of a remark may have moved both. */
    private boolean holdsRow(String line) {
        String[] cells = line.split(separator, -1);
        for (int shift = 0; shift < cells.length; shift++) {
            if (isRow(Arrays.copyOfRange(cells, shift, cells.length))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a physical line names an operation and a number, whatever quotes it has. */
    private boolean isRow(String line) {
        return isRow(line.split(separator, -1));
    }

    private boolean isRow(String[] cells) {
        return Operation.ofInput(unquoted(cells, OPERATION)) != null
                && NUMBERS.stream().anyMatch(name -> !unquoted(cells, name).isEmpty());
    }

    private String unquoted(String[] cells, String name) {
        Integer index = header.get(name);
        return index == null || index >= cells.length
                ? ""
                : OrderRow.value(OrderRow.value(cells[index]).replaceAll("^\"+|\"+$", ""));
    }

    private OrderRow nextBroken() {
        brokenLeft--;
        return OrderRow.unreadable(brokenLine++, broken);
    }

    private @Nullable Part nextPart() throws IOException, UnusableFileException {
        try {
            Part part = records.next();
            while (part != null && part.isBlank()) {
                part = records.next();
            }
            return part;
        } catch (CharacterCodingException e) {
            throw new UnusableFileException(fileName + " is not UTF-8: save it as CSV UTF-8. Nothing was done.");
        }
    }

    private OrderRow row(Part part, List<String> record) {
        Map<String, String> more = new LinkedHashMap<>();
        others.forEach((name, index) -> more.put(name, cell(record, index)));
        OrderRow row = OrderRow.of(
                        part.line(),
                        cell(record, header.get(OPERATION)),
                        cell(record, header.get(NUMBERS.get(0))),
                        cell(record, header.get(NUMBERS.get(1))),
                        cell(record, header.get(NUMBERS.get(2))),
                        cell(record, header.get(CHANNEL)))
                .withOthers(more);
        if (!part.ended() && record.size() < columns) {
            // Its last number may be half of one, and so another order's.
            return row.with("the file ends in the middle of this row: was it copied whole?");
        }
        return hasExtraCells(record) ? row.with("has more cells than the header") : row;
    }

    /** As spreadsheets write a row in which nobody has written anything. */
    private static boolean isEmpty(List<String> record) {
        return record.stream().allMatch(cell -> OrderRow.value(cell).isEmpty());
    }

    private boolean hasExtraCells(List<String> record) {
        // Spreadsheets like to end a row with empty cells.
        return record.size() > columns
                && record.subList(columns, record.size()).stream().anyMatch(cell -> !cell.isBlank());
    }

    private static String cell(List<String> record, @Nullable Integer index) {
        return index == null || index >= record.size() ? "" : record.get(index);
    }

    /** Null if it cannot be parsed. */
    private @Nullable List<String> parse(Part part) {
        String text = part.text();
        if (text == null || !part.closed()) {
            return null;
        }
        if (text.indexOf('"') < 0) {
            // A parser has buffers of its own: without this, they would cost more than all else that is done with a
            // row.
            return List.of(text.split(separator, -1));
        }
        try (CSVParser parser = CSVParser.parse(text, format)) {
            List<CSVRecord> records = parser.getRecords();
            return records.size() == 1 ? records.get(0).toList() : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
