/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;

/**
 * Camel Main's management server with health and metrics, if a port is set (0: any that is free).
 * For this machine only, unless told otherwise.
 */
final class ManagementServer {

    private static final String HEALTH = "/observe/health";
    private static final String METRICS = "/observe/metrics";

    private ManagementServer() {}

    /** Its settings for Camel Main. */
    static Map<String, String> properties(Settings settings) throws UsageException {
        if (settings.get(Settings.MANAGEMENT_PORT) == null) {
            return Map.of();
        }
        int port = settings.number(Settings.MANAGEMENT_PORT, 0, 0, 65_535);
        String host = settings.get(Settings.MANAGEMENT_HOST, "127.0.0.1");
        // Tried first: the server would only log that it
        // cannot listen, and the run go on without it.
        try (ServerSocket trial = new ServerSocket()) {
            trial.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new UsageException("batch.management-port: cannot listen on " + host + ":" + port
                    + ": the port is in use, or batch.management-host is not this machine's.");
        }
        return Map.of(
                "camel.management.enabled", "true",
                "camel.management.healthPath", HEALTH,
                "camel.metrics.path", METRICS,
                "camel.management.port", String.valueOf(port),
                "camel.management.host", host,
                "camel.management.healthCheckEnabled", "true",
                "camel.management.metricsEnabled", "true",
                "camel.health.exposureLevel", "full",
                "camel.metrics.enabled", "true");
    }

    /** Where it listens, in words. */
    static String urls(String host, int port) {
        String at = "http://" + host + ":" + port;
        return "Health: " + at + HEALTH + ", metrics: " + at + METRICS;
    }
}
