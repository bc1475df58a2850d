/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Lines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerExchangeEventNotifier;
import org.junit.jupiter.api.Test;

/** Camel's own hook for Micrometer times each call by operation; the outcome is one tag more. */
class MetricsTest {

    @Test
    void callsAreTimedByOperationAndOutcome() throws Exception {
        Lines.need("camel-micrometer");
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(stub)) {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            MicrometerExchangeEventNotifier notifier = new MicrometerExchangeEventNotifier();
            notifier.setMeterRegistry(registry);
            notifier.setNamingStrategy(new OutcomeNaming());
            notifier.setCamelContext(camel.context());
            camel.context().getManagementStrategy().addEventNotifier(notifier);
            notifier.start();

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
                    .as(registry.getMetersAsString())
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
