/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {

    private static final int SIMULATORS = 4;

    @TempDir
    Path folder;

    @Test
    void simulatorsThatStartAtOnceAgreeOnOneKeyAndLeaveNoOtherFile() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SIMULATORS);
        try {
            for (int round = 1; round <= 5; round++) {
                String appId = "mch" + round;
                CyclicBarrier together = new CyclicBarrier(SIMULATORS);
                List<Future<String>> keys = new ArrayList<>();
                for (int i = 0; i < SIMULATORS; i++) {
                    keys.add(threads.submit(() -> {
                        together.await();
                        return new KeyFiles(folder).merchant(appId);
                    }));
                }
                String key = keys.get(0).get();
                for (Future<String> one : keys) {
                    assertThat(one.get()).isEqualTo(key).contains("PRIVATE KEY");
                }
            }
            try (var files = Files.list(folder)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("mch1.pem", "mch2.pem", "mch3.pem", "mch4.pem", "mch5.pem");
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
