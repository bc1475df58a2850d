/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunTimeTest {

    private final TurnedClock clock = new TurnedClock();
    private final RunTime time = new RunTime(1_000, clock);

    @Test
    void goesOnFromWhatWasCountedBefore() {
        assertThat(time.millis()).isEqualTo(1_000);
        clock.advance(Duration.ofMillis(500));
        assertThat(time.millis()).isEqualTo(1_500);
    }

    @Test
    void countsNothingWhileItIsPaused() {
        clock.advance(Duration.ofSeconds(1));
        time.pause();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(5));
            assertThat(time.millis()).isEqualTo(2_000);
        }
        time.resume();
        clock.advance(Duration.ofSeconds(1));
        assertThat(time.millis()).isEqualTo(3_000);
    }

    @Test
    void aProcessThatWasStoppedDidNotRun() {
        clock.advance(RunTime.LONGEST_GAP.plusMillis(1));
        assertThat(time.millis()).as("nobody looked for so long").isEqualTo(1_000);
        clock.advance(RunTime.LONGEST_GAP);
        assertThat(time.millis()).isEqualTo(1_000 + RunTime.LONGEST_GAP.toMillis());
    }

    @Test
    void takesWhatAnotherProcessCountsIfItIsMore() {
        time.atLeast(5_000);
        assertThat(time.millis()).isEqualTo(5_000);
        time.atLeast(4_000);
        assertThat(time.millis()).isEqualTo(5_000);
        time.pause();
        time.atLeast(6_000);
        assertThat(time.millis()).as("the other one is not paused").isEqualTo(6_000);
    }

    @Test
    void goingOnWithoutAPauseChangesNothing() {
        time.resume();
        clock.advance(Duration.ofMillis(10));
        assertThat(time.millis()).isEqualTo(1_010);
    }
}
