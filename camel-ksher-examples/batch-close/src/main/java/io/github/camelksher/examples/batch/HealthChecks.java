/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatch;
import io.github.camelksher.batch.journal.JournalException;
import jakarta.jms.JMSException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.jspecify.annotations.Nullable;

/** Health checks of the journal, Ksher and the broker, for the management port if there is one. */
final class HealthChecks {

    static final String GROUP = "ksher-batch";

    private HealthChecks() {}

    /**
     * @param broker null if the run needs none
     * @param notStarted why the batch has not started; null once it has
     */
    static void register(KsherBatch batch, @Nullable Broker broker, Supplier<@Nullable String> notStarted) {
        HealthCheckRegistry health = HealthCheckRegistry.get(batch.context());
        if (health == null) {
            return;
        }
        health.register(new Check(
                "journal", () -> notStarted.get() == null ? batch.journal().outage() : null, () -> {
                    String reason = notStarted.get();
                    if (reason != null) {
                        throw new IllegalStateException(reason);
                    }
                    batch.journal().check();
                }));
        health.register(new Check(
                "ksher", () -> notStarted.get() == null ? batch.worker().trouble() : null, () -> {
                    if (notStarted.get() == null && batch.worker().isPaused()) {
                        throw new IllegalStateException(
                                "paused: Ksher fails for one order after the other; the last failure: "
                                        + batch.worker().trouble());
                    }
                }));
        if (broker != null) {
            health.register(new Check("broker", () -> null, broker::check));
        }
    }

    @FunctionalInterface
    private interface Probe {
        void run() throws JMSException;
    }

    private static final class Check extends AbstractHealthCheck {

        private final Supplier<@Nullable String> trouble;
        private final Probe probe;

        /** @param trouble what is not well although the probe succeeds; null if all is */
        Check(String id, Supplier<@Nullable String> trouble, Probe probe) {
            super(GROUP, id);
            this.trouble = trouble;
            this.probe = probe;
        }

        @Override
        protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
            try {
                probe.run();
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
