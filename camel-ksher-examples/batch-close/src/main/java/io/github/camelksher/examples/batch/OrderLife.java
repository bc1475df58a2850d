/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.examples.batch.Action.Command;
import io.github.camelksher.examples.batch.Action.Query;
import io.github.camelksher.examples.batch.Action.Settle;
import io.github.camelksher.examples.batch.Event.Done;
import io.github.camelksher.examples.batch.Event.GaveUp;
import io.github.camelksher.examples.batch.Event.NoAnswer;
import io.github.camelksher.examples.batch.Event.NoSuchOrder;
import io.github.camelksher.examples.batch.Event.NotLetIn;
import io.github.camelksher.examples.batch.Event.NotVerified;
import io.github.camelksher.examples.batch.Event.QueryFailed;
import io.github.camelksher.examples.batch.Event.QueryRefused;
import io.github.camelksher.examples.batch.Event.Refused;
import io.github.camelksher.examples.batch.Event.Seen;
import io.github.camelksher.examples.batch.Event.TooLate;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of one order: what to do after what happened. Immutable and without clock, threads or Ksher, so that every arrow can
 * be tested by itself. Outcomes come from queries only; what a command was answered decides merely what to do if the order turns
 * out to be open still.
 *
 * @param phase what is awaited
 * @param commands how many commands were sent
 * @param done how many of them were answered "done"
 * @param failedQueries queries in a row that said nothing, for the back-off
 * @param repeats commands that had no clear answer, for the back-off
 * @param answer how the latest command ended; null before the first
 * @param openAfterCommand whether the latest verified answer since the latest command was "open"
 * @param failure why the latest query said nothing; null if it did
 */
record OrderLife(
        Phase phase,
        int commands,
        int done,
        int failedQueries,
        int repeats,
        @Nullable Event answer,
        boolean openAfterCommand,
        @Nullable Facts failure) {

    /** What is awaited. */
    enum Phase {
        /** A query, before a command. */
        ASKING,
        /** A command's end. */
        COMMANDING,
        /** A query, after a command. */
        CONFIRMING,
        SETTLED
    }

    /** The life from here on, and what to do now. */
    record Step(OrderLife life, Action action) {}

    /** Exactly these may be closed; any state that Ksher adds is left alone. */
    private static final Set<String> OPEN = Set.of("NOTPAY", "PAYERROR", "PENDING", "USERPAYING");

    /** A new order: it is asked about first. */
    static Step begin() {
        return new Step(new OrderLife(Phase.ASKING, 0, 0, 0, 0, null, false, null), new Query(0));
    }

    /** The next step; an event that cannot happen here is a mistake of the caller. */
    Step after(Event event) {
        if (phase == Phase.SETTLED) {
            throw new IllegalStateException("the order is settled, and then came " + event);
        }
        if (event instanceof GaveUp) {
            if (phase == Phase.COMMANDING) {
                // Its time was up before the command was sent.
                return afterCommand(new TooLate()).life().after(event);
            }
            return settle(openAfterCommand ? Outcome.NOT_CLOSED : Outcome.UNKNOWN, gaveUp());
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
            return settle(commands == 0 ? Outcome.NOT_FOUND : Outcome.UNKNOWN, unknown.facts());
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
        return switch (seen.state()) {
            case "SUCCESS" -> settle(Outcome.PAID, seen.facts());
            case "CLOSED" -> settle(commands == 0 ? Outcome.ALREADY_CLOSED : Outcome.CLOSED, seen.facts());
            case "REFUND" -> settle(Outcome.REFUNDED, seen.facts());
            case "NOTSURE" -> askAgain(false, null);
            default ->
                OPEN.contains(seen.state())
                        ? afterOpen(seen)
                        : settle(
                                Outcome.UNKNOWN,
                                seen.facts().with("Ksher answered with a state that is not known here"));
        };
    }

    private Step afterOpen(Seen seen) {
        if (phase == Phase.ASKING) {
            return command();
        }
        if (answer instanceof Refused refused) {
            return settle(
                    Outcome.REFUSED,
                    refused.facts()
                            .with("still " + seen.state() + "; "
                                    + refused.facts().detail()));
        }
        if (answer instanceof Done) {
            return done < 2
                    ? command()
                    : settle(Outcome.NOT_CLOSED, seen.facts().with("still " + seen.state() + " after two commands"));
        }
        // After the back-off the "open" is old: a command needs a fresh one.
        OrderLife next = new OrderLife(Phase.ASKING, commands, done, 0, repeats + 1, answer, true, failure);
        return new Step(next, new Query(repeats + 1));
    }

    private Step afterCommand(Event event) {
        if (event instanceof TooLate) {
            OrderLife next =
                    new OrderLife(Phase.ASKING, commands - 1, done, 0, repeats, answer, openAfterCommand, failure);
            return new Step(next, new Query(0));
        }
        if (event instanceof Done || event instanceof NoAnswer || event instanceof Refused) {
            int doneNow = done + (event instanceof Done ? 1 : 0);
            OrderLife next = new OrderLife(Phase.CONFIRMING, commands, doneNow, 0, repeats, event, false, null);
            return new Step(next, new Query(0));
        }
        throw impossible(event);
    }

    private Step command() {
        return new Step(
                new OrderLife(Phase.COMMANDING, commands + 1, done, 0, repeats, answer, commands > 0, failure),
                new Command());
    }

    private Step askAgain(boolean openStill, @Nullable Facts why) {
        OrderLife next = new OrderLife(phase, commands, done, failedQueries + 1, repeats, answer, openStill, why);
        return new Step(next, new Query(failedQueries + 1));
    }

    private Step settle(Outcome outcome, Facts facts) {
        OrderLife end = new OrderLife(Phase.SETTLED, commands, done, 0, repeats, answer, openAfterCommand, failure);
        boolean sayCommand = outcome == Outcome.UNKNOWN || outcome == Outcome.UNTRUSTED;
        Facts shown = sayCommand
                ? facts.with((commands == 0 ? "no command was sent; " : "a command was sent; ") + facts.detail())
                : facts;
        return new Step(end, new Settle(new Verdict(outcome, shown)));
    }

    private Facts gaveUp() {
        String text = "not settled in the time it was given (batch.give-up-after)";
        if (answer instanceof NoAnswer last) {
            return last.facts()
                    .with(text + "; the last command: " + last.facts().detail());
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
