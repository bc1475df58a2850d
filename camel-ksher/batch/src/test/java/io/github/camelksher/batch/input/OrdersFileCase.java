/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Files in a directory of the test. */
abstract class OrdersFileCase {

    static final String HEADER = "operation,mch_order_no,ksher_order_no,channel_order_no,channel\n";

    @TempDir
    Path directory;

    Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("orders.csv"), content);
    }

    List<OrderRow> rows(String text) throws Exception {
        return rows(text.getBytes(UTF_8));
    }

    List<OrderRow> rows(byte[] content) throws Exception {
        OrdersFile file = OrdersFile.open(file(content));
        List<OrderRow> rows = new ArrayList<>();
        file.forEach(rows::add);
        assertThat(file.rows()).isEqualTo(rows.size());
        return rows;
    }

    String problem(String row) throws Exception {
        List<OrderRow> rows = rows(HEADER + row);
        assertThat(rows).hasSize(1);
        String problem = rows.get(0).problem();
        return problem == null ? "" : problem;
    }
}
