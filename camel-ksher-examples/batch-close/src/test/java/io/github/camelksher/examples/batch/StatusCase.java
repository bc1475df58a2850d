/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A slow Ksher and a run of 200 orders on H2 with a management port. */
abstract class StatusCase {

    static final Duration SOON = Duration.ofSeconds(60);
    static final int ORDERS = 200;

    @TempDir
    Path directory;

    KsherSimulator ksher;

    @BeforeEach
    void start() throws IOException {
        ksher = TestKsher.start();
        // So that the run does not end before the test, on a busy machine either.
        ksher.faults().latency(Duration.ofMillis(300), Duration.ofMillis(300), 1);
        StringBuilder rows = new StringBuilder("operation,mch_order_no,note\n");
        for (int i = 1; i <= ORDERS; i++) {
            ksher.open(KsherOrder.of("ORDER-" + i)
                    .openid("not-for-anybody")
                    .state(i % 10 == 0 ? KsherOrder.State.SUCCESS : KsherOrder.State.NOTPAY));
            rows.append("close,ORDER-").append(i).append(",note-of-a-customer\n");
        }
        Files.writeString(directory.resolve("night.csv"), rows);
    }

    @AfterEach
    void stop() {
        ksher.close();
    }

    BatchProcess run(String name, Map<String, String> settings) throws IOException {
        Path config = TestKsher.config(ksher, directory.resolve("ksher.properties"), settings);
        return BatchProcess.start(
                directory, name, "night.csv", "--config", config.toString(), "--report", "out", "--parallel", "4");
    }

    /** With the slash at its end. */
    static String page(BatchProcess process) throws IOException {
        process.awaitOutput("status page:", SOON);
        Matcher url =
                Pattern.compile("status page: (http://127\\.0\\.0\\.1:[0-9]+/)").matcher(process.output());
        if (!url.find()) {
            throw new AssertionError(process.output());
        }
        return url.group(1);
    }
}
