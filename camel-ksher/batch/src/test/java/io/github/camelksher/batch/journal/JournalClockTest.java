/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalClockTest {

    private static final long MILLI = 1_000_000;

    /** A process whose own clock began anywhere. */
    private record Process(JournalClock clock, long origin) {

        void ask(long time, Random random) {
            long there = random.nextLong(50 * MILLI);
            long back = random.nextLong(50 * MILLI);
            clock.set(time - origin, Math.floorDiv(time + there, MILLI), time + there + back - origin);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theDatabasesClockLiesBetweenTheReadingsOfEveryProcess(long seed) {
        Random random = new Random(seed);
        long time = 1_790_000_000_000L * MILLI;
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(new Process(new JournalClock(), time - random.nextLong(-1_000, 1_000) * MILLI - i));
            processes.get(i).ask(time, random);
        }
        for (int i = 0; i < 1_000; i++) {
            time += random.nextLong(200 * MILLI);
            Process process = processes.get(random.nextInt(4));
            long earliest = process.clock.earliest(time - process.origin);
            long latest = process.clock.latest(time - process.origin);
            assertThat(earliest * MILLI).isLessThanOrEqualTo(time).isGreaterThan(time - 102 * MILLI);
            assertThat(latest * MILLI).isGreaterThanOrEqualTo(time).isLessThan(time + 102 * MILLI);
            if (i % 5 == 0) {
                process.ask(time, random);
            }
        }
    }
}
