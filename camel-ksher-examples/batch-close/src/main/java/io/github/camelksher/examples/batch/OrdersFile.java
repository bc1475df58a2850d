/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.examples.batch.RecordSplitter.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file.
 *
 * @param batch the batch's name: the file's, and the first 8 hex digits of its content's SHA-256
 * @param rows in input order
 */
record OrdersFile(String batch, List<OrderRow> rows) {

    private static final List<String> NUMBERS = List.of("mch_order_no", "ksher_order_no", "channel_order_no");
    private static final int MAX_CHARACTERS = 32;

    static OrdersFile read(String fileName, byte[] content) throws UnusableFile {
        List<Part> parts = RecordSplitter.split(decode(fileName, content));
        Map<String, Integer> header = header(fileName, parts);
        List<OrderRow> rows = new ArrayList<>();
        Map<List<String>, Long> seen = new HashMap<>();
        for (Part part : parts.subList(1, parts.size())) {
            OrderRow row = row(part, header);
            Long earlier = row.problem() == null ? seen.putIfAbsent(row.identity(), row.line()) : null;
            rows.add(earlier == null ? row : row.duplicateOf(earlier));
        }
        return new OrdersFile(fileName.replaceFirst("(?i)\\.csv$", "") + "-" + hash(content), List.copyOf(rows));
    }

    private static String decode(String fileName, byte[] content) throws UnusableFile {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnusableFile(fileName + " is not UTF-8: save it as CSV UTF-8. Nothing was done.");
        }
    }

    private static Map<String, Integer> header(String fileName, List<Part> parts) throws UnusableFile {
        String wanted = " Nothing was done. The first line must name the columns: operation and one or more of "
                + String.join(", ", NUMBERS) + "; channel if you like.";
        CSVRecord names = parts.isEmpty() ? null : parse(parts.get(0));
        if (names == null) {
            throw new UnusableFile(fileName + " has no readable header row." + wanted);
        }
        Map<String, Integer> header = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).strip().toLowerCase(Locale.ROOT);
            if (header.put(name, i) != null && !name.isEmpty()) {
                throw new UnusableFile(fileName + " has two columns of one name." + wanted);
            }
        }
        if (!header.containsKey("operation") || NUMBERS.stream().noneMatch(header::containsKey)) {
            throw new UnusableFile(fileName + " has no usable header row." + wanted);
        }
        header.put("", names.size());
        return header;
    }

    private static OrderRow row(Part part, Map<String, Integer> header) {
        CSVRecord record = parse(part);
        if (record == null) {
            return invalid(
                    part.line(),
                    part.closed()
                            ? "cannot be read: something is wrong with its quotes"
                            : "cannot be read: a quote is never closed, and the file ends with it: "
                                    + part.text().lines().count() + " lines were not read");
        }
        String[] cells = new String[5];
        Arrays.setAll(cells, i -> cell(record, header, i == 0 ? "operation" : i == 4 ? "channel" : NUMBERS.get(i - 1)));
        Operation operation =
                switch (cells[0].strip()) {
                    case "close" -> Operation.CLOSE;
                    case "cancel" -> Operation.CANCEL;
                    default -> null;
                };
        String problem = record.size() > header.getOrDefault("", 0) && extraCells(record, header)
                ? "has more cells than the header"
                : problem(operation, cells);
        return new OrderRow(
                part.line(),
                cells[0],
                operation,
                cells[1],
                cells[2],
                cells[3],
                cells[4],
                problem == null ? null : new Verdict(Outcome.INVALID, Facts.of(problem)));
    }

    private static boolean extraCells(CSVRecord record, Map<String, Integer> header) {
        // Spreadsheets like to end a row with empty cells.
        return record.stream().skip(header.getOrDefault("", 0)).anyMatch(cell -> !cell.isBlank());
    }

    private static @Nullable String problem(@Nullable Operation operation, String[] cells) {
        if (operation == null) {
            return "operation must be close or cancel";
        }
        boolean anyOther = !cells[2].isBlank() || !cells[3].isBlank();
        if (cells[1].isBlank() && (operation == Operation.CANCEL || !anyOther)) {
            return operation == Operation.CANCEL ? "cancel needs mch_order_no" : "has no order number";
        }
        for (int i = 1; i < cells.length; i++) {
            String name = i == 4 ? "channel" : NUMBERS.get(i - 1);
            if (cells[i].codePointCount(0, cells[i].length()) > MAX_CHARACTERS) {
                return name + " has more than " + MAX_CHARACTERS + " characters";
            }
            if (cells[i].chars().anyMatch(Character::isISOControl)) {
                return name + " has control characters";
            }
        }
        return null;
    }

    private static String cell(CSVRecord record, Map<String, Integer> header, String name) {
        Integer index = header.get(name);
        return index == null || index >= record.size() ? "" : record.get(index);
    }

    private static OrderRow invalid(long line, String problem) {
        return new OrderRow(line, "", null, "", "", "", "", new Verdict(Outcome.INVALID, Facts.of(problem)));
    }

    /** Null if it cannot be parsed. */
    private static @Nullable CSVRecord parse(Part part) {
        try (CSVParser parser = CSVParser.parse(part.text(), CSVFormat.DEFAULT)) {
            List<CSVRecord> records = parser.getRecords();
            return part.closed() && records.size() == 1 ? records.get(0) : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
