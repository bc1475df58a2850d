/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrdersFileTest {

    private static final String HEADER = "operation,mch_order_no,ksher_order_no,channel_order_no,channel\n";

    private static List<OrderRow> rows(String text) throws UnusableFile {
        return OrdersFile.read("orders.csv", text.getBytes(StandardCharsets.UTF_8))
                .rows();
    }

    private static String problem(String row) throws UnusableFile {
        Verdict problem = rows(HEADER + row).get(0).problem();
        return problem == null ? "" : problem.outcome() + " " + problem.facts().detail();
    }

    @Test
    void columnsMayBeInAnyOrderWithBomAndCrlfAndQuotesAndBlankLines() throws UnusableFile {
        List<OrderRow> rows =
                rows("\uFEFFchannel,mch_order_no,note,operation\r\n\r\nwechat,\"A,\"\"1\",x,close\r\n  \r\n,B,,cancel");
        assertThat(rows)
                .extracting(OrderRow::line, OrderRow::operation, OrderRow::mchOrderNo, OrderRow::channel)
                .containsExactly(tuple(3L, Operation.CLOSE, "A,\"1", "wechat"), tuple(5L, Operation.CANCEL, "B", ""));
    }

    @Test
    void aLineNumberIsWhereTheRecordBeginsInTheFile() throws UnusableFile {
        assertThat(rows("operation,mch_order_no,note\nclose,A,\"two\nlines\"\nclose,B,\n"))
                .extracting(OrderRow::line)
                .containsExactly(2L, 4L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pay,A,,,",
                ",A,,,",
                "close,,,,",
                "cancel,,K-1,,",
                "close,A,,,,more",
                "close,123456789012345678901234567890123,,,",
                "close,A,,,a-channel-of-more-than-32-characters",
                "close,\"A\nB\",,,",
                "close,\"A\"x,,,",
                "close,\"A,,,"
            })
    void aRowThatCannotBeSentIsInvalid(String row) throws UnusableFile {
        assertThat(problem(row)).startsWith("INVALID ");
    }

    @Test
    void thirtyTwoCharactersAreFineAlsoIfTheyAreEmoji() throws UnusableFile {
        assertThat(problem("close," + "😀".repeat(32) + ",,,")).isEmpty();
        assertThat(problem("close," + "😀".repeat(33) + ",,,")).startsWith("INVALID");
    }

    @Test
    void aBrokenRowCostsNoOtherRow() throws UnusableFile {
        List<OrderRow> rows = rows(HEADER + "close,\"A\"x,,,\nclose,B,,,\nclose,C\"C,,,\nclose,D,,,\n");
        assertThat(rows).extracting(OrderRow::line).containsExactly(2L, 3L, 4L, 5L);
        assertThat(rows.get(1).problem()).isNull();
        assertThat(rows.get(3).problem()).isNull();
    }

    @Test
    void theSameOperationAndNumbersAreADuplicateOfTheFirstValidRow() throws UnusableFile {
        List<OrderRow> rows = rows(HEADER + "close,A,,,too-long-a-channel-for-any-number-here\nclose,A,,,\n"
                + "close,A,,,wechat\ncancel,A,,,\nclose,A,K,,\n");
        assertThat(rows.get(0).problem().outcome()).isEqualTo(Outcome.INVALID);
        assertThat(rows.get(1).problem()).isNull();
        assertThat(rows.get(2).problem()).isEqualTo(new Verdict(Outcome.DUPLICATE, Facts.of("the same as line 3")));
        assertThat(rows.get(3).problem()).isNull();
        assertThat(rows.get(4).problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "a,b\nclose,A\n",
                "operation\nclose\n",
                "\"operation",
                "operation,mch_order_no,operation\n"
            })
    void aFileWithoutAUsableHeaderIsUnusable(String text) {
        assertThatThrownBy(() -> rows(text)).isInstanceOf(UnusableFile.class).hasMessageContaining("Nothing was done");
    }

    @Test
    void aFileThatIsNotUtf8IsUnusable() {
        byte[] latin = (HEADER + "close,Ä,,,\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> OrdersFile.read("orders.csv", latin))
                .isInstanceOf(UnusableFile.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aBatchIsNamedAfterTheFileAndItsContent() throws UnusableFile {
        byte[] content = HEADER.getBytes(StandardCharsets.UTF_8);
        assertThat(OrdersFile.read("night.csv", content).batch()).matches("night-[0-9a-f]{8}");
    }
}
