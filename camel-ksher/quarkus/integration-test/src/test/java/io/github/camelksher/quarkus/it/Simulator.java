/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.quarkus.it;

import io.github.camelksher.simulator.KsherSimulator;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Starts the simulator before the application, and gives it the URLs and keys. */
public class Simulator implements QuarkusTestResourceLifecycleManager {

    private KsherSimulator ksher;

    @Override
    public Map<String, String> start() {
        try {
            ksher = KsherSimulator.builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "camel.component.ksher.private-key", ksher.merchantKey(),
                "camel.component.ksher.ksher-public-key", ksher.publicKey(),
                "camel.component.ksher.api-url", ksher.apiUrl(),
                "camel.component.ksher.gateway-url", ksher.gatewayUrl());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(ksher, field -> field.getType() == KsherSimulator.class);
    }

    @Override
    public void stop() {
        ksher.close();
    }
}
