/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * With the profile {@code simulator}: a Ksher with one open
 * and one paid order, before the properties are needed.
 */
final class EmbeddedSimulator implements ApplicationContextInitializer<GenericApplicationContext> {

    @Override
    public void initialize(GenericApplicationContext context) {
        if (!context.getEnvironment().acceptsProfiles(Profiles.of("simulator"))) {
            return;
        }
        KsherSimulator ksher = start();
        ksher.open(KsherOrder.of("A-1").amount(12_300, "THB"));
        ksher.open(KsherOrder.of("A-2").amount(4_500, "THB").state(KsherOrder.State.SUCCESS));
        context.registerBean(KsherSimulator.class, () -> ksher);
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "simulator", Map.copyOf(ksher.componentProperties("camel.component.ksher."))));
    }

    private static KsherSimulator start() {
        try {
            return KsherSimulator.builder().queryInterval(Duration.ZERO).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
