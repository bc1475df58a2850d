/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HeldTest {

    @Test
    void namesAThreadThatWasNotThereBefore() throws Exception {
        Held before = Held.now();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        // Ends either way.
                    }
                },
                "left");
        thread.start();
        assertThat(Held.now().since(before)).contains("thread left");
        end.countDown();
        thread.join();
        assertThat(Held.now().since(before)).doesNotContain("thread left");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void namesAFileAndASocketThatWereNotOpenBefore(@TempDir Path directory) throws Exception {
        new ServerSocket(0).close();
        Held before = Held.now();
        Path file = directory.resolve("left");
        try (var open = Files.newOutputStream(file);
                ServerSocket socket = new ServerSocket(0)) {
            Held now = Held.now();
            assertThat(now.sockets()).isEqualTo(before.sockets() + 1);
            assertThat(now.since(before)).contains(file.toString()).anyMatch(one -> one.startsWith("socket:"));
        }
        assertThat(Held.now().since(before)).doesNotContain(file.toString());
    }
}
