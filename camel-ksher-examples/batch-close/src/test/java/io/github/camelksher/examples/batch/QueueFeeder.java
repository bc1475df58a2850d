/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Puts batches on the queue piece by piece, two at a time. Some
 * messages come twice, as those of an interrupted sender do.
 */
final class QueueFeeder {

    private final OverlappingBatches batches;
    private final TestBroker broker;
    private final Random random;
    private final List<Sending> open = new ArrayList<>();
    private int sent;

    private static final class Sending {

        final OverlappingBatches.Batch batch;
        final boolean totalFirst;
        int next;

        Sending(OverlappingBatches.Batch batch, boolean totalFirst) {
            this.batch = batch;
            this.totalFirst = totalFirst;
        }
    }

    QueueFeeder(OverlappingBatches batches, TestBroker broker, Random random) {
        this.batches = batches;
        this.broker = broker;
        this.random = random;
    }

    int sent() {
        return sent;
    }

    /** Sends so many orders more, of new batches too. */
    void send(int orders) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            while (open.size() < 2) {
                begin(messages);
            }
            sendOne(open.get(random.nextInt(2)), messages);
        }
        broker.send(messages.toArray(String[]::new));
    }

    /** Sends what is left of the batches that were begun. */
    void finish() {
        List<String> messages = new ArrayList<>();
        while (!open.isEmpty()) {
            sendOne(open.get(random.nextInt(open.size())), messages);
        }
        broker.send(messages.toArray(String[]::new));
    }

    private void begin(List<String> messages) {
        Sending sending = new Sending(batches.next(), random.nextBoolean());
        open.add(sending);
        if (sending.totalFirst) {
            messages.add(total(sending.batch));
        }
    }

    private void sendOne(Sending sending, List<String> messages) {
        OverlappingBatches.Row row = sending.batch.rows().get(sending.next);
        String message = OrderJson.order(sending.batch.name(), sending.next + 2, row.operation(), row.number());
        messages.add(message);
        sent++;
        if (random.nextInt(20) == 0) {
            messages.add(message);
        }
        if (++sending.next == sending.batch.rows().size()) {
            open.remove(sending);
            if (!sending.totalFirst) {
                messages.add(total(sending.batch));
            }
        }
    }

    private static String total(OverlappingBatches.Batch batch) {
        return OrderJson.total(batch.name(), batch.rows().size());
    }
}
