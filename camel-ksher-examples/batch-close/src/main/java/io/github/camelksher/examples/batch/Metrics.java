/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.journal.HeldRow;
import io.github.camelksher.batch.journal.JournalException;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.run.Observer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;

/** Health and metrics, shown on the management port if there is one. */
final class Metrics implements Observer {

    private volatile @Nullable MeterRegistry meters;

    void bindTo(CamelContext context, KsherBatch batch, @Nullable Queue queue) {
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry != null) {
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
            meters = registry;
        }
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        if (health != null) {
            health.register(new Check("journal", batch.journal()::outage, batch.journal()::check));
            health.register(new Check("ksher", batch.worker()::trouble, () -> {
                if (batch.worker().isPaused()) {
                    throw new IllegalStateException(
                            "paused: Ksher fails for one order after the other; the last failure: "
                                    + batch.worker().trouble());
                }
            }));
            if (queue != null) {
                health.register(new Check("broker", () -> null, queue::check));
            }
        }
    }

    private static double oldestWaiting(KsherBatch batch) {
        Duration oldest = batch.journal().oldestUnfinished(KsherBatch.target(batch.context()));
        return oldest == null ? 0 : oldest.toMillis() / 1_000.0;
    }

    /** Tells another one too. */
    Observer and(Observer other) {
        return new Observer() {
            @Override
            public void called(String operation, Event event, long nanos) {
                Metrics.this.called(operation, event, nanos);
                other.called(operation, event, nanos);
            }

            @Override
            public void settled(HeldRow row, Outcome outcome) {
                Metrics.this.settled(row, outcome);
                other.settled(row, outcome);
            }
        };
    }

    @Override
    public void called(String operation, Event event, long nanos) {
        MeterRegistry registry = meters;
        if (registry != null) {
            registry.timer(
                            "ksher.batch.calls",
                            "operation",
                            operation,
                            "end",
                            event.getClass().getSimpleName())
                    .record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void settled(HeldRow row, Outcome outcome) {
        MeterRegistry registry = meters;
        if (registry != null) {
            registry.counter("ksher.batch.orders", "outcome", outcome.name()).increment();
        }
    }

    @FunctionalInterface
    private interface Trial {
        void run() throws JMSException;
    }

    private static final class Check extends AbstractHealthCheck {

        private final Supplier<@Nullable String> trouble;
        private final Trial trial;

        /** @param trouble what is not well although the trial succeeds; null if all is */
        Check(String id, Supplier<@Nullable String> trouble, Trial trial) {
            super("ksher-batch", id);
            this.trouble = trouble;
            this.trial = trial;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            try {
                trial.run();
                builder.up();
                String reason = trouble.get();
                if (reason != null) {
                    builder.message("the last failure: " + reason).detail("last.failure", reason);
                }
            } catch (JournalException | JMSException | IllegalStateException e) {
                builder.down().message(e.getMessage());
            }
        }
    }
}
