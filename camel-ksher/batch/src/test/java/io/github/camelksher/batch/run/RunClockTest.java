/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunClockTest {

    private final RunClock clock = new RunClock(1_000);

    @Test
    void countsWhatPassesWhileItRuns() {
        assertThat(clock.counted(1_000, 1_500)).isEqualTo(500);
        assertThat(clock.counted(1_200, 1_200)).isZero();
    }

    @Test
    void countsNothingBeforeItsStart() {
        assertThat(clock.counted(0, 1_300)).isEqualTo(300);
        assertThat(clock.counted(0, 900)).isZero();
    }

    @Test
    void countsNothingBackwards() {
        assertThat(clock.counted(1_500, 1_400)).isZero();
    }

    @Test
    void countsNothingWhileItIsPaused() {
        clock.pause(2_000);
        assertThat(clock.counted(1_500, 2_500)).isEqualTo(500);
        assertThat(clock.counted(2_100, 9_000)).isZero();
        assertThat(clock.counted(1_500, 1_900)).as("before the pause").isEqualTo(400);
        clock.resume(3_000);
        assertThat(clock.counted(1_500, 3_200)).isEqualTo(700);
    }

    @Test
    void countsTheRestOfATimeThatAPauseCutsIntoOrCovers() {
        clock.pause(2_000);
        clock.resume(3_000);
        assertThat(clock.counted(2_500, 3_500)).as("begins in it").isEqualTo(500);
        assertThat(clock.counted(1_500, 2_500)).as("ends in it").isEqualTo(500);
        assertThat(clock.counted(2_200, 2_800)).as("lies in it").isZero();
        assertThat(clock.counted(3_000, 3_100)).as("comes after it").isEqualTo(100);
    }

    @Test
    void leavesOutEveryOneOfManyPauses() {
        for (int i = 0; i < 10; i++) {
            clock.pause(2_000 + 100 * i);
            clock.resume(2_050 + 100 * i);
        }
        clock.pause(3_500);
        assertThat(clock.counted(1_000, 4_000)).isEqualTo(2_500 - 10 * 50);
    }

    @Test
    void goingOnWithoutAPauseChangesNothing() {
        clock.resume(1_400);
        clock.pause(1_500);
        clock.resume(1_600);
        clock.resume(9_000);
        assertThat(clock.counted(1_000, 2_000)).isEqualTo(900);
    }
}
