/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import io.github.camelksher.batch.life.Action.Command;
import io.github.camelksher.batch.life.Action.Query;
import io.github.camelksher.batch.life.Action.Settle;
import io.github.camelksher.batch.life.Event.Done;
import io.github.camelksher.batch.life.Event.GaveUp;
import io.github.camelksher.batch.life.Event.NoAnswer;
import io.github.camelksher.batch.life.Event.NoSuchOrder;
import io.github.camelksher.batch.life.Event.NotLetIn;
import io.github.camelksher.batch.life.Event.NotSent;
import io.github.camelksher.batch.life.Event.NotVerified;
import io.github.camelksher.batch.life.Event.QueryFailed;
import io.github.camelksher.batch.life.Event.QueryRefused;
import io.github.camelksher.batch.life.Event.Refused;
import io.github.camelksher.batch.life.Event.Seen;
import io.github.camelksher.reply.OrderState;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The life of one order: what to do after what happened. Immutable and without clock, threads or Ksher, so that every arrow can
 * be tested by itself, and so that the journal can keep it. Outcomes come from queries only; what a command was answered decides
 * merely what to do if the order turns out to be open still.
 *
 * @param phase what is awaited
 * @param watched whether the order is only asked about, and never sent a command
 * @param commands how many commands were sent
 * @param done how many of them were answered "done"
 * @param failedQueries queries in a row that failed or said NOTSURE, for the back-off
 * @param repeats commands that had no clear answer, for the back-off
 * @param answer how the latest command ended; null before the first
 * @param told what is known of that end; null before the first
 * @param openAfterCommand whether the latest verified answer since the latest command was "open"
 * @param failure why the latest query failed; null if it did not
 */
