/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelksher.batch.Cells;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that cannot be planned. */
class UnusableFileTest extends OrdersFileCase {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "\uFEFF",
                "a,b\nclose,A\n",
                "close,A,,,\nclose,B,,,\n",
                "operation\nclose\n",
                "mch_order_no\nA\n",
                "operation|mch_order_no\nclose|A\n",
                "\"operation",
                "\"operation\"x,mch_order_no\nclose,A\n",
                "operation,mch_order_no,operation\nclose,A,cancel\n",
                "operation,mch_order_no,Mch_Order_No \nclose,A,B\n",
                "{\"batch\":\"b\"}"
            })
    void aFileWithoutAUsableHeaderIsUnusable(String text) throws IOException {
        Path path = file(text.getBytes(UTF_8));
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> OrdersFile.open(path))
                .withMessageContaining("Nothing was done")
                .withMessageContaining("orders.csv");
    }

    @Test
    void aHeaderOfTenMegabytesIsUnusable() throws IOException {
        byte[] content = new byte[10_000_000];
        Arrays.fill(content, (byte) 'x');
        Path path = file(content);
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> OrdersFile.open(path))
                .withMessageContaining("no readable header row")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    @Test
    void aFileThatIsNotUtf8IsUnusableWhereverThatShows() throws IOException {
        for (Charset charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16, Charset.forName("GBK"))) {
            for (String text : List.of(
                    HEADER + "close,\u00fc\u4e00,,,\n",
                    HEADER + "close,A,,,\n".repeat(5_000) + "close,\u00fc\u4e00,,,\n",
                    HEADER + "close,A,,,\nclose,B\u00fc\u4e00")) {
                assertUnusable(text.getBytes(charset), "UTF-8");
            }
        }
        assertUnusable(new byte[] {(byte) 0xC3}, "UTF-8");
        assertUnusable((HEADER + "close,A,,,\u0e01").getBytes(UTF_8), 1, "UTF-8");
    }

    @Test
    void utf16WithoutABomHasNoHeader() throws IOException {
        assertUnusable((HEADER + "close,A,,,\n").getBytes(StandardCharsets.UTF_16LE), "header");
        assertUnusable((HEADER + "close,A,,,\n").getBytes(StandardCharsets.UTF_16BE), "header");
    }

    @Test
    void aBinaryFileIsUnusable() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            byte[] content = new byte[1_000];
            random.nextBytes(content);
            assertUnusable(content, "Nothing was done");
        }
        assertUnusable(new byte[1_000], "header");
        assertUnusable(new byte[] {'P', 'K', 3, 4, 20, 0, 6, 0, 8, 0}, "header");
    }

    private void assertUnusable(byte[] content, String why) throws IOException {
        assertUnusable(content, 0, why);
    }

    private void assertUnusable(byte[] content, int less, String why) throws IOException {
        Path path = file(Arrays.copyOf(content, content.length - less));
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> OrdersFile.open(path))
                .withMessageContaining(why)
                .withMessageContaining("Nothing was done");
    }

    @Test
    void whatIsNoFileIsUnusable() {
        for (Path path : List.of(directory, directory.resolve("missing.csv"))) {
            assertThatExceptionOfType(UnusableFileException.class)
                    .isThrownBy(() -> OrdersFile.open(path))
                    .withMessageContaining(path.toString())
                    .withMessageContaining("Nothing was done");
        }
    }

    @Test
    void aFileThatChangedSinceItWasOpenedIsUnusable() throws Exception {
        Path path = file((HEADER + "close,A,,,\n").getBytes(UTF_8));
        OrdersFile file = OrdersFile.open(path);
        Files.writeString(path, HEADER + "close,B,,,\n");
        List<OrderRow> rows = new ArrayList<>();
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> file.forEach(rows::add))
                .withMessageContaining("was changed while it was read")
                .withMessageContaining("Nothing was done");
        Files.writeString(path, HEADER + "close,A,,,\n");
        file.forEach(rows::add);
        assertThat(rows).extracting(Cells::mchOrderNo).containsExactly("B", "A");
    }

    @Test
    void aFileThatGrewOrVanishedSinceItWasOpenedIsNotUsed() throws Exception {
        Path path = file((HEADER + "close,A,,,\n").getBytes(UTF_8));
        OrdersFile file = OrdersFile.open(path);
        Files.writeString(path, HEADER + "close,A,,,\nclose,B,,,\n");
        assertThatExceptionOfType(UnusableFileException.class).isThrownBy(() -> file.forEach(row -> {}));
        Files.delete(path);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.forEach(row -> {}));
    }

    @Test
    void anErrorOfWhoTakesTheRowsIsPassedOn() throws Exception {
        OrdersFile file = OrdersFile.open(file((HEADER + "close,A,,,\n").getBytes(UTF_8)));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> file.forEach(row -> {
                    throw new IOException("full");
                }))
                .withMessage("full");
    }
}
