/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Where a row goes: it stays in its owner's hands, waits, or is final.
 *
 * @param dueAt when it is to be worked on again, in journal time; null unless it waits
 * @param verdict its end; null unless it is final
 */
public record RowState(@Nullable Long dueAt, @Nullable Verdict verdict) {

    /** Its command is announced. */
    public static RowState held() {
        return new RowState(null, null);
    }

    public static RowState waitingUntil(long dueAt) {
        return new RowState(dueAt, null);
    }

    public static RowState ended(Verdict verdict) {
        return new RowState(null, verdict);
    }

    boolean isHeld() {
        return dueAt == null && verdict == null;
    }

    String code() {
        return isHeld() ? "H" : dueAt == null ? "F" : "W";
    }
}
