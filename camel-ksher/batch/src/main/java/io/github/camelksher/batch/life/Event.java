/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import io.github.camelksher.reply.OrderState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can happen to an order: a query or a command ended, or its time is up. */
public sealed interface Event {

    /** How long the server asked to wait before the next call; zero if it did not. */
    default Duration retryAfter() {
        return Duration.ZERO;
    }

    /** How the call ended; null if no call ended. */
    default @Nullable CallDetails details() {
        return null;
    }

    /** Whether the call failed for a reason that may pass. */
    default boolean isRetryableFailure() {
        return this instanceof QueryFailed || this instanceof NoAnswer;
    }

    /** Whether a reply with a code of Ksher's came, so that app-id and signature were accepted. */
    default boolean isGoodReply() {
        boolean reply = this instanceof Seen
                || this instanceof NoSuchOrder
                || this instanceof QueryRefused
                || this instanceof Done
                || this instanceof Refused;
        CallDetails details = details();
        return reply && details != null && details.code() != null;
    }

    /**
     * A query's reply whose signature was verified.
     *
     * @param walletChosen false only for a gateway order whose customer has not chosen a wallet, so
     *     that no payment can be under way
     * @param commandedByLine the line of another row of the batch that sent this order a command;
     *     null if none did
     */
    record Seen(OrderState state, boolean walletChosen, @Nullable Long commandedByLine, CallDetails details)
            implements Event {

        public Seen commandedBy(@Nullable Long line) {
            return new Seen(state, walletChosen, line, details);
        }
    }

    /**
     * Ksher answered a query that there is no such order.
     *
     * @param advice what a person can try
     */
    record NoSuchOrder(CallDetails details, String advice) implements Event {}

    /** A query's reply whose signature was not verified. */
    record NotVerified(CallDetails details) implements Event {}

    /** A query failed for a reason that may pass. */
    record QueryFailed(CallDetails details, Duration retryAfter) implements Event {}

    /**
     * A query ended in any other way.
     *
     * @param byKsher whether Ksher refused it; false if another server answered: a web server's
     *     404, an untrusted certificate
     */
    record QueryRefused(CallDetails details, boolean byKsher) implements Event {}

    /** Ksher answered a command with "done", or "was done before". */
    record Done(CallDetails details) implements Event {}

    /** A command that may have been carried out, or was refused for now. */
    record NoAnswer(CallDetails details, Duration retryAfter) implements Event {}

    /** A command was refused for good. This does not tell the order's state. */
    record Refused(CallDetails details) implements Event {}

    /** Ksher rejected the merchant (-1) or the signature (-2). */
    record CredentialsRejected(CallDetails details) implements Event {}

    /** An announced command was not sent: the "open" was too old, or the worker was stopped. */
    record NotSent() implements Event {}

    /** The order's time is up. */
    record GaveUp() implements Event {}
}
