/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can happen to an order: how a query or a command ended, or that time ran out. */
public sealed interface Event {

    /** How long Ksher's side asked to wait before the next call; zero if it did not. */
    default Duration retryAfter() {
        return Duration.ZERO;
    }

    /** What is known of the call's end; null if no call ended. */
    default @Nullable Facts facts() {
        return null;
    }

    /** Whether the call failed in a way that can pass. */
    default boolean isRetryableFailure() {
        return this instanceof QueryFailed || this instanceof NoAnswer;
    }

    /** Whether it is a reply with a code of Ksher's that says that we are let in. */
    default boolean isGoodReply() {
        boolean reply = this instanceof Seen
                || this instanceof NoSuchOrder
                || this instanceof QueryRefused
                || this instanceof Done
                || this instanceof Refused;
        Facts facts = facts();
        return reply && facts != null && facts.code() != null;
    }

    /**
     * A query that was answered, and whose answer's signature was verified.
     *
     * @param walletChosen false only if no payment can be under way: a gateway order for which the customer has chosen no wallet
     * @param commandedByLine the line of another row of the batch that sent this order a command; null if none did
     */
    record Seen(OrderState state, boolean walletChosen, @Nullable Long commandedByLine, Facts facts) implements Event {

        public Seen commandedBy(@Nullable Long line) {
            return new Seen(state, walletChosen, line, facts);
        }
    }

    /**
     * A query was told that there is no such order.
     *
     * @param advice what a person can try
     */
    record NoSuchOrder(Facts facts, String advice) implements Event {}

    /** A query's answer that did not verify. */
    record NotVerified(Facts facts) implements Event {}

    /** A query failed in a way that can pass. */
    record QueryFailed(Facts facts, Duration retryAfter) implements Event {}

    /**
     * A query ended in any other way.
     *
     * @param byKsher whether Ksher refused it; false if what answered cannot be Ksher: a web server's 404, an untrusted certificate
     */
    record QueryRefused(Facts facts, boolean byKsher) implements Event {}

    /** A command was answered "done", or "was done before". */
    record Done(Facts facts) implements Event {}

    /** A command that may or may not have been carried out, or was refused for now. */
    record NoAnswer(Facts facts, Duration retryAfter) implements Event {}

    /** A command was refused for good. Says nothing of the order's state. */
    record Refused(Facts facts) implements Event {}

    /** Ksher does not know the merchant (-1) or the signature (-2). */
    record NotLetIn(Facts facts) implements Event {}

    /** A command was announced and not sent: too long since the order was seen open, or the run was stopped. */
    record NotSent() implements Event {}

    /** The order's time is up. */
    record GaveUp() implements Event {}
}
