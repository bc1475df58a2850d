/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.OrderLife;
import org.jspecify.annotations.Nullable;

/**
 * A row in the hands of this process, as the journal has it. Immutable.
 *
 * @param queriedAt when its latest query ended, in journal time; null before the first
 * @param ageMillis how long it has been worked on, up to {@code countedAt}
 * @param calls how many calls were announced for it
 */
public record HeldRow(
        long batchId,
        String batch,
        OrderRow row,
        String orderKey,
        OrderLife life,
        int calls,
        @Nullable Long queriedAt,
        long ageMillis,
        long countedAt) {

    public HeldRow with(OrderLife next, int callsNow, @Nullable Long queriedAtNow, long ageNow, long countedAtNow) {
        return new HeldRow(batchId, batch, row, orderKey, next, callsNow, queriedAtNow, ageNow, countedAtNow);
    }

    /** For logs: batch and line, nothing else. */
    @Override
    public String toString() {
        return batch + " line " + row.line();
    }
}
