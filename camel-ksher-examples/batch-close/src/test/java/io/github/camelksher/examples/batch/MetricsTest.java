/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.Event;
import org.junit.jupiter.api.Test;

class MetricsTest {

    /** An alarm that names one falls silent if it is renamed. */
    @Test
    void theTagThatSaysHowACallEndedKeepsItsValues() {
        assertThat(Metrics.ENDS.keySet()).containsExactlyInAnyOrder(events());
        assertThat(Metrics.ENDS.values())
                .containsExactlyInAnyOrder(
                        "Seen",
                        "NoSuchOrder",
                        "NotVerified",
                        "QueryFailed",
                        "QueryRefused",
                        "Done",
                        "NoAnswer",
                        "Refused",
                        "NotLetIn",
                        "NotSent",
                        "GaveUp");
    }

    @SuppressWarnings("unchecked")
    private static Class<? extends Event>[] events() {
        return (Class<? extends Event>[]) Event.class.getPermittedSubclasses();
    }
}
