/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.camelksher.batch.life.Action.Command;
import io.github.camelksher.batch.life.Action.Query;
import io.github.camelksher.batch.life.Action.Settle;
import io.github.camelksher.batch.life.OrderLife.Step;
import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A test for each arrow of the picture in the contract. */
class OrderLifeTest {

    private static final Facts FACTS = new Facts("told", 7, "ERR");
    private static final Facts QUERY_FACTS = new Facts("asked", 8, "QUERY");
    private static final Event OPEN = seen("NOTPAY");
    private static final Event DONE = new Event.Done(FACTS);
    private static final Event NO_ANSWER = new Event.NoAnswer(FACTS, Duration.ZERO);
    private static final Event REFUSED = new Event.Refused(FACTS);
    private static final Event FAILED = new Event.QueryFailed(QUERY_FACTS, Duration.ZERO);
    private static final Event UNVERIFIED = new Event.NotVerified(FACTS);
    private static final Event NOT_SENT = new Event.NotSent();
    private static final Event GAVE_UP = new Event.GaveUp();

    private static final Event NOTSURE = seen("NOTSURE");
    private static final Event NO_WALLET = new Event.Seen(OrderState.NOTSURE, false, null, FACTS);

    private static Event seen(String state) {
        return new Event.Seen(OrderState.of(state), true, null, FACTS);
    }

    private static Step step(Operation operation, Event... events) {
        Step step = new Step(OrderLife.begin(operation), new Query(0));
        for (Event event : events) {
            step = step.life().after(event);
        }
        return step;
    }

    private static Action after(Event... events) {
        return step(Operation.CLOSE, events).action();
    }

    private static Verdict verdict(Event... events) {
        return ((Settle) after(events)).verdict();
    }

    private static Outcome outcome(Event... events) {
        return verdict(events).outcome();
    }

