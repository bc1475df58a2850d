/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The journal cannot be used. The message says what to do. */
public final class JournalException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The exception for a journal that fails while it is in use. */
    public static JournalException of(Throwable failure) {
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        Throwable cause = wrapped && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof JournalException known) {
            return known;
        }
        String what = cause instanceof SQLException sql
                ? Database.shortText(sql)
                : cause.getClass().getSimpleName();
        return new JournalException(
                "The journal cannot be used (" + what + "). Check its disk or database, then run the same again:"
                        + " whatever was acknowledged is there, and every order in flight is asked about first.",
                cause);
    }

    /** Whether the database cannot be reached, so that a repetition may succeed later. */
    public boolean isAway() {
        return hasState("08...|57P0.");
    }

    /** Whether another process has the H2 journal open. */
    public boolean isInUse() {
        return hasState("90020");
    }

    private boolean hasState(String pattern) {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && String.valueOf(sql.getSQLState()).matches(pattern)) {
                return true;
            }
        }
        return false;
    }

    public JournalException(String message) {
        super(message);
    }
}
