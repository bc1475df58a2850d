/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

    private final Pace pace = new Pace(Duration.ofSeconds(10), Duration.ofMinutes(15), 32);

    @ParameterizedTest
    @CsvSource({"0,10", "1,10", "2,20", "3,40", "4,80", "5,160", "6,300", "7,300", "31,300", "64,300", "2147483647,300"
    })
    void backOffDoublesFromTenSecondsUpToFiveMinutes(int backOff, long seconds) {
        assertThat(pace.wait(backOff)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,10",
        "0,5,10",
        "0,11,11",
        "0,299,299",
        "0,301,300",
        "0,999999999,300",
        "3,5,40",
        "3,41,41",
        "7,1,300"
    })
    void waitsAsLongAsKsherAsksButNeverLessThanItsOwnBackOffNorMoreThanTheLongest(
            int backOff, long asked, long seconds) {
        assertThat(pace.wait(backOff, Duration.ofSeconds(asked))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void growsWithTheIntervalThatItIsGiven() {
        Pace quick = new Pace(Duration.ofMillis(20), Duration.ofSeconds(1), 1);
        assertThat(quick.wait(0)).isEqualTo(Duration.ofMillis(20));
        assertThat(quick.wait(3)).isEqualTo(Duration.ofMillis(80));
        assertThat(quick.wait(50, Duration.ofHours(1))).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void anOpenIsFreshForThirtySeconds() {
        assertThat(Pace.OPEN_VALID_FOR).isEqualTo(Duration.ofSeconds(30));
    }
}