    private static Outcome checked(Event... events) {
        return ((Settle) step(Operation.CHECK, events).action()).verdict().outcome();
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void anOrderIsAskedAboutFirst(Operation operation) {
        OrderLife life = OrderLife.begin(operation);
        assertThat(life.phase()).isEqualTo(OrderLife.Phase.ASKING);
        assertThat(life.watched()).isEqualTo(operation.command() == null);
        assertThat(life.commands()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,PAID", "CLOSED,ALREADY_CLOSED", "REFUND,REFUNDED", "BRAND_NEW,UNKNOWN", "FAIL,UNKNOWN"})
    void aFirstQueryThatIsNotOpenSettlesWithoutACommand(String state, Outcome outcome) {
        assertThat(outcome(seen(state))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOTPAY", "PAYERROR", "PENDING", "USERPAYING"})
    void theOpenStatesAreSentACommand(String state) {
        assertThat(after(seen(state))).isEqualTo(new Command());
    }

    @ParameterizedTest
    @ValueSource(strings = {"notpay", "NOTPAY ", "OPEN", "", "PAID", "SUCCESS "})
    void noOtherStateIsSentACommandHoweverMuchItLooksLikeOne(String state) {
        assertThat(verdict(seen(state)))
                .isEqualTo(new Verdict(
                        Outcome.UNKNOWN,
                        FACTS.with("no command was sent; Ksher answered with "
                                + (List.of("OPEN", "PAID").contains(state)
                                        ? "the state " + state + ", which is not known here"
                                        : "a state that is not known here"))));
    }

    @Test
    void aGatewayOrderForWhichNoWalletWasChosenIsSentACommandAtOnce() {
        assertThat(step(Operation.CANCEL, NO_WALLET).action()).isEqualTo(new Command());
        assertThat(step(Operation.CANCEL, FAILED, NO_WALLET).action()).isEqualTo(new Command());
        assertThat(step(Operation.CANCEL, NOTSURE, NO_WALLET).action()).isEqualTo(new Command());
    }

    @Test
    void anyOtherNotsureIsSentACommandWhenItIsSeenTwiceInARow() {
        assertThat(after(NOTSURE)).isEqualTo(new Query(1));
        assertThat(after(NOTSURE, NOTSURE)).isEqualTo(new Command());
        assertThat(after(FAILED, NOTSURE)).isEqualTo(new Query(2));
        assertThat(after(FAILED, NOTSURE, NOTSURE)).isEqualTo(new Command());
        assertThat(after(NOTSURE, FAILED, NOTSURE)).as("not in a row").isEqualTo(new Query(3));
        assertThat(after(NOTSURE, FAILED, NOTSURE, NOTSURE)).isEqualTo(new Command());
        assertThat(after(NOTSURE, OPEN)).isEqualTo(new Command());
        assertThat(outcome(NOTSURE, seen("SUCCESS"))).isEqualTo(Outcome.PAID);
        assertThat(after(NOTSURE, NOTSURE, NOT_SENT, NOTSURE))
                .as("what was seen before is too long ago")
                .isEqualTo(new Query(1));
    }

    @Test
    void afterACommandNotsureIsOpen() {
        for (Event notsure : List.of(NOTSURE, NO_WALLET)) {
            assertThat(after(OPEN, DONE, notsure)).isEqualTo(new Command());
            assertThat(verdict(OPEN, DONE, notsure, DONE, notsure))
                    .isEqualTo(new Verdict(Outcome.NOT_CLOSED, FACTS.with("still NOTSURE after two commands")));
            assertThat(verdict(OPEN, REFUSED, notsure))
                    .isEqualTo(new Verdict(Outcome.REFUSED, FACTS.with("still NOTSURE; told")));
            assertThat(after(OPEN, NO_ANSWER, notsure)).isEqualTo(new Query(1));
            assertThat(after(OPEN, NO_ANSWER, notsure, notsure)).isEqualTo(new Command());
        }
    }

    @Test
    void anOrderThatIsPaidAfterACommandSaysSo() {
        assertThat(verdict(seen("SUCCESS"))).isEqualTo(new Verdict(Outcome.PAID, FACTS));
        for (Event end : List.of(DONE, NO_ANSWER, REFUSED)) {
            assertThat(verdict(OPEN, end, seen("SUCCESS")))
                    .isEqualTo(
                            new Verdict(Outcome.PAID, FACTS.with("told; it was open before this row sent a command")));
        }
        assertThat(verdict(new Event.Seen(OrderState.SUCCESS, true, 8L, FACTS)))
                .isEqualTo(new Verdict(Outcome.PAID, FACTS.with("told; it was open before line 8 sent a command")));
    }

    @Test
    void anOrderThatAnotherRowCommandedIsClosedAndNamesThatLine() {
        assertThat(verdict(new Event.Seen(OrderState.CLOSED, true, 8L, FACTS)))
                .isEqualTo(new Verdict(Outcome.CLOSED, FACTS.with("closed after the command of line 8; told")));
        assertThat(verdict(new Event.Seen(OrderState.CLOSED, true, 8L, Facts.of(""))))
                .isEqualTo(new Verdict(Outcome.CLOSED, Facts.of("closed after the command of line 8")));
        assertThat(verdict(seen("CLOSED"))).isEqualTo(new Verdict(Outcome.ALREADY_CLOSED, FACTS));
        assertThat(verdict(OPEN, DONE, seen("CLOSED"))).isEqualTo(new Verdict(Outcome.CLOSED, FACTS));
    }

    @Test
    void anUnknownOrderIsNotFoundBeforeACommandAndUnknownAfterOne() {
        Event unknown = new Event.NoSuchOrder(FACTS, "try this");
        assertThat(verdict(unknown)).isEqualTo(new Verdict(Outcome.NOT_FOUND, FACTS.with("told; try this")));
        assertThat(verdict(OPEN, DONE, unknown))
                .isEqualTo(new Verdict(Outcome.UNKNOWN, FACTS.with("a command was sent; told")));
    }

    @Test
    void aQueryThatSaysNothingIsRepeatedWithBackOffThatStartsAgainAfterOneThatDid() {
        assertThat(after(NOTSURE)).isEqualTo(new Query(1));
        assertThat(after(FAILED)).isEqualTo(new Query(1));
        assertThat(after(FAILED, NOTSURE, FAILED)).isEqualTo(new Query(3));
        assertThat(after(OPEN, DONE, FAILED)).isEqualTo(new Query(1));
        assertThat(after(FAILED, FAILED, OPEN, DONE, FAILED)).isEqualTo(new Query(1));
    }

    @Test
    void aRefusedQueryIsUnknownAndSaysWhetherACommandWentOut() {
        for (boolean byKsher : new boolean[] {true, false}) {
            Event refused = new Event.QueryRefused(FACTS, byKsher);
            assertThat(verdict(refused))
                    .isEqualTo(new Verdict(Outcome.UNKNOWN, FACTS.with("no command was sent; told")));
            assertThat(verdict(OPEN, DONE, refused))
                    .isEqualTo(new Verdict(Outcome.UNKNOWN, FACTS.with("a command was sent; told")));
        }
    }

    @Test
    void aQueryThatDoesNotVerifyIsUntrustedAtOnceAndSaysWhetherACommandWentOut() {
        assertThat(verdict(UNVERIFIED))
                .isEqualTo(new Verdict(Outcome.UNTRUSTED, FACTS.with("no command was sent; told")));
        assertThat(verdict(OPEN, DONE, UNVERIFIED))
                .isEqualTo(new Verdict(Outcome.UNTRUSTED, FACTS.with("a command was sent; told")));
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
        assertThat(verdict(OPEN, REFUSED, seen("USERPAYING")))
                .isEqualTo(new Verdict(Outcome.REFUSED, FACTS.with("still USERPAYING; told")));
        assertThat(verdict(OPEN, NO_ANSWER, OPEN, OPEN, REFUSED, FAILED, OPEN))
                .isEqualTo(new Verdict(Outcome.REFUSED, FACTS.with("still NOTPAY; told")));
    }

    @Test
    void stillOpenAfterDoneIsTriedOnceMoreAndThenNotClosed() {
        assertThat(after(OPEN, DONE, OPEN)).isEqualTo(new Command());
        assertThat(verdict(OPEN, DONE, OPEN, DONE, OPEN))
                .isEqualTo(new Verdict(Outcome.NOT_CLOSED, FACTS.with("still NOTPAY after two commands")));
    }

    @Test
    void onlyAnsweredCommandsCountForOnceMore() {
        assertThat(after(OPEN, NO_ANSWER, OPEN, OPEN, DONE, OPEN)).isEqualTo(new Command());
        assertThat(after(OPEN, DONE, OPEN, NO_ANSWER, OPEN)).isEqualTo(new Query(1));
        assertThat(after(OPEN, DONE, OPEN, NO_ANSWER, OPEN, OPEN)).isEqualTo(new Command());
        assertThat(outcome(OPEN, DONE, OPEN, NO_ANSWER, OPEN, OPEN, DONE, OPEN)).isEqualTo(Outcome.NOT_CLOSED);
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
    void aCommandThatWasNotSentIsNotCountedAndTheOrderIsAskedAboutAgain() {
        assertThat(after(OPEN, NOT_SENT)).isEqualTo(new Query(0));
        assertThat(outcome(OPEN, NOT_SENT, seen("CLOSED"))).isEqualTo(Outcome.ALREADY_CLOSED);
        assertThat(after(OPEN, NOT_SENT, OPEN)).isEqualTo(new Command());
        assertThat(outcome(OPEN, DONE, OPEN, NOT_SENT, seen("CLOSED")))
                .as("the first one was sent")
                .isEqualTo(Outcome.CLOSED);
        assertThat(outcome(OPEN, DONE, OPEN, NOT_SENT, OPEN, DONE, OPEN)).isEqualTo(Outcome.NOT_CLOSED);
    }

    @Test
    void givingUpIsNotClosedOnlyIfTheLastVerifiedAnswerAfterACommandWasOpen() {
        assertThat(outcome(FAILED, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, NOT_SENT, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, NO_ANSWER, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, GAVE_UP)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, FAILED, GAVE_UP)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(outcome(NOTSURE, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, NO_ANSWER, NOTSURE, GAVE_UP)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, OPEN, GAVE_UP)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(outcome(OPEN, NO_ANSWER, OPEN, OPEN, NO_ANSWER, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(OPEN, DONE, OPEN, GAVE_UP)).isEqualTo(Outcome.NOT_CLOSED);
    }

    @Test
    void givingUpSaysWhatWasLastAndWhetherACommandWentOut() {
        String upTo = "not settled in the time it was given (batch.give-up-after)";
        assertThat(verdict(FAILED, GAVE_UP).facts())
                .isEqualTo(QUERY_FACTS.with("no command was sent; " + upTo + "; the last query: asked"));
        assertThat(verdict(OPEN, NO_ANSWER, GAVE_UP).facts())
                .isEqualTo(FACTS.with("a command was sent; " + upTo + "; the last command: told"));
        assertThat(verdict(OPEN, GAVE_UP).facts()).isEqualTo(Facts.of("no command was sent; " + upTo));
        assertThat(verdict(OPEN, DONE, OPEN, GAVE_UP).facts()).isEqualTo(Facts.of(upTo + "; still open"));
    }

    @Test
    void aFailedQueryBeforeAGoodOneIsNotToldAsTheLast() {
        assertThat(verdict(FAILED, OPEN, GAVE_UP).facts().detail()).doesNotContain("asked");
        assertThat(verdict(OPEN, DONE, FAILED, OPEN, GAVE_UP).facts().detail()).doesNotContain("asked");
    }

    @Test
    void notBeingLetInIsUnknown() {
        Event notLetIn = new Event.NotLetIn(FACTS);
        assertThat(verdict(notLetIn)).isEqualTo(new Verdict(Outcome.UNKNOWN, FACTS.with("no command was sent; told")));
        assertThat(verdict(OPEN, notLetIn))
                .isEqualTo(new Verdict(Outcome.UNKNOWN, FACTS.with("a command was sent; told")));
    }

    @Test
    void anOrderThatIsOnlyWatchedIsNeverSentACommand() {
        assertThat(((Settle) step(Operation.CHECK, seen("SUCCESS")).action()).verdict())
                .isEqualTo(new Verdict(
                        Outcome.PAID,
                        FACTS.with(
                                "told; paid after it was closed or cancelled: deliver the goods or refund the money")));
        assertThat(checked(seen("REFUND"))).isEqualTo(Outcome.REFUNDED);
        assertThat(checked(seen("CLOSED"))).as("by the batch before").isEqualTo(Outcome.CLOSED);
        assertThat(checked(OPEN)).as("it was closed, and is not now").isEqualTo(Outcome.NOT_CLOSED);
        assertThat(checked(new Event.NoSuchOrder(FACTS, "ask Ksher"))).isEqualTo(Outcome.NOT_FOUND);
        assertThat(checked(UNVERIFIED)).isEqualTo(Outcome.UNTRUSTED);
        assertThat(checked(FAILED, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(((Settle) step(Operation.CHECK, NOTSURE).action()).verdict())
                .isEqualTo(new Verdict(Outcome.NOT_CLOSED, FACTS.with("was closed, and is NOTSURE now")));
        assertThat(checked(NO_WALLET)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(step(Operation.CHECK, FAILED, FAILED).action()).isEqualTo(new Query(2));
    }

    @Test
    void whatCannotHappenIsAMistakeAndNoOutcome() {
        assertThatIllegalStateException().isThrownBy(() -> after(DONE));
        assertThatIllegalStateException().isThrownBy(() -> after(NOT_SENT));
        assertThatIllegalStateException().isThrownBy(() -> after(OPEN, FAILED));
        assertThatIllegalStateException().isThrownBy(() -> after(seen("CLOSED"), OPEN));
        assertThatIllegalStateException().isThrownBy(() -> after(seen("CLOSED"), GAVE_UP));
    }
}
