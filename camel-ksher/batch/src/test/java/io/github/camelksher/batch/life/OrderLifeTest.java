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

    private static final CallDetails DETAILS = new CallDetails("told", 7, "ERR");
    private static final CallDetails QUERY_DETAILS = new CallDetails("asked", 8, "QUERY");
    private static final Event OPEN = seen("NOTPAY");
    private static final Event DONE = new Event.Done(DETAILS);
    private static final Event NO_ANSWER = new Event.NoAnswer(DETAILS, Duration.ZERO);
    private static final Event REFUSED = new Event.Refused(DETAILS);
    private static final Event FAILED = new Event.QueryFailed(QUERY_DETAILS, Duration.ZERO);
    private static final Event UNVERIFIED = new Event.NotVerified(DETAILS);
    private static final Event NOT_SENT = new Event.NotSent();
    private static final Event GAVE_UP = new Event.GaveUp();

    private static final Event NOTSURE = seen("NOTSURE");
    private static final Event NO_WALLET = new Event.Seen(OrderState.NOTSURE, false, null, DETAILS);

    private static Event seen(String state) {
        return new Event.Seen(OrderState.of(state), true, null, DETAILS);
    }

    private static Step step(RowOperation operation, Event... events) {
        Step step = new Step(OrderLife.begin(operation), new Query(0));
        for (Event event : events) {
            step = step.life().after(event);
        }
        return step;
    }

    private static Action after(Event... events) {
        return step(RowOperation.CLOSE, events).action();
    }

    private static RowResult result(Event... events) {
        return ((Settle) after(events)).result();
    }

    private static Outcome outcome(Event... events) {
        return result(events).outcome();
    }

    private static Outcome checked(Event... events) {
        return ((Settle) step(RowOperation.CHECK, events).action()).result().outcome();
    }

    @ParameterizedTest
    @EnumSource(RowOperation.class)
    void anOrderIsAskedAboutFirst(RowOperation operation) {
        OrderLife life = OrderLife.begin(operation);
        assertThat(life.phase()).isEqualTo(OrderLife.Phase.ASKING);
        assertThat(life.queryOnly()).isEqualTo(operation.command() == null);
        assertThat(life.commands().sent()).isZero();
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
        assertThat(result(seen(state)))
                .isEqualTo(new RowResult(
                        Outcome.UNKNOWN,
                        DETAILS.withText("no command was sent; Ksher answered with "
                                + (List.of("OPEN", "PAID").contains(state)
                                        ? "the state " + state + ", which is not known here"
                                        : "a state that is not known here"))));
    }

    @Test
    void aGatewayOrderForWhichNoWalletWasChosenIsSentACommandAtOnce() {
        assertThat(step(RowOperation.CANCEL, NO_WALLET).action()).isEqualTo(new Command());
        assertThat(step(RowOperation.CANCEL, FAILED, NO_WALLET).action()).isEqualTo(new Command());
        assertThat(step(RowOperation.CANCEL, NOTSURE, NO_WALLET).action()).isEqualTo(new Command());
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
            assertThat(result(OPEN, DONE, notsure, DONE, notsure))
                    .isEqualTo(new RowResult(Outcome.NOT_CLOSED, DETAILS.withText("still NOTSURE after two commands")));
            assertThat(result(OPEN, REFUSED, notsure))
                    .isEqualTo(new RowResult(Outcome.REFUSED, DETAILS.withText("still NOTSURE; told")));
            assertThat(after(OPEN, NO_ANSWER, notsure)).isEqualTo(new Query(1));
            assertThat(after(OPEN, NO_ANSWER, notsure, notsure)).isEqualTo(new Command());
        }
    }

    @Test
    void anOrderThatIsPaidAfterACommandSaysSo() {
        assertThat(result(seen("SUCCESS"))).isEqualTo(new RowResult(Outcome.PAID, DETAILS));
        for (Event end : List.of(DONE, NO_ANSWER, REFUSED)) {
            assertThat(result(OPEN, end, seen("SUCCESS")))
                    .isEqualTo(new RowResult(
                            Outcome.PAID, DETAILS.withText("told; it was open before this row sent a command")));
        }
        assertThat(result(new Event.Seen(OrderState.SUCCESS, true, 8L, DETAILS)))
                .isEqualTo(new RowResult(
                        Outcome.PAID, DETAILS.withText("told; it was open before line 8 sent a command")));
    }

    @Test
    void anOrderThatAnotherRowCommandedIsClosedAndNamesThatLine() {
        assertThat(result(new Event.Seen(OrderState.CLOSED, true, 8L, DETAILS)))
                .isEqualTo(new RowResult(Outcome.CLOSED, DETAILS.withText("closed after the command of line 8; told")));
        assertThat(result(new Event.Seen(OrderState.CLOSED, true, 8L, CallDetails.of(""))))
                .isEqualTo(new RowResult(Outcome.CLOSED, CallDetails.of("closed after the command of line 8")));
        assertThat(result(seen("CLOSED"))).isEqualTo(new RowResult(Outcome.ALREADY_CLOSED, DETAILS));
        assertThat(result(OPEN, DONE, seen("CLOSED"))).isEqualTo(new RowResult(Outcome.CLOSED, DETAILS));
    }

    @Test
    void anUnknownOrderIsNotFoundBeforeACommandAndUnknownAfterOne() {
        Event unknown = new Event.NoSuchOrder(DETAILS, "try this");
        assertThat(result(unknown)).isEqualTo(new RowResult(Outcome.NOT_FOUND, DETAILS.withText("told; try this")));
        assertThat(result(OPEN, DONE, unknown))
                .isEqualTo(new RowResult(Outcome.UNKNOWN, DETAILS.withText("a command was sent; told")));
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
            Event refused = new Event.QueryRefused(DETAILS, byKsher);
            assertThat(result(refused))
                    .isEqualTo(new RowResult(Outcome.UNKNOWN, DETAILS.withText("no command was sent; told")));
            assertThat(result(OPEN, DONE, refused))
                    .isEqualTo(new RowResult(Outcome.UNKNOWN, DETAILS.withText("a command was sent; told")));
        }
    }

    @Test
    void aQueryThatDoesNotVerifyIsUntrustedAtOnceAndSaysWhetherACommandWentOut() {
        assertThat(result(UNVERIFIED))
                .isEqualTo(new RowResult(Outcome.UNTRUSTED, DETAILS.withText("no command was sent; told")));
        assertThat(result(OPEN, DONE, UNVERIFIED))
                .isEqualTo(new RowResult(Outcome.UNTRUSTED, DETAILS.withText("a command was sent; told")));
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
        assertThat(result(OPEN, REFUSED, seen("USERPAYING")))
                .isEqualTo(new RowResult(Outcome.REFUSED, DETAILS.withText("still USERPAYING; told")));
        assertThat(result(OPEN, NO_ANSWER, OPEN, OPEN, REFUSED, FAILED, OPEN))
                .isEqualTo(new RowResult(Outcome.REFUSED, DETAILS.withText("still NOTPAY; told")));
    }

    @Test
    void stillOpenAfterDoneIsTriedOnceMoreAndThenNotClosed() {
        assertThat(after(OPEN, DONE, OPEN)).isEqualTo(new Command());
        assertThat(result(OPEN, DONE, OPEN, DONE, OPEN))
                .isEqualTo(new RowResult(Outcome.NOT_CLOSED, DETAILS.withText("still NOTPAY after two commands")));
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
        assertThat(result(FAILED, GAVE_UP).details())
                .isEqualTo(QUERY_DETAILS.withText("no command was sent; " + upTo + "; the last query: asked"));
        assertThat(result(OPEN, NO_ANSWER, GAVE_UP).details())
                .isEqualTo(DETAILS.withText("a command was sent; " + upTo + "; the last command: told"));
        assertThat(result(OPEN, GAVE_UP).details()).isEqualTo(CallDetails.of("no command was sent; " + upTo));
        assertThat(result(OPEN, DONE, OPEN, GAVE_UP).details()).isEqualTo(CallDetails.of(upTo + "; still open"));
    }

    @Test
    void aFailedQueryBeforeAGoodOneIsNotToldAsTheLast() {
        assertThat(result(FAILED, OPEN, GAVE_UP).details().text()).doesNotContain("asked");
        assertThat(result(OPEN, DONE, FAILED, OPEN, GAVE_UP).details().text()).doesNotContain("asked");
    }

    @Test
    void notBeingLetInIsUnknown() {
        Event notLetIn = new Event.CredentialsRejected(DETAILS);
        assertThat(result(notLetIn))
                .isEqualTo(new RowResult(Outcome.UNKNOWN, DETAILS.withText("no command was sent; told")));
        assertThat(result(OPEN, notLetIn))
                .isEqualTo(new RowResult(Outcome.UNKNOWN, DETAILS.withText("a command was sent; told")));
    }

    @Test
    void anOrderThatIsOnlyWatchedIsNeverSentACommand() {
        assertThat(((Settle) step(RowOperation.CHECK, seen("SUCCESS")).action()).result())
                .isEqualTo(new RowResult(
                        Outcome.PAID,
                        DETAILS.withText(
                                "told; paid after it was closed or cancelled: deliver the goods or refund the money")));
        assertThat(checked(seen("REFUND"))).isEqualTo(Outcome.REFUNDED);
        assertThat(checked(seen("CLOSED"))).as("by the batch before").isEqualTo(Outcome.CLOSED);
        assertThat(checked(OPEN)).as("it was closed, and is not now").isEqualTo(Outcome.NOT_CLOSED);
        assertThat(checked(new Event.NoSuchOrder(DETAILS, "ask Ksher"))).isEqualTo(Outcome.NOT_FOUND);
        assertThat(checked(UNVERIFIED)).isEqualTo(Outcome.UNTRUSTED);
        assertThat(checked(FAILED, GAVE_UP)).isEqualTo(Outcome.UNKNOWN);
        assertThat(((Settle) step(RowOperation.CHECK, NOTSURE).action()).result())
                .isEqualTo(new RowResult(Outcome.NOT_CLOSED, DETAILS.withText("was closed, and is NOTSURE now")));
        assertThat(checked(NO_WALLET)).isEqualTo(Outcome.NOT_CLOSED);
        assertThat(step(RowOperation.CHECK, FAILED, FAILED).action()).isEqualTo(new Query(2));
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
