/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lack of heap, direct memory or stack, many times; afterwards every promise holds. For a longer or
 * an earlier run: {@code -Dstarvation.rounds=300 -Dstarvation.seed=…}.
 */
@Tag("full")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class StarvationTest {

    private static final int ROUNDS = Integer.getInteger("starvation.rounds", 12);

    @Test
    void everyPromiseHoldsAfterAMomentOfMisery() throws Exception {
        long seed = Long.getLong("starvation.seed", System.nanoTime());
        System.out.println("starvation.seed=" + seed);
        CountDownLatch never = new CountDownLatch(1);
        String big = "x".repeat(300_000);
        try (KsherStub stub = new KsherStub().answering((request, socket) -> {
            String order = request.form().get("mch_order_no");
            if (order.startsWith("SILENT")) {
                never.await();
            }
            if (order.startsWith("CUT")) {
                socket.close();
            }
            while (order.startsWith("TRICKLE")) {
                KsherStub.write(socket, new byte[] {'H'});
                assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
            }
            if (order.startsWith("SLOW")) {
                assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            }
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            if (order.startsWith("BIG")) {
                data.put("attach", big);
            }
            KsherStub.write(socket, Http.ok(KsherStub.signed(data)));
        })) {
            Map<String, List<String>> claims = run(stub, seed);

            Set<String> arrived = stub.requests().stream()
                    .map(request -> request.form().get("mch_order_no"))
                    .collect(Collectors.toSet());
            assertThat(claims.get("ANSWERED")).isNotEmpty().allMatch(arrived::contains);
            assertThat(claims.getOrDefault("UNSENT", List.of()))
                    .as("what is said to be unsent did not arrive")
                    .noneMatch(arrived::contains);
        }
    }

    private static Map<String, List<String>> run(KsherStub stub, long seed) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-Xss256k",
                        "-XX:MaxDirectMemorySize=256k",
                        "-XX:+UseSerialGC",
                        // Java's warnings would interrupt our lines.
                        "-XX:+DisplayVMOutputToStderr",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StarvedCalls.class.getName(),
                        String.valueOf(stub.port()),
                        KsherStub.ksherPublicKey(),
                        String.valueOf(seed),
                        String.valueOf(ROUNDS))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Map<String, List<String>> claims = new HashMap<>();
        String last = "";
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 2);
                if (words.length == 2 && Set.of("ANSWERED", "UNSENT", "RAW").contains(words[0])) {
                    claims.computeIfAbsent(words[0], first -> new ArrayList<>()).add(words[1]);
                } else {
                    System.out.println(line);
                    last = line;
                }
            }
        } finally {
            process.destroyForcibly();
        }
        System.out.println("raw: "
                + claims.getOrDefault("RAW", List.of()).stream()
                        .collect(Collectors.groupingBy(name -> name, Collectors.counting())));
        assertThat(last).as("the last line of the starved process").isEqualTo("DONE");
        return claims;
    }
}
