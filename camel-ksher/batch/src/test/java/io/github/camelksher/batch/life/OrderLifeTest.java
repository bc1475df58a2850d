/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.examples.batch.Action.Command;
import io.github.camelksher.examples.batch.Action.Query;
import io.github.camelksher.examples.batch.Action.Settle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderLifeTest {

    private static final Facts FACTS = new Facts("told", 7, "ERR");
    private static final Event OPEN = seen("NOTPAY");
    private static final Event DONE = new Event.Done(FACTS);
    private static final Event NO_ANSWER = new Event.NoAnswer(FACTS);
    private static final Event REFUSED = new Event.Refused(FACTS);
    private static final Event FAILED = new Event.QueryFailed(FACTS);
    private static final Event UNVERIFIED = new Event.NotVerified(FACTS);

    private static Event seen(String state) {
        return new Event.Seen(state, FACTS);
    }

    private static Action after(Event... events) {
        OrderLife.Step step = OrderLife.begin();
        for (Event event : events) {
            step = step.life().after(event);
        }
        return step.action();
    }

    private static Outcome outcome(Event... events) {
        return verdict(events).outcome();
    }

    private static Verdict verdict(Event... events) {
        return ((Settle) after(events)).verdict();
    }

    @Test
    void anOrderIsAskedAboutFirst() {
        assertThat(after()).isEqualTo(new Query(0));
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,PAID", "CLOSED,ALREADY_CLOSED", "REFUND,REFUNDED", "BRAND_NEW,UNKNOWN", "FAIL,UNKNOWN"})
    void aFirstQueryThatIsNotOpenSettlesWithoutACommand(String state, Outcome outcome) {
        assertThat(outcome(seen(state))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOTPAY", "PAYERROR", "PENDING", "USERPAYING"})
    void exactlyTheOpenStatesAreSentACommand(String state) {
        assertThat(after(seen(state))).isEqualTo(new Command());
    }

    @Test
    void anUnknownOrderIsNotFoundBeforeACommandAndUnknownAfterOne() {
        Event unknown = new Event.NoSuchOrder(FACTS);
        assertThat(outcome(unknown)).isEqualTo(Outcome.NOT_FOUND);
        assertThat(outcome(OPEN, DONE, unknown)).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void aQueryThatSaysNothingIsRepeatedWithBackOff() {
        assertThat(after(seen("NOTSURE"))).isEqualTo(new Query(1));
        assertThat(after(FAILED)).isEqualTo(new Query(1));
        assertThat(after(FAILED, FAILED, FAILED)).isEqualTo(new Query(3));
        assertThat(after(OPEN, DONE, FAILED)).isEqualTo(new Query(1));
    }

    @Test
    void aRefusedQueryIsUnknownAndSaysWhetherACommandWentOut() {
        Event refused = new Event.QueryRefused(FACTS);
        assertThat(verdict(refused)).isEqualTo(new Verdict(Outcome.UNKNOWN, FACTS.with("no command was sent; told")));
        assertThat(verdict(OPEN, DONE, refused))
                .isEqualTo(new Verdict(Outcome.UNKNOWN, FACTS.with("a command was sent; told")));
    }

    @Test
    void aQueryThatDoesNotVerifyIsUntrustedAtOnce() {
        assertThat(outcome(UNVERIFIED)).isEqualTo(Outcome.UNTRUSTED);
        assertThat(verdict(OPEN, DONE, UNVERIFIED).facts().detail()).startsWith("a command was sent");
    }

    @Test
    void whateverACommandWasAnsweredTheOrderIsAskedAbout() {
        assertThat(after(OPEN, DONE)).isEqualTo(new Query(0));
        assertThat(after(OPEN, NO_ANSWER)).isEqualTo(new Query(0));
        assertThat(after(OPEN, REFUSED)).isEqualTo(new Query(0));
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,PAID", "CLOSED,CLOSED", "REFUND,REFUNDED"})
    void onlyTheQueryAfterwardsDecidesWhateverTheCommandWasAnswered(String state, Outcome outcome) {
        assertThat(outcome(OPEN, DONE, seen(state))).isEqualTo(outcome);
        assertThat(outcome(OPEN, NO_ANSWER, seen(state))).isEqualTo(outcome);
        assertThat(outcome(OPEN, REFUSED, seen(state))).isEqualTo(outcome);
    }

    @Test
    void stillOpenAfterARefusalIsRefusedWithItsCode() {
        Verdict verdict = verdict(OPEN, REFUSED, seen("USERPAYING"));
        assertThat(verdict).isEqualTo(new Verdict(Outcome.REFUSED, FACTS.with("still USERPAYING; told")));
    }

    @Test
    void stillOpenAfterDoneIsTriedOnceMoreAndThenNotClosed() {
        assertThat(after(OPEN, DONE, OPEN)).isEqualTo(new Command());
        assertThat(outcome(OPEN, DONE, OPEN, DONE, OPEN)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(after(OPEN, NO_ANSWER, OPEN, OPEN, DONE, OPEN))
                .as("a command without an answer does not count")
                .isEqualTo(new Command());
    }

    @Test
    void stillOpenAfterNoAnswerBacksOffAndAsksBeforeTheNextCommand() {
        assertThat(after(OPEN, NO_ANSWER, OPEN)).isEqualTo(new Query(1));
        assertThat(after(OPEN, NO_ANSWER, OPEN, OPEN)).isEqualTo(new Command());
        assertThat(after(OPEN, NO_ANSWER, OPEN, OPEN, NO_ANSWER, OPEN)).isEqualTo(new Query(2));
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, seen("CLOSED"))).isEqualTo(Outcome.CLOSED);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, seen("SUCCESS"))).isEqualTo(Outcome.PAID);
    }

    @Test
    void aCommandThatComesTooLateIsNotSentAndNotCounted() {
        assertThat(after(OPEN, new Event.TooLate())).isEqualTo(new Query(0));
        assertThat(outcome(OPEN, new Event.TooLate(), seen("CLOSED"))).isEqualTo(Outcome.ALREADY_CLOSED);
        assertThat(after(OPEN, new Event.TooLate(), OPEN)).isEqualTo(new Command());
    }

    @Test
    void givingUpIsNotClosedOnlyIfTheLastVerifiedAnswerAfterACommandWasOpen() {
        Event gaveUp = new Event.GaveUp();
        assertThat(outcome(FAILED, gaveUp)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, gaveUp)).isEqualTo(Outcome.UNKNOWN);
        assertThat(verdict(OPEN, gaveUp).facts().detail()).startsWith("no command was sent");
        assertThat(outcome(OPEN, NO_ANSWER, gaveUp)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, gaveUp)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, FAILED, gaveUp)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, seen("NOTSURE"), gaveUp)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, OPEN, gaveUp)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, OPEN, NO_ANSWER, gaveUp)).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void notBeingLetInIsUnknown() {
        assertThat(outcome(new Event.NotLetIn(FACTS))).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, new Event.NotLetIn(FACTS))).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whatCannotHappenIsAMistakeAndNoOutcome() {
        assertThatThrownBy(() -> after(DONE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> after(OPEN, FAILED)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> after(seen("CLOSED"), OPEN)).isInstanceOf(IllegalStateException.class);
    }
}
