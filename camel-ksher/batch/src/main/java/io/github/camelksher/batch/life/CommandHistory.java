/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.life;

import org.jspecify.annotations.Nullable;

/**
 * The commands of one order so far. Immutable.
 *
 * @param sent how many were sent, the one that is announced included
 * @param done how many of them Ksher answered with "done"
 * @param unclear how many had no clear answer, for the back-off
 * @param lastResult how the last one ended; null before the first end
 * @param lastDetails the details of that end; null before the first end
 * @param openSince whether the last verified query since the last command said "open"
 */
public record CommandHistory(
        int sent,
        int done,
        int unclear,
        @Nullable Result lastResult,
        @Nullable CallDetails lastDetails,
        boolean openSince) {

    /** What became of a command. */
    public enum Result {
        DONE,
        NO_ANSWER,
        REFUSED
    }

    static final CommandHistory NONE = new CommandHistory(0, 0, 0, null, null, false);

    CommandHistory announced() {
        return new CommandHistory(sent + 1, done, unclear, lastResult, lastDetails, sent > 0);
    }

    /** Without the one that was announced. */
    CommandHistory notSent() {
        return new CommandHistory(sent - 1, done, unclear, lastResult, lastDetails, openSince);
    }

    CommandHistory ended(Result result, CallDetails details) {
        return new CommandHistory(sent, done + (result == Result.DONE ? 1 : 0), unclear, result, details, false);
    }

    /** The last one had no clear answer, and the order is still open. */
    CommandHistory unclearAndOpen() {
        return new CommandHistory(sent, done, unclear + 1, lastResult, lastDetails, true);
    }

    CommandHistory withOpenSince(boolean open) {
        return new CommandHistory(sent, done, unclear, lastResult, lastDetails, open);
    }
}
