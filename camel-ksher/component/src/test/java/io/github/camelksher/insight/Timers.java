/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerExchangeEventNotifier;

/** Apart from the test, which must load without camel-micrometer. */
final class Timers {

    private Timers() {}

    static MeterRegistry of(CamelContext context) {
        MeterRegistry registry = new SimpleMeterRegistry();
        MicrometerExchangeEventNotifier notifier = new MicrometerExchangeEventNotifier();
        notifier.setMeterRegistry(registry);
        notifier.setNamingStrategy(new OutcomeNaming());
        notifier.setCamelContext(context);
        context.getManagementStrategy().addEventNotifier(notifier);
        notifier.start();
        return registry;
    }
}
