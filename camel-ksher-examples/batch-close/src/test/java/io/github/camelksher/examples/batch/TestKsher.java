/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * A simulator that takes a query of an order every 300 ms, and the settings of a run against it.
 */
final class TestKsher {

    static final Duration INTERVAL = Duration.ofMillis(300);

    private TestKsher() {}

    static KsherSimulator start() throws IOException {
        return KsherSimulator.builder().port(0).queryInterval(INTERVAL).start();
    }

    /** Loses, delays and forges replies, at random. */
    static KsherSimulator misbehaving(long seed) throws IOException {
        KsherSimulator ksher = start();
        ksher.faults()
                .rate(
                        0.1,
                        seed,
                        Fault.lostRequest(),
                        Fault.lostReply(),
                        Fault.status(503),
                        Fault.status(502).afterCarryingOut(),
                        Fault.badSignature());
        ksher.faults().latency(Duration.ZERO, Duration.ofMillis(300), seed);
        return ksher;
    }

    static Path config(KsherSimulator ksher, Path file, Map<String, String> more) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("camel.component.ksher.app-id", ksher.appId());
        properties.setProperty("camel.component.ksher.private-key", ksher.merchantKey());
        properties.setProperty("camel.component.ksher.ksher-public-key", ksher.publicKey());
        properties.setProperty("camel.component.ksher.api-url", ksher.apiUrl());
        properties.setProperty("camel.component.ksher.gateway-url", ksher.gatewayUrl());
        properties.setProperty("batch.query-interval", INTERVAL.toMillis() + "ms");
        properties.setProperty("batch.give-up-after", "120s");
        properties.putAll(more);
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }
}
