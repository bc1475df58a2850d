/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import io.github.camelksher.batch.input.RecordReader.Part;
import io.github.camelksher.batch.life.RowOperation;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a CSV text in UTF-8 as a stream: it holds one record at a time. */
final class OrdersCsv implements Closeable {

    /** Separators of spreadsheets: a semicolon where the comma is a decimal sign. */
    static final String SEPARATORS = ",;\t";

    private final String fileName;
    private final Reader in;
    private final RecordReader records;
    private final Map<Column, Integer> header = new EnumMap<>(Column.class);

    /** The columns that are not acted on, by their names as they are written. */
    private final Map<String, Integer> others = new LinkedHashMap<>();

    private final int columns;
    private String separator = ",";

    private CSVFormat format = CSVFormat.DEFAULT;
    private long brokenLine;
    private long brokenLeft;
    private String broken = "";

    OrdersCsv(String fileName, InputStream bytes) throws IOException, UnusableFileException {
        this.fileName = fileName;
        // The default decoder would replace malformed input instead of refusing the file.
        this.in = new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
        this.records = new RecordReader(in, SEPARATORS);
        this.columns = readHeader();
    }

    private int readHeader() throws IOException, UnusableFileException {
        String wanted = " Nothing was done. The first line must name the columns: operation and one or more of "
                + Column.ORDER_NUMBERS.stream().map(Column::text).collect(Collectors.joining(", "))
                + "; channel if you like.";
        Part first = nextPart();
        first = first == null ? null : withoutBom(first);
        while (first != null && hasOnlySeparators(first)) {
            first = nextPart();
        }
        List<String> names = first == null ? null : parseHeader(first);
        if (names == null) {
            throw new UnusableFileException(fileName + " has no readable header row." + wanted);
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String written = OrderRow.value(names.get(i));
            String name = written.toLowerCase(Locale.ROOT);
            Column column = Column.of(name);
            if (column != null) {
                header.put(column, i);
            } else if (!name.isEmpty()) {
                others.put(written, i);
            }
            if (!seen.add(name) && !name.isEmpty()) {
                throw new UnusableFileException(fileName + " has two columns of one name." + wanted);
            }
        }
        if (!isHeader(names)) {
            throw new UnusableFileException(fileName + " has no usable header row." + wanted);
        }
        return names.size();
    }

    /** Finds the separator: the first with which the header is usable, else the comma. */
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

    char separator() {
        return separator.charAt(0);
    }

    private static boolean isHeader(List<String> names) {
        List<String> lower = names.stream()
                .map(name -> OrderRow.value(name).toLowerCase(Locale.ROOT))
                .toList();
        return lower.contains(Column.OPERATION.text())
                && Column.ORDER_NUMBERS.stream().map(Column::text).anyMatch(lower::contains);
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
        // One row for each physical line, so that no order is missing from the report.
        brokenLine = part.line();
        brokenLeft = part.lines();
        return nextBroken();
    }

    /**
     * Whether two quotes too many made one cell of all rows between them. Then the text after a
     * line break in a cell is a row itself; or, if that row's operation comes after the cell, the
     * record's first line and a later one are.
     */
    private boolean swallowsRows(Part part, List<String> record) {
        boolean inCell = record.stream().anyMatch(cell -> cell.lines().skip(1).anyMatch(this::isRow));
        List<String> lines = Objects.requireNonNull(part.text()).lines().toList();
        return inCell || (holdsRow(lines.get(0)) && lines.stream().skip(1).anyMatch(this::isRow));
    }

    /** Whether a row begins anywhere in the line: a remark's separators may shift its cells. */
    private boolean holdsRow(String line) {
        String[] cells = line.split(separator, -1);
        for (int shift = 0; shift < cells.length; shift++) {
            if (isRow(Arrays.copyOfRange(cells, shift, cells.length))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a physical line names an operation and a number, with or without quotes. */
    private boolean isRow(String line) {
        return isRow(line.split(separator, -1));
    }

    private boolean isRow(String[] cells) {
        return RowOperation.ofInput(unquoted(cells, Column.OPERATION)) != null
                && Column.ORDER_NUMBERS.stream()
                        .anyMatch(number -> !unquoted(cells, number).isEmpty());
    }

    private String unquoted(String[] cells, Column column) {
        Integer index = header.get(column);
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
        Map<Column, String> cells = new EnumMap<>(Column.class);
        header.forEach((column, index) -> cells.put(column, cell(record, index)));
        Map<String, String> more = new LinkedHashMap<>();
        others.forEach((name, index) -> more.put(name, cell(record, index)));
        OrderRow row = OrderRow.of(part.line(), cells).withOthers(more);
        if (!part.ended() && record.size() < columns) {
            // Its last number may be cut off, and so name another order.
            return row.withProblem("the file ends in the middle of this row: was it copied whole?");
        }
        return hasExtraCells(record) ? row.withProblem("has more cells than the header") : row;
    }

    /** Whether all cells are blank: a spreadsheet writes an empty row so. */
    private static boolean isEmpty(List<String> record) {
        return record.stream().allMatch(cell -> OrderRow.value(cell).isEmpty());
    }

    private boolean hasExtraCells(List<String> record) {
        // Spreadsheets may end a row with empty cells.
        return record.size() > columns
                && record.subList(columns, record.size()).stream().anyMatch(cell -> !cell.isBlank());
    }

    private static String cell(List<String> record, int index) {
        return index >= record.size() ? "" : record.get(index);
    }

    /** The cells of a record; null if it cannot be parsed. */
    private @Nullable List<String> parse(Part part) {
        String text = part.text();
        if (text == null || !part.closed()) {
            return null;
        }
        if (text.indexOf('"') < 0) {
            // A parser allocates buffers for each record: without this branch they would cost more
            // than all other work on a row.
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
