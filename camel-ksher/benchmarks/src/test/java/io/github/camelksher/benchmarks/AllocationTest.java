/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A call must not come to cost more without anybody noticing. Time depends on the machine; what is allocated does not, as long
 * as the compiler leaves it alone: this module's tests run without the second compiler, which would remove some of it after a
 * while. So these are not the figures of a long run, which are lower by a sixth, but they grow when those grow.
 */
class AllocationTest {

    private static final int CALLS = 1_000;
    private static final double GROWTH = 1.03;

    @Test
    void aCallAllocatesNoMoreThanIsRecorded() throws Exception {
        String version = String.valueOf(Runtime.version().feature());
        String recorded = recorded().getProperty(version);
        try (Target target = new Target(512, 0, false);
                ComponentRoute route = new ComponentRoute(target, 1);
                Variant component = route.alone();
                Variant floor = new Floor(target, 1)) {
            long bytes = bytesPerCall(component);
            System.out.printf(
                    "A call allocates %,d bytes on Java %s, the floor %,d; recorded: %s%n",
                    bytes, version, bytesPerCall(floor), recorded);
            if (recorded == null) {
                System.out.println(
                        "SKIPPED: whether a call allocates more, since nothing is recorded for Java " + version);
            }
            Assumptions.assumeTrue(recorded != null);
            assertThat((double) bytes)
                    .as("bytes per call; bytes-per-call.properties has what it was")
                    .isLessThanOrEqualTo(Double.parseDouble(recorded) * GROWTH);
        }
    }

    private static Properties recorded() throws Exception {
        Properties recorded = new Properties();
        try (InputStream in = AllocationTest.class.getResourceAsStream("/bytes-per-call.properties")) {
            recorded.load(in);
        }
        return recorded;
    }

    private static long bytesPerCall(Variant variant) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        // The first half finds classes to load and tables to fill.
        for (int call = 0; call < 2 * CALLS; call++) {
            if (call == CALLS) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            if (!"SUCCESS".equals(variant.query("ORDER-" + (100_000 + call)))) {
                throw new IllegalStateException("not what the responder says");
            }
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
}
