/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastMinuteTest {

    private long nanos;
    private final LastMinute minute = new LastMinute(() -> nanos);

    private void at(long seconds) {
        nanos = TimeUnit.SECONDS.toNanos(seconds);
    }

    /** The JVM's clock may begin anywhere. */
    @ParameterizedTest
    @ValueSource(longs = {0, 17, 1_000_000, -1_000_000, -30})
    void forgetsWhatIsOlderThanAMinute(long start) {
        at(start);
        assertThat(minute.count()).isZero();
        minute.add();
        minute.add();
        at(start + 59);
        minute.add();
        assertThat(minute.count()).isEqualTo(3);
        at(start + 60);
        assertThat(minute.count()).isEqualTo(1);
        minute.add();
        assertThat(minute.count()).isEqualTo(2);
        at(start + 1_000);
        assertThat(minute.count()).isZero();
    }

    @Test
    void countsEachSecondOnce() {
        for (int second = 0; second < 300; second++) {
            at(second);
            minute.add();
        }
        assertThat(minute.count()).isEqualTo(60);
    }
}
