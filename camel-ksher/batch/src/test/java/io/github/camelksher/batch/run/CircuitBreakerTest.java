/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitBreakerTest {

    private static final CallDetails DETAILS = new CallDetails("told", 0, null);
    private static final Event GOOD = new Event.Seen(OrderState.NOTPAY, true, null, DETAILS);
    private static final Event FAILED = new Event.QueryFailed(DETAILS, Duration.ZERO);
    private static final Event NO_ANSWER = new Event.NoAnswer(DETAILS, Duration.ZERO);

    private final TurnedClock clock = new TurnedClock();
    private final CircuitBreaker breaker = new CircuitBreaker(clock);

    @Test
    void twentyOrdersInARowThatFailOpenItAndAGoodReplyClosesIt() {
        for (int i = 0; i < 19; i++) {
            breaker.record("O" + i, i % 2 == 0 ? FAILED : NO_ANSWER);
            assertThat(breaker.isOpen()).isFalse();
        }
        breaker.record("O19", FAILED);
        assertThat(breaker.isOpen()).isTrue();
        breaker.record("O20", FAILED);
        assertThat(breaker.isOpen()).isTrue();
        breaker.record("O3", GOOD);
        assertThat(breaker.isOpen()).isFalse();
        breaker.record("O3", FAILED);
        assertThat(breaker.isOpen()).as("counted from the start").isFalse();
    }

    @Test
    void twoOrdersThatFailOverAndOverDoNot() {
        for (int i = 0; i < 100; i++) {
            breaker.record("A", FAILED);
            breaker.record("B", NO_ANSWER);
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void threeOrdersThatFailForAMinuteOpenItToo() {
        breaker.record("A", FAILED);
        clock.advance(Duration.ofSeconds(59));
        breaker.record("B", FAILED);
        breaker.record("C", NO_ANSWER);
        assertThat(breaker.isOpen()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(breaker.isOpen()).isTrue();
        breaker.record("A", GOOD);
        assertThat(breaker.isOpen()).isFalse();
        breaker.record("A", FAILED);
        breaker.record("B", FAILED);
        breaker.record("C", FAILED);
        assertThat(breaker.isOpen()).as("the minute begins again").isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(breaker.isOpen()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.github.camelksher.batch.run.StopRulesTest#goodReplies")
    void anyGoodReplyInBetweenBreaksTheRow(Event good) {
        for (int i = 0; i < 50; i++) {
            breaker.record("O" + i, FAILED);
            if (i % 19 == 18) {
                breaker.record("G", good);
            }
            assertThat(breaker.isOpen()).isFalse();
        }
    }
}
