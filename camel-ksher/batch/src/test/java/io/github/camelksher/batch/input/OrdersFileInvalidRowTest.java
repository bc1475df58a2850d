/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.camelksher.batch.Cells;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are INVALID. */
class OrdersFileInvalidRowTest extends OrdersFileCase {

    // ---- what a spreadsheet did to numbers ----

    private List<String> problems(String... numbers) throws Exception {
        StringBuilder text = new StringBuilder(HEADER);
        for (String number : numbers) {
            text.append("close,").append(number).append(",,,\n");
        }
        return rows(text.toString()).stream()
                .map(row -> row.problem() == null ? "" : row.problem().replaceFirst(":.*", ""))
                .toList();
    }

    private static final String ROUNDED_A = "90020201123100000000000";
    private static final String ROUNDED_B = "90020201123101000000000";
    private static final String WHOLE = "90020201123100000001002";

    @Test
    void roundedNumbersAreInvalidIfMostOfTheirLengthAreSo() throws Exception {
        String two = "mch_order_no has zeros from its 16th digit on, as 2 of 2 numbers of this length";
        assertThat(problems(ROUNDED_A, ROUNDED_B)).containsExactly(two, two);
        assertThat(problems(ROUNDED_A, WHOLE, ROUNDED_B))
                .containsExactly(two.replace("2 of 2", "2 of 3"), "", two.replace("2 of 2", "2 of 3"));
        assertThat(problems(ROUNDED_A, "\" " + ROUNDED_B + "\"", "1", "A", "90020201123100000001"))
                .as("of this length only")
                .containsExactly(two, two, "", "", "");
    }

    @Test
    void aSingleRoundedNumberIsAcceptedAndSoIsHalfOfThem() throws Exception {
        assertThat(problems(ROUNDED_A)).containsExactly("");
        assertThat(problems(ROUNDED_A, ROUNDED_A)).as("one number, twice").containsExactly("", "");
        assertThat(problems(ROUNDED_A, WHOLE)).containsExactly("", "");
        assertThat(problems(ROUNDED_A, ROUNDED_B, WHOLE, WHOLE)).containsExactly("", "", "", "");
        assertThat(problems("100000000000000", "200000000000000"))
                .as("15 digits are kept")
                .containsExactly("", "");
        assertThat(problems("0010000000000000", "0020000000000000"))
                .as("a spreadsheet drops zeros in front")
                .containsExactly("", "");
        assertThat(problems(ROUNDED_A + "A", ROUNDED_B + "A")).containsExactly("", "");
    }

    @Test
    void theNumbersOfAllColumnsAreCountedTogether() throws Exception {
        assertThat(rows(HEADER + "close," + ROUNDED_A + ",,,\nclose,," + ROUNDED_B + ",,\n"))
                .allSatisfy(row -> assertThat(row.problem()).contains("2 of 2 numbers of this length"));
        List<OrderRow> rows = rows(HEADER + "close," + WHOLE + "," + ROUNDED_A + ",,\n" + "close," + WHOLE + "1,"
                + ROUNDED_B + ",,\nclose,A,,,\n");
        assertThat(rows.get(0).problem()).startsWith("ksher_order_no has zeros");
        assertThat(rows.get(1).problem()).startsWith("ksher_order_no has zeros");
        assertThat(rows.get(2).problem()).isNull();
    }

    @Test
    void sixteenDigitsThatEndInZeroAreRoundedToo() throws Exception {
        assertThat(problems("1234567890123450", "1234567890123460", "1234567890123470"))
                .allMatch(problem -> problem.contains("3 of 3"));
    }

    @Test
    void aRoundedNumberIsNotTheProblemOfARowThatHasAnother() throws Exception {
        List<OrderRow> rows = rows(HEADER + "pay," + ROUNDED_A + ",,,\nclose," + ROUNDED_B + ",,,\n");
        assertThat(rows.get(0).problem()).isEqualTo("operation must be close or cancel");
        assertThat(rows.get(1).problem()).as("both are counted").contains("2 of 2");
    }

    // ---- two stray quotes ----

