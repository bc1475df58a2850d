/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.http.CamelHttpTransport;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Readiness of an endpoint: whether a connection to Ksher, or to the proxy, can be opened. It sends
 * nothing, so Ksher counts no call. Camel disables the health checks of producers unless
 * {@code camel.health.producersEnabled} is set.
 *
 * <p>It does not keep its endpoint alive: Camel forgets an endpoint of {@code toD} that was not used
 * for long, without stopping it, and nothing would then remove its check.
 */
final class KsherHealthCheck implements HealthCheck {

    private final WeakReference<KsherEndpoint> endpoint;
    private final String id;
    private volatile boolean enabled = true;

    KsherHealthCheck(KsherEndpoint endpoint) {
        this.endpoint = new WeakReference<>(endpoint);
        this.id = "producer:ksher-" + endpoint.getOperation() + "-"
                + endpoint.getConfiguration().getAppId();
    }

    /** Whether Camel has forgotten the endpoint, so that the check is of no use any more. */
    boolean isOrphaned() {
        return endpoint.get() == null;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        if (!enabled) {
            return result.message("Disabled")
                    .detail(CHECK_ENABLED, false)
                    .unknown()
                    .build();
        }
        KsherEndpoint endpoint = this.endpoint.get();
        if (endpoint == null) {
            return result.message("The endpoint is not in use any more")
                    .unknown()
                    .build();
        }
        try {
            CamelHttpTransport transport = endpoint.transport();
            result.detail(ENDPOINT_URI, endpoint.url());
            transport.probe();
            return result.up().build();
        } catch (IOException e) {
            return down(result, e, "No connection for ksher:" + endpoint.getOperation());
        } catch (Throwable e) {
            // A lazy endpoint may be opened here first, with options that cannot be used. An Error,
            // such as OutOfMemoryError, would end a call too.
            return down(result, e, "ksher:" + endpoint.getOperation() + " cannot make calls");
        }
    }

    private static Result down(HealthCheckResultBuilder result, Throwable reason, String what) {
        return result.message(what + ": " + reason.getMessage())
                .error(reason)
                .down()
                .build();
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public boolean isLiveness() {
        // A restart of the application does not make Ksher reachable.
        return false;
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }
}
