/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is written of a held row: it stays held with its command announced, waits, or is final. How long it waits is counted from
 * when this is carried out, by the database's clock.
 *
 * @param queried whether a query of it ended since the last save
 * @param waits from the end of its latest query to the next one; null unless it waits
 * @param timeLeft for the order, of what it is given: the last look comes when it is up, if the pace allows it
 * @param verdict its end; null unless it is final
 */
public record Save(
        HeldRow row, boolean queried, @Nullable Duration waits, Duration timeLeft, @Nullable Verdict verdict) {

    /** Its command is announced; a query ended just now. */
    public static Save announced(HeldRow row) {
        return new Save(row, true, null, Duration.ZERO, null);
    }

    public static Save waiting(HeldRow row, boolean queried, Duration waits, Duration timeLeft) {
        return new Save(row, queried, waits, timeLeft, null);
    }

    public static Save ended(HeldRow row, boolean queried, Verdict verdict) {
        return new Save(row, queried, null, Duration.ZERO, verdict);
    }

    /** As {@code order_row} has it: held, waiting, final. */
    String state() {
        return verdict != null ? "F" : waits != null ? "W" : "H";
    }
}
