/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any rows, written in any way that spreadsheets write CSV. */
class OrdersCsvPropertiesTest {

    private static final List<String> COLUMNS =
            List.of("operation", "mch_order_no", "ksher_order_no", "channel_order_no", "channel", "note");

    /** The cells of a row, in the order of the columns. */
    private record Cells(List<String> texts) {

        OrderRow at(long line) {
            return order(line)
                    .operation(texts.get(0))
                    .mchOrderNo(texts.get(1))
                    .ksherOrderNo(texts.get(2))
                    .channelOrderNo(texts.get(3))
                    .channel(texts.get(4))
                    .build()
                    .withOthers(Map.of("note", texts.get(5)));
        }
    }

    @Provide
    static Arbitrary<List<Cells>> rows() {
        Arbitrary<String> cell = Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "A1",
                        "0",
                        " B 2",
                        "C,\"3\"",
                        "\"",
                        "\"\"",
                        "x\ny",
                        "x\r\ny",
                        "ไทย",
                        "\uD83D\uDE00",
                        "\uFEFF",
                        "\t"),
                Arbitraries.strings().ascii().ofMaxLength(6),
                Arbitraries.strings().withChars("\",\n\r ").ofMaxLength(6));
        Arbitrary<String> operation = Arbitraries.of("close", "cancel", " close", "", "open", "Close");
        return Combinators.combine(operation, cell.list().ofSize(5))
                .as((first, rest) -> {
                    List<String> texts = new ArrayList<>(List.of(first));
                    texts.addAll(rest);
                    return new Cells(texts);
                })
                .list()
                .ofMaxSize(6);
    }

    @Property
    void whatWasWrittenIsReadAtItsLine(@ForAll("rows") List<Cells> rows, @ForAll Random random) throws Exception {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
        Collections.shuffle(order, random);
        String end = random.nextBoolean() ? "\n" : "\r\n";
        String separator = List.of(",", ";", "\t").get(random.nextInt(3));
        StringBuilder csv = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
        csv.append(order.stream().map(COLUMNS::get).collect(Collectors.joining(separator)))
                .append(end);
        List<OrderRow> expected = new ArrayList<>();
        long line = 2;
        for (Cells cells : rows) {
            if (random.nextInt(4) == 0) {
                csv.append(end);
                line++;
            }
            // A row of blank cells is no order.
            if (cells.texts().stream().anyMatch(cell -> !OrderRow.value(cell).isEmpty())) {
                expected.add(cells.at(line));
            }
            String record = order.stream()
                    .map(column -> quoted(cells.texts().get(column), random))
                    .collect(Collectors.joining(separator));
            csv.append(record).append(end);
            line += record.split("\r\n|\n|\r", -1).length;
        }
        assertThat(read(csv.toString().getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @Property
    void noPieceOfAFileNamesAnOrderThatIsNotInIt(@ForAll("rows") List<Cells> rows, @ForAll Random random)
            throws Exception {
        StringBuilder csv = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (Cells cells : rows) {
            csv.append(cells.texts().stream().map(cell -> quoted(cell, random)).collect(Collectors.joining(",")))
                    .append('\n');
        }
        byte[] whole = csv.toString().getBytes(StandardCharsets.UTF_8);
        int header = csv.indexOf("\n") + 1;
        byte[] piece = Arrays.copyOf(whole, header + random.nextInt(whole.length - header + 1));
        List<String> orders = rows.stream().map(cells -> cells.at(1).identity()).toList();
        List<OrderRow> read;
        try {
            read = read(piece);
        } catch (UnusableFileException e) {
            assertThat(e).as("cut in a character").hasMessageContaining("UTF-8");
            return;
        }
        assertThat(read).filteredOn(row -> row.problem() == null).allSatisfy(row -> assertThat(orders)
                .contains(row.identity()));
    }

    @Property
    void anOrderIsTheSameAfterTheQueue(@ForAll("rows") List<Cells> rows) throws Exception {
        for (Cells cells : rows) {
            OrderMessage.Order order = new OrderMessage.Order("b-1", cells.at(7));
            assertThat(OrderMessage.parse(order.toJson())).isEqualTo(order);
        }
    }

    private static String quoted(String cell, Random random) {
        boolean must = cell.chars().anyMatch(c -> "\",;\t\r\n".indexOf(c) >= 0);
        return must || random.nextInt(3) == 0 ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    private static List<OrderRow> read(byte[] content) throws IOException, UnusableFileException {
        List<OrderRow> rows = new ArrayList<>();
        try (OrdersCsv csv = new OrdersCsv("orders.csv", new ByteArrayInputStream(content))) {
            for (OrderRow row = csv.next(); row != null; row = csv.next()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
