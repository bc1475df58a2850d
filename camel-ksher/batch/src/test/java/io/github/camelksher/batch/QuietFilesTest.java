/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class QuietFilesTest {

    private static final long NOW = 1_800_000_000_000L;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private long nanos = Long.MAX_VALUE - 1_000;
    private final QuietFiles files = new QuietFiles(() -> nanos);

    @BeforeEach
    void listen() {
        logged.start();
        logger().setLevel(Level.WARN);
        logger().addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(logged);
        logger().setLevel(null);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(QuietFiles.class);
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
        assertThat(logged.list).isEmpty();
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
        assertThat(logged.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
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
        assertThat(logged.list).isEmpty();
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
