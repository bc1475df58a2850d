/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** What the report says of a row. */
enum Outcome {
    /** Never closed: deliver the goods. */
    PAID(false),
    /** Closed by us. */
    CLOSED(false),
    /** Closed before we sent anything. */
    ALREADY_CLOSED(false),
    REFUNDED(false),
    DUPLICATE(false),
    NOT_FOUND(true),
    /** Still open; Ksher refused to close it. */
    REFUSED(true),
    /** Still open, although Ksher said "done", or after all the time it was given. */
    NOT_CLOSED(true),
    UNKNOWN(true),
    /** A reply that did not verify. */
    UNTRUSTED(true),
    INVALID(true);

    final boolean needsPerson;

    Outcome(boolean needsPerson) {
        this.needsPerson = needsPerson;
    }
}
