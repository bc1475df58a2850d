/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.jspecify.annotations.Nullable;

/**
 * Camel Main's management server with a status page, health and metrics, if a port is set (0: any that is free).
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

    /** Adds the status page. Returns where {@code --status} is answered; null if there is no server. */
    static @Nullable String serve(Application application, Status status) {
        ManagementHttpServer server = application.context().hasService(ManagementHttpServer.class);
        return server == null
                ? null
                : url(application) + StatusPage.serve(server.getRouter(), server.getHost(), status);
    }

    /** Where it listens, as a URL; null if there is none. */
    static @Nullable String url(Application application) {
        VertxPlatformHttpServer server = application.context().hasService(VertxPlatformHttpServer.class);
        if (server == null) {
            return null;
        }
        String host = server.getHost().contains(":") ? "[" + server.getHost() + "]" : server.getHost();
        return "http://" + host + ":" + server.getPort();
    }

    /** What is served, in words. */
    static String urls(String url) {
        return "Health: " + url + HEALTH + ", metrics: " + url + METRICS + ", status page: " + url + "/";
    }
}
