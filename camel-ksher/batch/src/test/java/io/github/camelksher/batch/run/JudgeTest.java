/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Facts;
import io.github.camelksher.batch.run.Judge.GoOn;
import io.github.camelksher.batch.run.Judge.Ruling;
import io.github.camelksher.batch.run.Judge.Stop;
import io.github.camelksher.batch.run.Judge.Undecided;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {

    private static final Facts FACTS = new Facts("told", 0, null);
    private static final Facts REFUSAL = new Facts("told", -4, null);
    private static final Event NOT_LET_IN = new Event.NotLetIn(new Facts("", -2, null));
    private static final Event UNVERIFIED = new Event.NotVerified(Facts.of("MISMATCH"));
    private static final Event NOT_KSHER = new Event.QueryRefused(Facts.of("HTTP status 404"), false);
    private static final Event REFUSED = new Event.QueryRefused(REFUSAL, true);
    private static final Event GOOD = new Event.Seen(OrderState.NOTPAY, true, null, FACTS);
    private static final Event FAILED = new Event.QueryFailed(FACTS, Duration.ZERO);
    private static final Event NO_ANSWER = new Event.NoAnswer(FACTS, Duration.ZERO);

    private final AtomicLong now = new AtomicLong(-5);
    private final Judge<String> judge = new Judge<>(now::get);

    /** What becomes of an order is its key, so that it is recognised when it comes back. */
    private Ruling<String> after(String order, Event event) {
        return judge.after(order, event, "end of " + order);
    }

    private static GoOn<String> goOn(String... decided) {
        return new GoOn<>(List.of(decided));
    }

    // ---- not let in ----

    @ParameterizedTest
    @ValueSource(ints = {-1, -2})
    void aRefusalOfTheMerchantBeforeTheFirstGoodReplyStops(int code) {
        Ruling<String> ruling = after("A", new Event.NotLetIn(new Facts("", code, null)));
        assertThat(((Stop<String>) ruling).why()).contains("code " + code, "app-id", "private-key");
        assertThat(judge.takeAll()).as("planned again").containsExactly("end of A");
    }

    @Test
    void failuresBeforeAreNoGoodReply() {
        after("A", FAILED);
        after("B", UNVERIFIED);
        after("C", NOT_KSHER);
        assertThat(after("D", NOT_LET_IN)).isInstanceOf(Stop.class);
        assertThat(judge.takeAll()).containsExactlyInAnyOrder("end of B", "end of C", "end of D");
    }

    @Test
    void laterItStopsOnThreeDifferentOrdersInARowOnly() {
        after("A", GOOD);
        assertThat(after("B", NOT_LET_IN)).isEqualTo(new Undecided<>());
        assertThat(after("B", NOT_LET_IN)).isEqualTo(new Undecided<>());
        assertThat(after("C", NOT_LET_IN)).isEqualTo(new Undecided<>());
        assertThat(after("D", NOT_LET_IN)).isInstanceOf(Stop.class);
        assertThat(judge.takeAll()).containsExactly("end of B", "end of C", "end of D");
        assertThat(judge.takeAll()).isEmpty();
    }

    static Stream<Event> goodReplies() {
        return Stream.of(
                GOOD,
                new Event.Seen(OrderState.of("BRAND_NEW"), true, null, FACTS),
                new Event.NoSuchOrder(FACTS, "advice"),
                REFUSED,
                new Event.Done(FACTS),
                new Event.Refused(REFUSAL));
    }

    @ParameterizedTest
    @MethodSource("goodReplies")
    void aGoodReplyDecidesThoseBeforeItAndTheyCountNoMore(Event good) {
        after("A", good);
        after("B", NOT_LET_IN);
        after("C", NOT_LET_IN);
        assertThat(after("A", good)).isEqualTo(goOn("end of B", "end of C"));
        assertThat(after("D", NOT_LET_IN)).isEqualTo(new Undecided<>());
        assertThat(after("E", NOT_LET_IN)).isEqualTo(new Undecided<>());
        assertThat(after("F", NOT_LET_IN)).isInstanceOf(Stop.class);
    }

    @Test
    void onceItHasStoppedNothingThatIsUndecidedIsDecided() {
        after("A", NOT_LET_IN);
        assertThat(after("B", NOT_LET_IN)).isInstanceOf(Stop.class);
        assertThat(after("C", UNVERIFIED)).isInstanceOf(Stop.class);
        assertThat(judge.takeAll()).containsExactly("end of A", "end of B", "end of C");
    }

    @Test
    void anUndecidedOneIsGivenBackIfNothingElseComes() {
        after("A", GOOD);
        after("B", NOT_LET_IN);
        assertThat(judge.takeAll()).containsExactly("end of B");
        assertThat(after("A", GOOD)).as("once").isEqualTo(goOn());
    }

    // ---- not Ksher ----

    @Test
    void tenFirstRepliesThatAreNotKshersStop() {
        for (int i = 0; i < 9; i++) {
            assertThat(after("O" + i, i % 2 == 0 ? UNVERIFIED : NOT_KSHER)).isEqualTo(new Undecided<>());
        }
        Ruling<String> ruling = after("O9", NOT_KSHER);
        assertThat(((Stop<String>) ruling).why()).contains("ksher-public-key", "api-url", "HTTP status 404");
        assertThat(judge.takeAll()).hasSize(10).startsWith("end of O0").endsWith("end of O9");
    }

    @Test
    void aVerifiedReplyDecidesThoseBeforeItAndFromThenOnEachIsItsOrdersOwn() {
        after("A", UNVERIFIED);
        after("B", NOT_KSHER);
        assertThat(after("C", GOOD)).isEqualTo(goOn("end of A", "end of B"));
        for (int i = 0; i < 20; i++) {
            assertThat(after("O" + i, UNVERIFIED)).isEqualTo(goOn());
        }
        assertThat(judge.takeAll()).isEmpty();
    }

    @Test
    void anUnsignedRefusalDoesNotShowThatKsherAnswers() {
        for (int i = 0; i < 9; i++) {
            after("O" + i, UNVERIFIED);
            assertThat(after("X" + i, REFUSED)).isEqualTo(goOn());
        }
        assertThat(after("O9", UNVERIFIED)).isInstanceOf(Stop.class);
    }

    @Test
    void aSignedFailureShowsThatKsherAnswers() {
        after("A", UNVERIFIED);
        Event unknown = new Event.NoSuchOrder(new Facts("told", 0, "KSHER_INVALID_ORDER_NO"), "advice");
        assertThat(after("B", unknown)).isEqualTo(goOn("end of A"));
    }

    @Test
    void whatIsNoReplyOfKshersIsNoGoodOne() {
        after("A", new Event.Refused(Facts.of("HTTP status 403")));
        after("B", new Event.QueryRefused(Facts.of("was not sent"), true));
        assertThat(after("C", NOT_LET_IN)).isInstanceOf(Stop.class);
    }

    // ---- nothing answers ----

    @Test
    void twentyOrdersInARowThatFailWantAPauseAndAGoodReplyEndsIt() {
        for (int i = 0; i < 19; i++) {
            assertThat(after("O" + i, i % 2 == 0 ? FAILED : NO_ANSWER)).isEqualTo(goOn());
            assertThat(judge.wantsPause()).isFalse();
        }
        after("O19", FAILED);
        assertThat(judge.wantsPause()).isTrue();
        after("O20", FAILED);
        assertThat(judge.wantsPause()).isTrue();
        after("O3", GOOD);
        assertThat(judge.wantsPause()).isFalse();
        after("O3", FAILED);
        assertThat(judge.wantsPause()).as("counted from the start").isFalse();
    }

    @Test
    void oneOrderThatFailsOverAndOverWantsNone() {
        for (int i = 0; i < 100; i++) {
            after("A", FAILED);
            after("B", NO_ANSWER);
            now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        }
        assertThat(judge.wantsPause()).isFalse();
    }

    @Test
    void threeOrdersThatFailForAMinuteWantOneToo() {
        after("A", FAILED);
        now.addAndGet(TimeUnit.SECONDS.toNanos(59));
        after("B", FAILED);
        after("C", NO_ANSWER);
        assertThat(judge.wantsPause()).isFalse();
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(judge.wantsPause()).isTrue();
        after("A", GOOD);
        assertThat(judge.wantsPause()).isFalse();
        after("A", FAILED);
        after("B", FAILED);
        after("C", FAILED);
        assertThat(judge.wantsPause()).as("the minute begins again").isFalse();
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(judge.wantsPause()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("goodReplies")
    void anyGoodReplyInBetweenBreaksTheRow(Event good) {
        for (int i = 0; i < 50; i++) {
            after("O" + i, FAILED);
            if (i % 19 == 18) {
                after("G", good);
            }
            assertThat(judge.wantsPause()).isFalse();
        }
    }

    @Test
    void whatHappensHereIsNoReply() {
        after("A", new Event.NotSent());
        after("B", new Event.GaveUp());
        assertThat(after("C", NOT_LET_IN))
                .as("still before the first good reply")
                .isInstanceOf(Stop.class);
    }
}
