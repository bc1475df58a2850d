/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** What can happen to an order: how a query or a command ended, or that time ran out. */
sealed interface Event {

    /** A query that was answered, and whose answer's signature was verified. */
    record Seen(String state, Facts facts) implements Event {}

    /** A query was told that there is no such order. */
    record NoSuchOrder(Facts facts) implements Event {}

    /** A query's answer that did not verify. */
    record NotVerified(Facts facts) implements Event {}

    /** A query failed in a way that can pass. */
    record QueryFailed(Facts facts) implements Event {}

    /** A query ended in any other way. */
    record QueryRefused(Facts facts) implements Event {}

    /** A command was answered "done", or "was done before". */
    record Done(Facts facts) implements Event {}

    /** A command that may or may not have been carried out, or was refused for now. */
    record NoAnswer(Facts facts) implements Event {}

    /** A command was refused for good. Says nothing of the order's state. */
    record Refused(Facts facts) implements Event {}

    /** Ksher does not know the merchant (-1) or the signature (-2). */
    record NotLetIn(Facts facts) implements Event {}

    /** Too long since the order was seen open to send it a command. */
    record TooLate() implements Event {}

    /** The order's time is up. */
    record GaveUp() implements Event {}
}
