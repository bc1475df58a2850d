/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Lines;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Camel's own hook for Micrometer times each call by operation; the outcome is one tag more. */
class MetricsTest {

    @Test
    void callsAreTimedByOperationAndOutcome() throws Exception {
        Lines.need("camel-micrometer");
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(stub)) {
            MeterRegistry registry = Timers.of(camel.context());

            stub.echoing("SUCCESS", Map.of());
            camel.call("ksher:orderQuery", "A-1");
            camel.call("ksher:orderQuery?callTimeout=50s", "A-2");
            stub.answering(Http.response(503, "", new byte[0]));
            camel.call("ksher:orderClose", "A-3");

            assertThat(registry.get("camel.exchange.event.notifier")
                            .tag("eventType", "ExchangeSentEvent")
                            .tag("endpointName", "ksher://orderQuery")
                            .tag("outcome", "replied")
                            .timers())
                    .hasSize(1)
                    .first()
                    .returns(2L, timer -> timer.count());
            assertThat(registry.get("camel.exchange.event.notifier")
                            .tag("eventType", "ExchangeSentEvent")
                            .tag("endpointName", "ksher://orderClose")
                            .tag("outcome", "KsherHttpStatusException")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }
}
