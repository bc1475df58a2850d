/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import io.github.camelksher.batch.input.BadMessageException;
import io.github.camelksher.batch.input.OrderMessage;
import io.github.camelksher.batch.journal.JournalException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes in a queue's messages. Each is held until the journal has it.
 *
 * @param running the started service; null while it is not started
 */
record MessageIntake(Supplier<@Nullable Running> running) {

    /** Camel has no event for a route that is being stopped. */
    private static final long POLL_MILLIS = 250;

    /**
     * Writes the message to the journal, however long that takes.
     *
     * @param stopping whether an exception must send the message back to its queue
     */
    void receive(String json, BooleanSupplier stopping) throws BadMessageException, InterruptedException {
        OrderMessage message = OrderMessage.parse(json);
        while (true) {
            Running now = running.get();
            if (now != null && !now.worker().hasFailed() && isTaken(now, message, stopping)) {
                now.worker().wake();
                return;
            }
            if (stopping.getAsBoolean()) {
                throw new IllegalStateException("the message goes back to its queue: its route is being stopped");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Whether the journal has the message now; false if that is not known. */
    private static boolean isTaken(Running now, OrderMessage message, BooleanSupplier stopping)
            throws BadMessageException, InterruptedException {
        try {
            CompletableFuture<Boolean> taken = take(now, message);
            while (!stopping.getAsBoolean()) {
                try {
                    if (!taken.get(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                        throw new BadMessageException(
                                "another message of this batch says otherwise for the same line or total");
                    }
                    return true;
                } catch (TimeoutException e) {
                    // The journal is away or slow. If it takes the message in later, a redelivery
                    // changes nothing.
                }
            }
        } catch (ExecutionException e) {
            now.worker().fail(JournalException.of(e));
        } catch (RuntimeException e) {
            now.worker().fail(e);
        }
        return false;
    }

    private static CompletableFuture<Boolean> take(Running now, OrderMessage message) {
        return message instanceof OrderMessage.Order order
                ? now.journal().receive(now.target(), order.batch(), order.row())
                : now.journal().receiveTotal(now.target(), message.batch(), ((OrderMessage.Total) message).total());
    }
}
