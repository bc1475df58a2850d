/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FootprintTest {

    private static final int STEP = 50_000;
    private static final int HEAP = 20_000_000;

    private static List<String> growth(IntFunction<Footprint> after) {
        return Footprint.growth(
                IntStream.rangeClosed(1, 20)
                        .mapToObj(sample -> after.apply(sample * STEP))
                        .toList(),
                64);
    }

    private static Footprint footprint(int calls, long heap, long direct, int sockets, int files, int threads) {
        return new Footprint(calls, 1000, heap, direct, 0, 64, sockets, files, threads);
    }

    @Test
    void theSameIsFlatAndSoIsLess() {
        assertThat(growth(calls -> footprint(calls, HEAP - calls, 500_000, 64, 60, 70)))
                .isEmpty();
    }

    @Test
    void whatTheFirstQuarterTakesIsWarmth() {
        assertThat(growth(calls -> footprint(calls, Math.min(HEAP, calls * 80L), 500_000, 64, 60, 70)))
                .isEmpty();
    }

    @Test
    void twoBytesOfEachCallAreALeak() {
        assertThat(growth(calls -> footprint(calls, HEAP + calls * 2L, 500_000, 64, 60, 70)))
                .containsExactly("heap after GC rose from 21,000,000 to 22,000,000");
    }

    @Test
    void tellsOfDirectMemoryFilesAndThreadsThatAreKept() {
        assertThat(growth(calls -> footprint(calls, HEAP, calls * 10L, 64, 60 + calls / STEP, 70 + calls / STEP)))
                .containsExactly(
                        "direct memory rose from 5,000,000 to 10,000,000",
                        "other files rose from 70 to 80",
                        "threads rose from 80 to 90");
    }

    @Test
    void tellsOfASocketThatThePoolDoesNotKnow() {
        assertThat(growth(calls -> footprint(calls, HEAP, 0, calls == STEP ? 65 : 64, 60, 70)))
                .containsExactly("connections after 50000 calls: 0 in use, 64 idle, 65 sockets");
    }

    @Test
    void tellsOfAConnectionThatNoCallGaveBack() {
        assertThat(growth(calls -> new Footprint(calls, 1000, HEAP, 0, calls == STEP ? 1 : 0, 63, 63, 60, 70)))
                .containsExactly("connections after 50000 calls: 1 in use, 63 idle, 63 sockets");
    }
}
