/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.life.RowResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An update of a held row: it stays held with its command announced, waits, or is final. The delay
 * begins when the update is carried out, by the database's clock.
 *
 * @param queryEnded whether a query of the row ended since its last save
 * @param delay from the end of its last query to the next one; null unless it waits
 * @param timeLeft until the order is given up; the delay ends then, if the pace allows it
 * @param result null unless the row is final
 */
public record Save(
        HeldRow row, boolean queryEnded, @Nullable Duration delay, Duration timeLeft, @Nullable RowResult result) {

    /** The query ended and the command is announced. */
    public static Save announced(HeldRow row) {
        return new Save(row, true, null, Duration.ZERO, null);
    }

    /** The row is due again as soon as the pace allows. */
    public static Save waiting(HeldRow row) {
        return new Save(row, false, Duration.ZERO, Duration.ZERO, null);
    }

    public static Save ended(HeldRow row, RowResult result) {
        return new Save(row, false, null, Duration.ZERO, result);
    }

    public Save withQueryEnded(boolean ended) {
        return new Save(row, ended, delay, timeLeft, result);
    }

    public Save withDelay(Duration otherDelay) {
        return new Save(row, queryEnded, otherDelay, timeLeft, result);
    }

    public Save withTimeLeft(Duration left) {
        return new Save(row, queryEnded, delay, left, result);
    }

    /** As {@code order_row} has it: held, waiting, final. */
    String state() {
        return result != null ? "F" : delay != null ? "W" : "H";
    }
}
