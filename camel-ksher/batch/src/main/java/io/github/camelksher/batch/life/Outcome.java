/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

/** What the report says of a row. */
public enum Outcome {
    /** Paid, so never closed: deliver the goods. */
    PAID(false),
    /** Closed after a command of this batch. */
    CLOSED(false),
    /** Closed before this batch sent it a command. */
    ALREADY_CLOSED(false),
    /** Paid, and the money was returned, wholly or in part. */
    REFUNDED(false),
    /** The same operation and numbers as an earlier row of the batch. */
    DUPLICATE(false),
    /** Ksher does not know the order. */
    NOT_FOUND(true),
    /** Still open; Ksher refused to close it. */
    REFUSED(true),
    /** Still open, although Ksher said "done", or after all the time it was given. */
    NOT_CLOSED(true),
    /** The order's state could not be found out. */
    UNKNOWN(true),
    /** A reply that did not verify. */
    UNTRUSTED(true),
    /** A row that cannot be read or sent. */
    INVALID(true);

    private final boolean needsPerson;

    Outcome(boolean needsPerson) {
        this.needsPerson = needsPerson;
    }

    /** Whether a person must look at it. */
    public boolean needsPerson() {
        return needsPerson;
    }
}
