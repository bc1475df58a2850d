/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

    private final Pace pace = new Pace(Duration.ofSeconds(10), Duration.ofMinutes(15), 32);

    @ParameterizedTest
    @CsvSource({"0,10", "1,10", "2,20", "3,40", "4,80", "5,160", "6,300", "7,300", "1000,300"})
    void backOffDoublesFromTenSecondsUpToFiveMinutes(int backOff, long seconds) {
        assertThat(pace.wait(backOff)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"899,10", "890,10", "700,200", "100,300"})
    void theLastLookIsWhenTheOrdersTimeIsUpButNeverSoonerThanThePaceAllows(long now, long seconds) {
        Lane lane = new Lane();
        lane.firstCall = 0L;
        lane.lastQueryEnd = Duration.ofSeconds(now).toNanos();
        Duration wait = lane.waitFor(new Action.Query(6), pace, lane.lastQueryEnd);
        assertThat(wait).isEqualTo(Duration.ofSeconds(seconds));
    }
}