public record OrderLife(
        Phase phase,
        boolean watched,
        int commands,
        int done,
        int failedQueries,
        int repeats,
        @Nullable Answer answer,
        @Nullable Facts told,
        boolean openAfterCommand,
        @Nullable Facts failure) {

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

    /** How a command ended. */
    public enum Answer {
        DONE,
        NO_ANSWER,
        REFUSED
    }

    /** The life from here on, and what to do now. */
    public record Step(OrderLife life, Action action) {}

    /** What looks like a state may be told; any other text of a reply may be personal. */
    private static final Pattern STATE_NAME = Pattern.compile("[A-Z_]{1,32}");

    /** A new order: it is asked about first. */
    public static OrderLife begin(Operation operation) {
        return new OrderLife(Phase.ASKING, operation.command() == null, 0, 0, 0, 0, null, null, false, null);
    }

    /** The next step; an event that cannot happen here is a mistake of the caller. */
    public Step after(Event event) {
        if (phase == Phase.SETTLED) {
            throw new IllegalStateException("the order is settled, and then came " + event);
        }
        if (event instanceof GaveUp) {
            return phase == Phase.COMMANDING
                    // Its time was up before the command was sent.
                    ? afterCommand(new NotSent()).life().after(event)
                    : settle(openAfterCommand ? Outcome.NOT_CLOSED : Outcome.UNKNOWN, gaveUp());
        }
        if (event instanceof NotLetIn refusal) {
            return settle(Outcome.UNKNOWN, refusal.facts());
        }
        return phase == Phase.COMMANDING ? afterCommand(event) : afterQuery(event);
    }

    private Step afterQuery(Event event) {
        if (event instanceof Seen seen) {
            return afterSeen(seen);
        }
        if (event instanceof NoSuchOrder unknown) {
            Facts facts = unknown.facts();
            return commands == 0
                    ? settle(Outcome.NOT_FOUND, facts.with(facts.detail() + "; " + unknown.advice()))
                    : settle(Outcome.UNKNOWN, facts);
        }
        if (event instanceof NotVerified notVerified) {
            return settle(Outcome.UNTRUSTED, notVerified.facts());
        }
        if (event instanceof QueryFailed failed) {
            return askAgain(openAfterCommand, failed.facts());
        }
        if (event instanceof QueryRefused refused) {
            return settle(Outcome.UNKNOWN, refused.facts());
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
            return settle(Outcome.REFUNDED, seen.facts());
        }
        if (!state.isOpen()) {
            return settle(Outcome.UNKNOWN, seen.facts().with("Ksher answered with " + named(state.toString())));
        }
        return state.equals(OrderState.NOTSURE) && mustBeSeenTwice(seen) ? askAgain(false, null) : afterOpen(seen);
    }

    /**
     * A payment may be under way, so the first NOTSURE is looked at again. After a command NOTSURE is open like any other: what
     * follows is decided by how the command ended.
     */
    private boolean mustBeSeenTwice(Seen seen) {
        boolean seenBefore = failedQueries > 0 && failure == null;
        return commands == 0 && !watched && seen.walletChosen() && !seenBefore;
    }

    private Facts paid(Seen seen) {
        if (watched) {
            return seen.facts()
                    .with(seen.facts().detail()
                            + "; paid after it was closed or cancelled: deliver the goods or refund the money");
        }
        String who = commands > 0 ? "this row" : "line " + seen.commandedByLine();
        return commands > 0 || seen.commandedByLine() != null
                ? seen.facts().with(seen.facts().detail() + "; it was open before " + who + " sent a command")
                : seen.facts();
    }

    private Step closed(Seen seen) {
        if (commands > 0 || watched) {
            return settle(Outcome.CLOSED, seen.facts());
        }
        if (seen.commandedByLine() == null) {
            return settle(Outcome.ALREADY_CLOSED, seen.facts());
        }
        String by = "closed after the command of line " + seen.commandedByLine();
        String more = seen.facts().detail();
        return settle(Outcome.CLOSED, seen.facts().with(more.isEmpty() ? by : by + "; " + more));
    }

    private static String named(String state) {
        return STATE_NAME.matcher(state).matches()
                ? "the state " + state + ", which is not known here"
                : "a state that is not known here";
    }

    private Step afterOpen(Seen seen) {
        if (watched) {
            return settle(Outcome.NOT_CLOSED, seen.facts().with("was closed, and is " + seen.state() + " now"));
        }
        if (phase == Phase.ASKING) {
            return command();
        }
        Facts last = told == null ? seen.facts() : told;
        if (answer == Answer.REFUSED) {
            return settle(Outcome.REFUSED, last.with("still " + seen.state() + "; " + last.detail()));
        }
        if (answer == Answer.DONE) {
            return done < 2
                    ? command()
                    : settle(Outcome.NOT_CLOSED, seen.facts().with("still " + seen.state() + " after two commands"));
        }
        // After the back-off the "open" is old: a command needs a fresh one.
        OrderLife next = new OrderLife(Phase.ASKING, watched, commands, done, 0, repeats + 1, answer, told, true, null);
        return new Step(next, new Query(repeats + 1));
    }

    private Step afterCommand(Event event) {
        if (event instanceof NotSent) {
            OrderLife next = new OrderLife(
                    Phase.ASKING, watched, commands - 1, done, 0, repeats, answer, told, openAfterCommand, failure);
            return new Step(next, new Query(0));
        }
        if (event instanceof Done end) {
            return confirm(Answer.DONE, end.facts());
        }
        if (event instanceof NoAnswer end) {
            return confirm(Answer.NO_ANSWER, end.facts());
        }
        if (event instanceof Refused end) {
            return confirm(Answer.REFUSED, end.facts());
        }
        throw impossible(event);
    }

    private Step confirm(Answer end, Facts facts) {
        int doneNow = done + (end == Answer.DONE ? 1 : 0);
        OrderLife next =
                new OrderLife(Phase.CONFIRMING, watched, commands, doneNow, 0, repeats, end, facts, false, null);
        return new Step(next, new Query(0));
    }

    private Step command() {
        OrderLife next = new OrderLife(
                Phase.COMMANDING, watched, commands + 1, done, 0, repeats, answer, told, commands > 0, null);
        return new Step(next, new Command());
    }

    private Step askAgain(boolean openStill, @Nullable Facts why) {
        OrderLife next =
                new OrderLife(phase, watched, commands, done, failedQueries + 1, repeats, answer, told, openStill, why);
        return new Step(next, new Query(failedQueries + 1));
    }

    private Step settle(Outcome outcome, Facts facts) {
        OrderLife end = new OrderLife(
                Phase.SETTLED, watched, commands, done, 0, repeats, answer, told, openAfterCommand, failure);
        boolean sayCommand = outcome == Outcome.UNKNOWN || outcome == Outcome.UNTRUSTED;
        Facts shown = sayCommand
                ? facts.with((commands == 0 ? "no command was sent; " : "a command was sent; ") + facts.detail())
                : facts;
        return new Step(end, new Settle(new Verdict(outcome, shown)));
    }

    private Facts gaveUp() {
        String text = "not settled in the time it was given (batch.give-up-after)";
        if (answer == Answer.NO_ANSWER && told != null) {
            return told.with(text + "; the last command: " + told.detail());
        }
        if (failure != null) {
            return failure.with(text + "; the last query: " + failure.detail());
        }
        return Facts.of(openAfterCommand ? text + "; still open" : text);
    }

    private IllegalStateException impossible(Event event) {
        return new IllegalStateException("this cannot happen in " + phase + ": " + event);
    }
}
