/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.run.Observer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts calls and outcomes, if Camel has a meter registry. */
final class Metrics implements Observer {

    /** The values of the tag {@code end}. Alarms name them, so they do not follow the classes. */
    static final Map<Class<? extends Event>, String> ENDS = Map.ofEntries(
            Map.entry(Event.Seen.class, "Seen"),
            Map.entry(Event.NoSuchOrder.class, "NoSuchOrder"),
            Map.entry(Event.NotVerified.class, "NotVerified"),
            Map.entry(Event.QueryFailed.class, "QueryFailed"),
            Map.entry(Event.QueryRefused.class, "QueryRefused"),
            Map.entry(Event.Done.class, "Done"),
            Map.entry(Event.NoAnswer.class, "NoAnswer"),
            Map.entry(Event.Refused.class, "Refused"),
            Map.entry(Event.CredentialsRejected.class, "NotLetIn"),
            Map.entry(Event.NotSent.class, "NotSent"),
            Map.entry(Event.GaveUp.class, "GaveUp"));

    /** Without Camel's registry in it, it records nothing. */
    private final CompositeMeterRegistry meters = new CompositeMeterRegistry();

    void register(KsherBatch batch) {
        MeterRegistry registry = batch.context().getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return;
        }
        Gauge.builder("ksher.batch.in.flight", batch, one -> one.worker().inFlight())
                .description("calls in flight")
                .register(registry);
        Gauge.builder("ksher.batch.paused", batch, one -> one.worker().isPaused() ? 1 : 0)
                .description("1 while the batch waits for Ksher")
                .register(registry);
        Gauge.builder("ksher.batch.oldest.waiting", batch, Metrics::oldestWaiting)
                .baseUnit("seconds")
                .description("since the oldest batch that is not finished began")
                .register(registry);
        meters.add(registry);
    }

    private static double oldestWaiting(KsherBatch batch) {
        Duration oldest = batch.journal().oldestUnfinished(KsherBatch.target(batch.context()));
        return oldest == null ? 0 : oldest.toMillis() / 1_000.0;
    }

    @Override
    public void called(String operation, Event event, long nanos) {
        meters.timer("ksher.batch.calls", "operation", operation, "end", ENDS.get(event.getClass()))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void settled(HeldRow row, Outcome outcome) {
        meters.counter("ksher.batch.orders", "outcome", outcome.name()).increment();
    }
}
