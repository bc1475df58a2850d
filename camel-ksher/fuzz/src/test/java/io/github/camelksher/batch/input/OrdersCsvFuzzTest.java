/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelksher.batch.input.RecordReader.Part;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.OrderRequest;
import io.github.camelksher.client.Parameter;
import io.github.camelksher.client.Requests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Any bytes as a file of orders: unusable as a whole, or each of its lines is in a row. */
class OrdersCsvFuzzTest {

    private static final Pattern LINE_END = Pattern.compile("\r\n|\n|\r");

    @FuzzTest
    void everyLineOfAUsableFileIsInARow(byte[] content) throws IOException {
        List<OrderRow> rows;
        char separator;
        try {
            separator = separator(content);
            rows = rows(new ByteArrayInputStream(content));
        } catch (UnusableFileException e) {
            assertThat(e)
                    .hasMessageStartingWith("orders.csv")
                    .hasMessageContaining("Nothing was done.")
                    .hasNoCause();
            assertThat(e.getMessage()).hasSizeLessThan(300);
            return;
        }
        String text = new String(content, StandardCharsets.UTF_8);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(content);
        List<Part> parts = parts(text, separator);
        List<Long> lines = rows.stream().map(OrderRow::line).toList();
        assertThat(lines).isSorted().doesNotHaveDuplicates();
        parts.stream().filter(part -> !isEmpty(part)).skip(1).forEach(part -> assertThat(lines)
                .contains(part.line()));
        for (OrderRow row : rows) {
            wouldBeSent(row, text);
        }
        try {
            assertThat(rows(new OneByOne(content))).isEqualTo(rows);
        } catch (UnusableFileException e) {
            throw new AssertionError("usable only when it is read in one piece", e);
        }
    }

    /** Nothing, or cells of blanks and nothing: no row. */
    private static boolean isEmpty(Part part) {
        String text = part.text();
        return part.isBlank()
                || (text != null
                        && text.chars()
                                .allMatch(c -> Character.isWhitespace(c)
                                        || Character.isSpaceChar(c)
                                        || (OrdersCsv.SEPARATORS + "\"\uFEFF").indexOf(c) >= 0));
    }

    /** The records are the whole text: none of its lines is passed over or counted twice. */
    private static List<Part> parts(String text, char separator) throws IOException {
        RecordReader records = new RecordReader(new StringReader(text), OrdersCsv.SEPARATORS);
        List<Part> parts = new ArrayList<>();
        long line = 1;
        for (Part part = records.next(); part != null; part = records.next()) {
            assertThat(part.line()).isEqualTo(line);
            assertThat(part.lines()).isPositive();
            line += part.lines();
            parts.add(part);
            if (!isEmpty(part)) {
                records.separatedBy(separator);
            }
        }
        long lineEnds = LINE_END.matcher(text).results().count();
        boolean lastIsOpen = !text.isEmpty() && !text.endsWith("\n") && !text.endsWith("\r");
        assertThat(line - 1).isEqualTo(lineEnds + (lastIsOpen ? 1 : 0));
        return parts;
    }

    /** A row without a problem is one for the component too, and names an order that the file names. */
    private static void wouldBeSent(OrderRow row, String text) {
        if (row.problem() != null) {
            assertThat(row.problem()).hasSizeLessThan(300);
            return;
        }
        RowOperation operation = Objects.requireNonNull(row.operation());
        OrderRequest request = new OrderRequest(KsherOperation.valueOf(Objects.requireNonNull(operation.command())))
                .with(Parameter.MCH_ORDER_NO, row.value(Column.MCH_ORDER_NO))
                .with(Parameter.KSHER_ORDER_NO, row.value(Column.KSHER_ORDER_NO))
                .with(Parameter.CHANNEL_ORDER_NO, row.value(Column.CHANNEL_ORDER_NO))
                .with(Parameter.CHANNEL, row.value(Column.CHANNEL));
        assertThat(Requests.problem(request)).isNull();
        for (String cell : row.cells().values()) {
            assertThat(text.contains(cell) || text.contains(cell.replace("\"", "\"\"")))
                    .isTrue();
        }
        assertThat(row.identity().chars().filter(c -> c == '\n').count()).isEqualTo(3);
        assertThat(row.orderKey("mch1")).startsWith("mch1|");
    }

    private static char separator(byte[] content) throws IOException, UnusableFileException {
        try (OrdersCsv csv = new OrdersCsv("orders.csv", new ByteArrayInputStream(content))) {
            return csv.separator();
        }
    }

    private static List<OrderRow> rows(InputStream bytes) throws IOException, UnusableFileException {
        List<OrderRow> rows = new ArrayList<>();
        try (OrdersCsv csv = new OrdersCsv("orders.csv", bytes)) {
            for (OrderRow row = csv.next(); row != null; row = csv.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** As a slow disk or pipe may bring it. */
    private static final class OneByOne extends ByteArrayInputStream {

        OneByOne(byte[] content) {
            super(content);
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, 1));
        }
    }
}
