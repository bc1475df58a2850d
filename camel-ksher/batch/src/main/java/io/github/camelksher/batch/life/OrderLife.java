/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import io.github.camelksher.batch.life.Action.Command;
import io.github.camelksher.batch.life.Action.Query;
import io.github.camelksher.batch.life.Action.Settle;
import io.github.camelksher.batch.life.CommandHistory.Result;
import io.github.camelksher.batch.life.Event.CredentialsRejected;
import io.github.camelksher.batch.life.Event.Done;
import io.github.camelksher.batch.life.Event.GaveUp;
import io.github.camelksher.batch.life.Event.NoAnswer;
import io.github.camelksher.batch.life.Event.NoSuchOrder;
import io.github.camelksher.batch.life.Event.NotSent;
import io.github.camelksher.batch.life.Event.NotVerified;
import io.github.camelksher.batch.life.Event.QueryFailed;
import io.github.camelksher.batch.life.Event.QueryRefused;
import io.github.camelksher.batch.life.Event.Refused;
import io.github.camelksher.batch.life.Event.Seen;
import io.github.camelksher.reply.OrderState;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The state of one order: a pure state machine without clock, threads or calls, so each transition
 * is tested alone and the journal can store it. Immutable. Outcomes come from queries only. A
 * command's result decides only what to do if the order turns out to be open still.
 *
 * @param queryOnly whether the order is never sent a command
 * @param failedQueries queries in a row that failed or said NOTSURE, for the back-off
 * @param failure why the last query failed; null if it did not
 */
