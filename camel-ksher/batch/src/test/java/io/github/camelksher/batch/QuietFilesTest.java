/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuietFilesTest {

    private static final long NOW = 1_800_000_000_000L;

    private final CapturedLog log = new CapturedLog(QuietFiles.class);
    private long nanos = Long.MAX_VALUE - 1_000;
    private final QuietFiles files = new QuietFiles(() -> nanos);

    @AfterEach
    void listenNoMore() {
        log.close();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    @Test
    void takesAFileThatHasNotChangedForFiveSecondsWhateverItsTimeSays() {
        for (long modified : new long[] {
            NOW - Duration.ofDays(1).toMillis(), NOW, NOW + Duration.ofHours(7).toMillis(), 0, -1
        }) {
            String path = "at " + modified;
            assertThat(files.accept(path, 10, modified)).isFalse();
            pass(Duration.ofMillis(4_999));
            assertThat(files.accept(path, 10, modified)).isFalse();
            pass(Duration.ofMillis(1));
            assertThat(files.accept(path, 10, modified)).isTrue();
        }
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void beginsAnewWithEachChangeOfSizeOrTime() {
        files.accept("a", 10, NOW);
        passSeconds(4);
        assertThat(files.accept("a", 11, NOW)).isFalse();
        passSeconds(4);
        assertThat(files.accept("a", 11, NOW + 1)).isFalse();
        passSeconds(4);
        assertThat(files.accept("a", 11, NOW + 1)).isFalse();
        passSeconds(1);
        assertThat(files.accept("a", 11, NOW + 1)).isTrue();
    }

    @Test
    void oneThatGoesOnGrowingHoldsUpNoOther() {
        for (int second = 0; second < 5; second++) {
            files.accept("growing", second, NOW);
            files.accept("whole", 10, NOW);
            passSeconds(1);
        }
        assertThat(files.accept("growing", 5, NOW)).isFalse();
        assertThat(files.accept("whole", 10, NOW)).isTrue();
    }

    @Test
    void saysOnceThatAFileIsHeldBackForLong() {
        for (int second = 0; second < 300; second++) {
            assertThat(files.accept("growing", second, NOW)).isFalse();
            passSeconds(1);
        }
        assertThat(log.warnings())
                .singleElement()
                .isEqualTo(
                        "growing is still being written to: it is taken when its size and time have not changed for 5"
                                + " s.");
    }

    @Test
    void aFileThatWasTakenAndIsWrittenToLaterIsNotSaidToBeHeldBackAtOnce() {
        for (int second = 0; second < 120; second++) {
            files.accept("a", 10, NOW);
            passSeconds(1);
        }
        assertThat(files.accept("a", 11, NOW)).isFalse();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void aFileThatWasGoneIsAnotherOne() {
        files.accept("a", 10, NOW);
        for (int minute = 0; minute < 3; minute++) {
            passSeconds(61);
            files.accept("b", 10, NOW);
        }
        assertThat(files.accept("a", 10, NOW)).isFalse();
    }
}
