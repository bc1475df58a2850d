/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.run.StopRules.Decision;
import io.github.camelksher.batch.run.StopRules.GoOn;
import io.github.camelksher.batch.run.StopRules.Stop;
import io.github.camelksher.batch.run.StopRules.Withheld;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopRulesTest {

    private static final CallDetails DETAILS = new CallDetails("told", 0, null);
    private static final CallDetails REFUSAL = new CallDetails("told", -4, null);
    private static final Event CREDENTIALS_REJECTED = new Event.CredentialsRejected(new CallDetails("", -2, null));
    private static final Event UNVERIFIED = new Event.NotVerified(CallDetails.of("MISMATCH"));
    private static final Event NOT_KSHER = new Event.QueryRefused(CallDetails.of("HTTP status 404"), false);
    private static final Event REFUSED = new Event.QueryRefused(REFUSAL, true);
    private static final Event GOOD = new Event.Seen(OrderState.NOTPAY, true, null, DETAILS);
    private static final Event FAILED = new Event.QueryFailed(DETAILS, Duration.ZERO);

    private final StopRules<String> rules = new StopRules<>();

    /** What becomes of an order is its key, so that it is recognised when it comes back. */
    private Decision<String> after(String order, Event event) {
        return rules.after(order, event, "end of " + order);
    }

    private static GoOn<String> goOn(String... released) {
        return new GoOn<>(List.of(released));
    }

    // ---- not let in ----

    @ParameterizedTest
    @ValueSource(ints = {-1, -2})
    void aRefusalOfTheMerchantBeforeTheFirstGoodReplyStops(int code) {
        Decision<String> decision = after("A", new Event.CredentialsRejected(new CallDetails("", code, null)));
        assertThat(((Stop<String>) decision).why()).contains("code " + code, "app-id", "private-key");
        assertThat(rules.takeAll()).as("planned again").containsExactly("end of A");
    }

    @Test
    void failuresBeforeAreNoGoodReply() {
        after("A", FAILED);
        after("B", UNVERIFIED);
        after("C", NOT_KSHER);
        assertThat(after("D", CREDENTIALS_REJECTED)).isInstanceOf(Stop.class);
        assertThat(rules.takeAll()).containsExactlyInAnyOrder("end of B", "end of C", "end of D");
    }

    @Test
    void laterItStopsOnThreeDifferentOrdersInARowOnly() {
        after("A", GOOD);
        assertThat(after("B", CREDENTIALS_REJECTED)).isEqualTo(new Withheld<>());
        assertThat(after("B", CREDENTIALS_REJECTED)).isEqualTo(new Withheld<>());
        assertThat(after("C", CREDENTIALS_REJECTED)).isEqualTo(new Withheld<>());
        assertThat(after("D", CREDENTIALS_REJECTED)).isInstanceOf(Stop.class);
        assertThat(rules.takeAll()).containsExactly("end of B", "end of C", "end of D");
        assertThat(rules.takeAll()).isEmpty();
    }

    static Stream<Event> goodReplies() {
        return Stream.of(
                GOOD,
                new Event.Seen(OrderState.of("BRAND_NEW"), true, null, DETAILS),
                new Event.NoSuchOrder(DETAILS, "advice"),
                REFUSED,
                new Event.Done(DETAILS),
                new Event.Refused(REFUSAL));
    }

    @ParameterizedTest
    @MethodSource("goodReplies")
    void aGoodReplyReleasesThoseBeforeItAndTheyCountNoMore(Event good) {
        after("A", good);
        after("B", CREDENTIALS_REJECTED);
        after("C", CREDENTIALS_REJECTED);
        assertThat(after("A", good)).isEqualTo(goOn("end of B", "end of C"));
        assertThat(after("D", CREDENTIALS_REJECTED)).isEqualTo(new Withheld<>());
        assertThat(after("E", CREDENTIALS_REJECTED)).isEqualTo(new Withheld<>());
        assertThat(after("F", CREDENTIALS_REJECTED)).isInstanceOf(Stop.class);
    }

    @Test
    void onceItHasStoppedNothingThatIsWithheldIsReleased() {
        after("A", CREDENTIALS_REJECTED);
        assertThat(after("B", CREDENTIALS_REJECTED)).isInstanceOf(Stop.class);
        assertThat(after("C", UNVERIFIED)).isInstanceOf(Stop.class);
        assertThat(rules.takeAll()).containsExactly("end of A", "end of B", "end of C");
    }

    @Test
    void aWithheldOneIsGivenBackIfNothingElseComes() {
        after("A", GOOD);
        after("B", CREDENTIALS_REJECTED);
        assertThat(rules.takeAll()).containsExactly("end of B");
        assertThat(after("A", GOOD)).as("once").isEqualTo(goOn());
    }

    // ---- not Ksher ----

    @Test
    void tenFirstRepliesThatAreNotKshersStop() {
        for (int i = 0; i < 9; i++) {
            assertThat(after("O" + i, i % 2 == 0 ? UNVERIFIED : NOT_KSHER)).isEqualTo(new Withheld<>());
        }
        Decision<String> decision = after("O9", NOT_KSHER);
        assertThat(((Stop<String>) decision).why()).contains("ksher-public-key", "api-url", "HTTP status 404");
        assertThat(rules.takeAll()).hasSize(10).startsWith("end of O0").endsWith("end of O9");
    }

    @Test
    void aVerifiedReplyReleasesThoseBeforeItAndFromThenOnEachIsItsOrdersOwn() {
        after("A", UNVERIFIED);
        after("B", NOT_KSHER);
        assertThat(after("C", GOOD)).isEqualTo(goOn("end of A", "end of B"));
        for (int i = 0; i < 20; i++) {
            assertThat(after("O" + i, UNVERIFIED)).isEqualTo(goOn());
        }
        assertThat(rules.takeAll()).isEmpty();
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
        Event unknown = new Event.NoSuchOrder(new CallDetails("told", 0, "KSHER_INVALID_ORDER_NO"), "advice");
        assertThat(after("B", unknown)).isEqualTo(goOn("end of A"));
    }

    @Test
    void whatIsNoReplyOfKshersIsNoGoodOne() {
        after("A", new Event.Refused(CallDetails.of("HTTP status 403")));
        after("B", new Event.QueryRefused(CallDetails.of("was not sent"), true));
        assertThat(after("C", CREDENTIALS_REJECTED)).isInstanceOf(Stop.class);
    }

    @Test
    void whatHappensHereIsNoReply() {
        after("A", new Event.NotSent());
        after("B", new Event.GaveUp());
        assertThat(after("C", CREDENTIALS_REJECTED))
                .as("still before the first good reply")
                .isInstanceOf(Stop.class);
    }
}