public record OrderLife(
        Phase phase, boolean queryOnly, CommandHistory commands, int failedQueries, @Nullable CallDetails failure) {

    /** What is awaited. */
    public enum Phase {
        /** A query, before a command. */
        ASKING,
        /** A command's end. */
        COMMANDING,
        /** A query, after a command. */
        CONFIRMING,
        /** Nothing. */
        SETTLED
    }

    /** The next state, and what to do now. */
    public record Step(OrderLife life, Action action) {}

    /** Only a text that looks like a state is quoted: any other text of a reply may be personal. */
    private static final Pattern STATE_NAME = Pattern.compile("[A-Z_]{1,32}");

    /** A new order is queried first. */
    public static OrderLife begin(RowOperation operation) {
        return new OrderLife(Phase.ASKING, operation.command() == null, CommandHistory.NONE, 0, null);
    }

    private OrderLife with(Phase next, CommandHistory history) {
        return new OrderLife(next, queryOnly, history, 0, null);
    }

    private OrderLife keepingFailure(Phase next, CommandHistory history) {
        return new OrderLife(next, queryOnly, history, 0, failure);
    }

    /** The next step; fails if the event cannot happen in this phase. */
    public Step after(Event event) {
        if (phase == Phase.SETTLED) {
            throw new IllegalStateException("the order is settled, and then came " + event);
        }
        if (event instanceof GaveUp) {
            return phase == Phase.COMMANDING
                    // The time was up before the command was sent.
                    ? afterCommand(new NotSent()).life().after(event)
                    : settle(commands.openSince() ? Outcome.NOT_CLOSED : Outcome.UNKNOWN, gaveUp());
        }
        if (event instanceof CredentialsRejected refusal) {
            return settle(Outcome.UNKNOWN, refusal.details());
        }
        return phase == Phase.COMMANDING ? afterCommand(event) : afterQuery(event);
    }

    private Step afterQuery(Event event) {
        if (event instanceof Seen seen) {
            return afterSeen(seen);
        }
        if (event instanceof NoSuchOrder unknown) {
            CallDetails details = unknown.details();
            return commands.sent() == 0
                    ? settle(Outcome.NOT_FOUND, details.withText(details.text() + "; " + unknown.advice()))
                    : settle(Outcome.UNKNOWN, details);
        }
        if (event instanceof NotVerified notVerified) {
            return settle(Outcome.UNTRUSTED, notVerified.details());
        }
        if (event instanceof QueryFailed failed) {
            return queryAgain(commands.openSince(), failed.details());
        }
        if (event instanceof QueryRefused refused) {
            return settle(Outcome.UNKNOWN, refused.details());
        }
        throw impossible(event);
    }

    private Step afterSeen(Seen seen) {
        OrderState state = seen.state();
        if (state.equals(OrderState.SUCCESS)) {
            return settle(Outcome.PAID, paid(seen));
        }
        if (state.equals(OrderState.CLOSED)) {
            return closed(seen);
        }
        if (state.equals(OrderState.REFUND)) {
            return settle(Outcome.REFUNDED, seen.details());
        }
        if (!state.isOpen()) {
            return settle(Outcome.UNKNOWN, seen.details().withText("Ksher answered with " + named(state.toString())));
        }
        return state.equals(OrderState.NOTSURE) && mustBeSeenTwice(seen) ? queryAgain(false, null) : afterOpen(seen);
    }

    /**
     * Whether NOTSURE may be a payment under way, so that the order is queried once more. After a
     * command NOTSURE counts as open: the command's result decides what follows.
     */
    private boolean mustBeSeenTwice(Seen seen) {
        boolean seenBefore = failedQueries > 0 && failure == null;
        return commands.sent() == 0 && !queryOnly && seen.walletChosen() && !seenBefore;
    }

    private CallDetails paid(Seen seen) {
        if (queryOnly) {
            return seen.details()
                    .withText(seen.details().text()
                            + "; paid after it was closed or cancelled: deliver the goods or refund the money");
        }
        String who = commands.sent() > 0 ? "this row" : "line " + seen.commandedByLine();
        return commands.sent() > 0 || seen.commandedByLine() != null
                ? seen.details().withText(seen.details().text() + "; it was open before " + who + " sent a command")
                : seen.details();
    }

    private Step closed(Seen seen) {
        if (commands.sent() > 0 || queryOnly) {
            return settle(Outcome.CLOSED, seen.details());
        }
        if (seen.commandedByLine() == null) {
            return settle(Outcome.ALREADY_CLOSED, seen.details());
        }
        String by = "closed after the command of line " + seen.commandedByLine();
        String more = seen.details().text();
        return settle(Outcome.CLOSED, seen.details().withText(more.isEmpty() ? by : by + "; " + more));
    }

    private static String named(String state) {
        return STATE_NAME.matcher(state).matches()
                ? "the state " + state + ", which is not known here"
                : "a state that is not known here";
    }

    private Step afterOpen(Seen seen) {
        if (queryOnly) {
            return settle(Outcome.NOT_CLOSED, seen.details().withText("was closed, and is " + seen.state() + " now"));
        }
        if (phase == Phase.ASKING) {
            return command();
        }
        CallDetails last = Objects.requireNonNullElse(commands.lastDetails(), seen.details());
        if (commands.lastResult() == Result.REFUSED) {
            return settle(Outcome.REFUSED, last.withText("still " + seen.state() + "; " + last.text()));
        }
        if (commands.lastResult() == Result.DONE) {
            return commands.done() < 2
                    ? command()
                    : settle(
                            Outcome.NOT_CLOSED,
                            seen.details().withText("still " + seen.state() + " after two commands"));
        }
        // After the back-off the "open" is too old for a command: query first.
        CommandHistory history = commands.unclearAndOpen();
        return new Step(with(Phase.ASKING, history), new Query(history.unclear()));
    }

    private Step afterCommand(Event event) {
        if (event instanceof NotSent) {
            return new Step(keepingFailure(Phase.ASKING, commands.notSent()), new Query(0));
        }
        if (event instanceof Done end) {
            return confirm(Result.DONE, end.details());
        }
        if (event instanceof NoAnswer end) {
            return confirm(Result.NO_ANSWER, end.details());
        }
        if (event instanceof Refused end) {
            return confirm(Result.REFUSED, end.details());
        }
        throw impossible(event);
    }

    private Step confirm(Result result, CallDetails details) {
        return new Step(with(Phase.CONFIRMING, commands.ended(result, details)), new Query(0));
    }

    private Step command() {
        return new Step(with(Phase.COMMANDING, commands.announced()), new Command());
    }

    private Step queryAgain(boolean openSince, @Nullable CallDetails why) {
        int failed = failedQueries + 1;
        return new Step(
                new OrderLife(phase, queryOnly, commands.withOpenSince(openSince), failed, why), new Query(failed));
    }

    private Step settle(Outcome outcome, CallDetails details) {
        boolean sayCommand = outcome == Outcome.UNKNOWN || outcome == Outcome.UNTRUSTED;
        CallDetails shown = sayCommand
                ? details.withText(
                        (commands.sent() == 0 ? "no command was sent; " : "a command was sent; ") + details.text())
                : details;
        return new Step(keepingFailure(Phase.SETTLED, commands), new Settle(new RowResult(outcome, shown)));
    }

    private CallDetails gaveUp() {
        String text = "not settled in the time it was given (batch.give-up-after)";
        CallDetails last = commands.lastDetails();
        if (commands.lastResult() == Result.NO_ANSWER && last != null) {
            return last.withText(text + "; the last command: " + last.text());
        }
        if (failure != null) {
            return failure.withText(text + "; the last query: " + failure.text());
        }
        return CallDetails.of(commands.openSince() ? text + "; still open" : text);
    }

    private IllegalStateException impossible(Event event) {
        return new IllegalStateException("this cannot happen in " + phase + ": " + event);
    }
}
