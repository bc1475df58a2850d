/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import io.micrometer.core.instrument.Tags;
import org.apache.camel.Endpoint;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerExchangeEventNotifierNamingStrategyDefault;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;

/** Adds how the call ended to the tags of Camel's timers. */
public class OutcomeNaming extends MicrometerExchangeEventNotifierNamingStrategyDefault {

    @Override
    public Tags getTags(ExchangeEvent event, Endpoint endpoint) {
        Exception failure = event.getExchange().getException();
        return super.getTags(event, endpoint)
                .and("outcome", failure == null ? "replied" : failure.getClass().getSimpleName());
    }
}
