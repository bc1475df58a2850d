/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.Orders.RowId;
import io.github.camelksher.batch.life.OrderLife;
import org.jspecify.annotations.Nullable;

/**
 * A row that this process holds, as the journal has it. Immutable.
 *
 * @param begunRan its target's run time at its first call, in milliseconds
 * @param commandedByLine the line of another row of the batch that ended after it had sent this
 *     order a command; null if none did
 * @param owner the fencing token: the id under which this process claimed it
 */
public record HeldRow(
        long batchId,
        String batch,
        OrderRow row,
        String orderKey,
        OrderLife life,
        int calls,
        long begunRan,
        @Nullable Long commandedByLine,
        long owner) {

    public HeldRow withLife(OrderLife next) {
        return new HeldRow(batchId, batch, row, orderKey, next, calls, begunRan, commandedByLine, owner);
    }

    public HeldRow withCalls(int announced) {
        return new HeldRow(batchId, batch, row, orderKey, life, announced, begunRan, commandedByLine, owner);
    }

    HeldRow commandedBy(@Nullable Long line) {
        return new HeldRow(batchId, batch, row, orderKey, life, calls, begunRan, line, owner);
    }

    RowId id() {
        return new RowId(batchId, row.line());
    }

    /** For logs: batch and line, nothing else. */
    @Override
    public String toString() {
        return batch + " line " + row.line();
    }
}
