/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BatchConfigurationTest {

    private static Arguments option(String name, BiConsumer<BatchConfiguration, Duration> setter) {
        return Arguments.of(name, setter);
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                option("queryInterval", BatchConfiguration::setQueryInterval),
                option("giveUpAfter", BatchConfiguration::setGiveUpAfter),
                option("quietAfter", BatchConfiguration::setQuietAfter),
                option("journalPatience", BatchConfiguration::setJournalPatience));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("durations")
    void aDurationThatNobodyCanWaitForIsRefused(String name, BiConsumer<BatchConfiguration, Duration> setter) {
        for (Duration wrong : new Duration[] {
            Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(366), Duration.ofHours(999_999_999)
        }) {
            assertThatThrownBy(() -> setter.accept(new BatchConfiguration(), wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + " must be longer than zero and at most 365 days: " + wrong);
        }
        setter.accept(new BatchConfiguration(), Duration.ofDays(365));
    }

    @Test
    void atLeastOneCallIsInFlight() {
        BatchConfiguration batch = new BatchConfiguration();

        assertThatThrownBy(() -> batch.setParallel(0)).hasMessage("parallel must be at least 1: 0");
        assertThat(batch.getParallel()).isEqualTo(32);
    }
}
