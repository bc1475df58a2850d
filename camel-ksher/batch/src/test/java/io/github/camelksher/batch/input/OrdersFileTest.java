/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.camelksher.batch.Cells;
import io.github.camelksher.batch.life.RowOperation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are fine, and the names of their batches. */
class OrdersFileTest extends OrdersFileCase {

    // ---- what is fine ----

    @Test
    void columnsMayBeInAnyOrderWithBomAndCrlfAndQuotesAndBlankLines() throws Exception {
        List<OrderRow> rows =
                rows("\uFEFFchannel,mch_order_no,note,operation\r\n\r\nwechat,\"A,\"\"1\",x,close\r\n  \r\n,B,,cancel");
        assertThat(rows)
                .extracting(OrderRow::line, OrderRow::operation, Cells::mchOrderNo, Cells::channel)
                .containsExactly(
                        tuple(3L, RowOperation.CLOSE, "A,\"1", "wechat"), tuple(5L, RowOperation.CANCEL, "B", ""));
        assertThat(rows).extracting(OrderRow::problem).containsOnlyNulls();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"operation\",\"mch_order_no\"\nclose,A\n",
                "\uFEFF\"operation\",\"mch_order_no\"\nclose,A\n",
                " Operation ,MCH_ORDER_NO\nclose,A\n",
                "\n\noperation,mch_order_no\nclose,A\n",
                "operation,mch_order_no,,\nclose,A,,\n",
                "operation,mch_order_no\rclose,A\r",
                "operation,mch_order_no\nclose,A,,,\n",
                "mch_order_no,operation\r\nA,close",
                "operation;mch_order_no\nclose;A\n",
                "\uFEFFOperation;\"mch_order_no\";remark,more\r\n\"close\";A;\"a;b,c\"\r\n",
                "operation\tmch_order_no\nclose\tA\n",
                "operation;mch_order_no;\nclose;A;\n",
                "operation;mch_order_no;\nclose;A\n",
                "operation\tmch_order_no\t\nCLOSE\tA\t\n"
            })
    void aHeaderMayLookLikeThis(String text) throws Exception {
        assertThat(rows(text))
                .extracting(OrderRow::operation, Cells::mchOrderNo, OrderRow::problem)
                .containsExactly(tuple(RowOperation.CLOSE, "A", null));
    }

    @Test
    void aLineNumberIsWhereTheRecordBeginsInTheFile() throws Exception {
        List<OrderRow> rows = rows("operation,mch_order_no,note\nclose,A,\"two\nlines\"\nclose,B,\n");
        assertThat(rows).extracting(OrderRow::line).containsExactly(2L, 4L);
        assertThat(rows)
                .extracting(OrderRow::problem)
                .as("the note is not ours")
                .containsOnlyNulls();
    }

    @Test
    void aRowMayHaveFewerCellsThanTheHeader() throws Exception {
        assertThat(rows(HEADER + "close,A\ncancel,B,\n"))
                .extracting(OrderRow::problem)
                .containsOnlyNulls();
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void aRowOfBlankCellsIsNoOrderAndTheOthersKeepTheirLines(String separator) throws Exception {
        String text = ",,,,,\n" + HEADER + ",,,,\n \u00a0,\"\",,,\nclose,A,,,\n,,,,,,,\n,,,\"\n\",\ncancel,B,,,\n,,,,";
        assertThat(rows(text.replace(",", separator)))
                .extracting(OrderRow::line, Cells::mchOrderNo, OrderRow::problem)
                .containsExactly(tuple(5L, "A", null), tuple(9L, "B", null));
    }

    @Test
    void aFileThatIsNotThereIsNamedInWords() {
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> OrdersFile.open(directory.resolve("none.csv")))
                .withMessageContaining("there is no such file");
    }

    @Test
    void cellsAreEchoedWithTheirBlanks() throws Exception {
        assertThat(rows(HEADER + "close, A ,,,\n"))
                .extracting(Cells::mchOrderNo)
                .containsExactly(" A ");
    }

    @Test
    void otherColumnsAreCarriedAsTheyAreInTheOrderOfTheHeader() throws Exception {
        List<OrderRow> rows =
                rows("Remark, Customer ,operation,mch_order_no,,channel\n =1+1 ,\"a\nb\",close,A,x,wechat\n"
                        + ",,close,B,,\nshort\n");
        assertThat(rows.get(0).others()).isEqualTo(Map.of("Remark", " =1+1 ", "Customer", "a\nb"));
        assertThat(rows.get(0).others().keySet()).containsExactly("Remark", "Customer");
        assertThat(rows.get(1).others()).isEqualTo(Map.of("Remark", "", "Customer", ""));
        assertThat(rows.get(2).others()).isEqualTo(Map.of("Remark", "short", "Customer", ""));
        assertThat(rows.get(2).problem()).isEqualTo("operation must be close or cancel");
        assertThat(rows.get(0)).hasToString("line 2");
    }

    @Test
    void onlyTheHeadersSeparatorPartsCells() throws Exception {
        assertThat(rows("operation;mch_order_no\nclose;A,1\ncancel;\"B;2\"\nclose;C,\"3\n"))
                .extracting(Cells::mchOrderNo)
                .containsExactly("A,1", "B;2", "C,\"3");
        assertThat(rows("operation,mch_order_no\nclose,A;1\nclose,B\t\"2\n"))
                .extracting(Cells::mchOrderNo)
                .containsExactly("A;1", "B\t\"2");
    }

    // ---- its name ----

    @Test
    void aBatchIsNamedAfterTheFileAndItsContent() throws Exception {
        Path path = Files.writeString(directory.resolve("night.csv"), HEADER);
        OrdersFile file = OrdersFile.open(path);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(HEADER.getBytes(UTF_8)));
        assertThat(file.sha256()).isEqualTo(hash);
        assertThat(file.batchName()).isEqualTo("night-" + hash.substring(0, 8));
        assertThat(file.path()).isEqualTo(path);
        Files.writeString(path, HEADER + "\n");
        assertThat(OrdersFile.open(path).batchName()).isNotEqualTo(file.batchName());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\b:c*?.csv",
                "..csv",
                "...csv",
                ".csv",
                ".hidden.csv",
                "..\\..\\x.csv",
                "night.CSV",
                "night",
                "night.csv.csv",
                "-rf.csv",
                "\u0e04\u0e33\u0e2a\u0e31\u0e48\u0e07\u0e0b\u0e37\u0e49\u0e2d.csv",
                "x y\ud83d\ude00.csv",
                "a\nb.csv",
                "{glob}[x].csv",
                "$(x)`y`;z&.csv"
            })
    void aBatchsNameIsSafeInAnyFileSystem(String name) throws Exception {
        assertSafe(name);
    }

    @Test
    void aLongNameIsCut() throws Exception {
        String name = assertSafe("x".repeat(200) + ".csv");
        assertThat(name).startsWith("x".repeat(48) + "-");
    }

    @Test
    void namesOfEveryLengthAreSafe() throws Exception {
        for (int length : IntStream.range(1, 70).toArray()) {
            assertSafe(".".repeat(length) + "y.csv");
        }
    }

    private String assertSafe(String fileName) throws Exception {
        Path path = Files.writeString(directory.resolve(fileName), HEADER);
        String name = OrdersFile.open(path).batchName();
        assertThat(name).matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}").matches(".*-[0-9a-f]{8}");
        assertThat(OrderMessage.BATCH.matcher(name).matches()).isTrue();
        assertThat(name.toLowerCase(Locale.ROOT)).doesNotEndWith(".csv");
        return name;
    }

    @Test
    void whatIsNoFileIsUnusableAtOnceAndNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe.csv");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> OrdersFile.open(directory))
                .withMessageContaining("is no file")
                .withMessageEndingWith("Nothing was done.");
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> assertTimeoutPreemptively(Duration.ofSeconds(5), () -> OrdersFile.open(pipe)))
                .withMessageContaining("is no file");
    }
}