    @Test
    void twoStrayQuotesSwallowNoRow() throws Exception {
        List<OrderRow> rows = rows("operation,mch_order_no,remark\nclose,A,\"he said\nCancel,B,x\n"
                + "close,C,y\nclose,D,bye\"\nclose,E,\n");
        assertThat(rows).extracting(OrderRow::line).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(rows.subList(0, 4)).allSatisfy(row -> {
            assertThat(row.problem()).contains("closed in a later row only", "lines 2 to 5 belong to it");
            assertThat(row.operation()).isNull();
            assertThat(Cells.mchOrderNo(row)).isEmpty();
        });
        assertThat(Cells.mchOrderNo(rows.get(4))).isEqualTo("E");
        assertThat(rows.get(4).problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operation,mch_order_no,remark\nclose,A,\"\nclose,B,\"\n",
                "operation,mch_order_no,remark\nclose,A,\"x\nclose,B\"\n",
                "operation;mch_order_no;remark\nclose;A;\"x\nclose;B;y\"\n",
                "mch_order_no,remark,operation\nA,\"x,close\nB,y\",close\n",
                "mch_order_no,remark,operation\nA,\"x,close\nC,z,close\nB,y\",close\n",
                "remark,operation,mch_order_no\n\"x,close,A\ny\",close,B\n",
                "remark,operation,mch_order_no\n\"oops, x,close,A\nfoo\",close,B\n",
                "operation,mch_order_no,remark\nrefund,A,\"x\nclose,B,y\"\n",
                "operation,mch_order_no,remark\r\nclose,\"A\r\nclose,B\",y\r\n",
                "operation,mch_order_no,remark\nclose,A,\"x\n \"\"close\"\", \"\"B\"\" ,y\"\n"
            })
    void strayQuotesAreFoundWhereverTheColumnsAre(String text) throws Exception {
        assertThat(rows(text)).hasSizeGreaterThanOrEqualTo(2).allSatisfy(row -> assertThat(row.problem())
                .contains("cannot be read"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "operation,mch_order_no,remark\nclose,A,\"two\nlines\"\n",
                "operation,mch_order_no,remark\nclose,A,\"please\nclose\n\"\n",
                "operation,mch_order_no,remark\nclose,A,\"do not\nclose\"\n",
                "remark,operation,mch_order_no\n\"two\nlines\",close,A\n",
                "remark,operation,mch_order_no\n\"a,b\nc,d\",close,A\n",
                "mch_order_no,remark,operation\nA,\"two\nlines, of text\",close\n",
                "mch_order_no,operation,remark\nA,close,\"Bob, 7 Road\nTown, 12345\"\n"
            })
    void aRemarkOfManyLinesIsFine(String text) throws Exception {
        assertThat(rows(text)).extracting(Cells::mchOrderNo, OrderRow::problem).containsExactly(tuple("A", null));
    }

    @Test
    void formulasAreNumbersLikeOthers() throws Exception {
        List<OrderRow> rows = rows(HEADER + "close,=1+1,,,\nclose,+1,-1,@x,\nclose,\"=HYPERLINK(\"\"x\"\")\",,,\n");
        assertThat(rows).extracting(Cells::mchOrderNo).containsExactly("=1+1", "+1", "=HYPERLINK(\"x\")");
        assertThat(rows).extracting(OrderRow::problem).containsOnlyNulls();
    }

    @Test
    void duplicatesAreForTheJournalToFind() throws Exception {
        assertThat(rows(HEADER + "close,A,,,\nclose,A,,,\n"))
                .extracting(OrderRow::problem)
                .containsOnlyNulls();
    }

    @Test
    void aFileWithNothingButAHeaderHasNoRows() throws Exception {
        assertThat(rows(HEADER)).isEmpty();
        assertThat(rows(HEADER.strip())).isEmpty();
        assertThat(rows(HEADER + "\n \n")).isEmpty();
    }

    // ---- rows that cannot be worked on ----

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
                "close,A\u0000,,,",
                "close,A\u0007B,,,",
                "close,\"A\"x,,,",
                "close,\"A,,,",
                "\u0000\u0001\u0002"
            })
    void aRowThatCannotBeSentIsInvalid(String row) throws Exception {
        if (row.equals("close,\"A\nB\",,,")) {
            assertThat(problem(row + "\n")).contains("control characters");
        } else {
            assertThat(problem(row + "\n")).isNotEmpty();
        }
    }

    @Test
    void thirtyTwoCharactersAreFineAlsoIfTheyAreEmoji() throws Exception {
        assertThat(problem("close," + "\ud83d\ude00".repeat(32) + ",,,\n")).isEmpty();
        assertThat(problem("close," + "\ud83d\ude00".repeat(33) + ",,,\n")).contains("32");
    }

    @Test
    void aBrokenRowCostsNoOtherRow() throws Exception {
        List<OrderRow> rows =
                rows(HEADER + "close,\"A\"x,,,\nclose,B,,,\nclose,C\"C,,,\nclose,D\"\"D,,,\nclose,E,,,\n");
        assertThat(rows)
                .extracting(OrderRow::line, Cells::mchOrderNo, row -> row.problem() == null)
                .containsExactly(
                        tuple(2L, "", false),
                        tuple(3L, "B", true),
                        tuple(4L, "C\"C", true),
                        tuple(5L, "D\"\"D", true),
                        tuple(6L, "E", true));
    }

    @Test
    void aQuoteThatIsNeverClosedMakesEveryLineThatFollowsARowThatSaysSo() throws Exception {
        StringBuilder text = new StringBuilder(HEADER);
        for (int line = 2; line <= 1_001; line++) {
            text.append("close,")
                    .append(line == 500 ? "\"" : "")
                    .append('A')
                    .append(line)
                    .append(",,,\n");
        }
        List<OrderRow> rows = rows(text.toString());
        assertThat(rows)
                .extracting(OrderRow::line)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(2, 1_001).boxed().toList());
        assertThat(rows.subList(0, 498)).extracting(OrderRow::problem).containsOnlyNulls();
        assertThat(rows.subList(498, 1_000)).allSatisfy(row -> {
            assertThat(row.problem()).contains("a quote is never closed", "lines 500 to 1001 belong to it");
            assertThat(row.operation()).isNull();
            assertThat(Cells.mchOrderNo(row)).isEmpty();
        });
    }

    @Test
    void aQuoteThatALaterRowClosesMakesNoOrderOfWhatIsBetween() throws Exception {
        List<OrderRow> rows = rows(HEADER + "close,\"A,,,\nclose,B,,,\n\nclose,\"C\",,,\nclose,D,,,\nclose,\"E\",,,\n");
        assertThat(rows).extracting(OrderRow::line).containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(rows.subList(0, 4)).allSatisfy(row -> {
            assertThat(row.problem()).contains("lines 2 to 5 belong to it");
            assertThat(row.operation()).isNull();
        });
        assertThat(rows.subList(4, 6)).extracting(Cells::mchOrderNo).containsExactly("D", "E");
        assertThat(rows.subList(4, 6)).extracting(OrderRow::problem).containsOnlyNulls();
    }

    @Test
    void aLineOfTenMegabytesIsOneInvalidRow() throws Exception {
        Path path = directory.resolve("long.csv");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            out.write((HEADER + "close,A,,,\nclose,").getBytes(UTF_8));
            for (int i = 0; i < 10_000_000; i++) {
                out.write('x');
            }
            out.write(",,,\nclose,B,,,\n".getBytes(UTF_8));
        }
        OrdersFile file = OrdersFile.open(path);
        List<OrderRow> rows = new ArrayList<>();
        file.forEach(rows::add);
        assertThat(rows)
                .extracting(OrderRow::line, Cells::mchOrderNo)
                .containsExactly(tuple(2L, "A"), tuple(3L, ""), tuple(4L, "B"));
        assertThat(rows.get(0).problem()).isNull();
        assertThat(rows.get(1).problem()).contains("longer than 65536 characters");
        assertThat(rows.get(2).problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"close,A12", "close,A12,", "clo", "close,A12,,", "close"})
    void theLastRowOfAHalfFileIsInvalid(String half) throws Exception {
        List<OrderRow> rows = rows(HEADER + "close,A1,,,\n" + half);
        assertThat(rows).extracting(OrderRow::line).containsExactly(2L, 3L);
        assertThat(rows.get(0).problem()).isNull();
        assertThat(rows.get(1).problem()).contains("the file ends in the middle of this row");
    }

    @Test
    void aLastRowWithAllItsCellsNeedsNoLineEnd() throws Exception {
        assertThat(rows(HEADER + "close,A12,,,")).extracting(OrderRow::problem).containsOnlyNulls();
        assertThat(rows("operation,mch_order_no\nclose,A12"))
                .extracting(OrderRow::problem)
                .containsOnlyNulls();
    }

    @Test
    void noPieceOfAFileMakesAnOrderThatIsNotInIt() throws Exception {
        byte[] whole = (HEADER + "close,AB1,,,wechat\r\n\"cancel\",\"AB2\",\"\",,\r\nclose,,\u0e44\u0e17\u0e22,,\n")
                .getBytes(UTF_8);
        List<String> numbers = List.of("AB1", "AB2", "\u0e44\u0e17\u0e22");
        for (int end = HEADER.length(); end < whole.length; end++) {
            byte[] piece = Arrays.copyOf(whole, end);
            List<OrderRow> rows;
            try {
                rows = rows(piece);
            } catch (UnusableFileException e) {
                assertThat(e).as("cut in a character").hasMessageContaining("UTF-8");
                continue;
            }
            assertThat(rows.stream().filter(row -> row.problem() == null))
                    .allMatch(row ->
                            numbers.contains(Cells.mchOrderNo(row)) || numbers.contains(Cells.ksherOrderNo(row)));
        }
    }
}
