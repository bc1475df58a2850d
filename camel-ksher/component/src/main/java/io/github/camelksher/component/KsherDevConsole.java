/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.http.HttpClientPool;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** Shows calls by outcome and the connection pools, but no secret option. */
@DevConsole(
        name = "ksher",
        displayName = "Ksher",
        description = "Ksher endpoints, their calls by outcome, and the pool")
public class KsherDevConsole extends AbstractDevConsole {

    public KsherDevConsole() {
        super("camel", "ksher", "Ksher", "Ksher endpoints, their calls by outcome, and the pool");
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        StringBuilder text = new StringBuilder();
        for (KsherComponent component : components()) {
            HttpClientPool.State pool = component.http().state();
            text.append(String.format(
                    Locale.ROOT,
                    "Connections: %d in use, %d idle, %d calls waiting, at most %d%n",
                    pool.leased(),
                    pool.available(),
                    pool.pending(),
                    pool.max()));
        }
        for (KsherEndpoint endpoint : endpoints()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s of %s%s: %s%n",
                    endpoint.getOperation(),
                    endpoint.getConfiguration().getAppId(),
                    endpoint.getOperation().isCall() ? " at " + endpoint.url() : "",
                    endpoint.calls.snapshot()));
        }
        return text.toString();
    }

    @Override
    protected JsonObject doCallJson(Map<String, Object> options) {
        JsonArray pools = new JsonArray();
        for (KsherComponent component : components()) {
            HttpClientPool.State pool = component.http().state();
            JsonObject json = new JsonObject();
            json.put("leased", pool.leased());
            json.put("available", pool.available());
            json.put("pending", pool.pending());
            json.put("max", pool.max());
            pools.add(json);
        }
        JsonArray endpoints = new JsonArray();
        for (KsherEndpoint endpoint : endpoints()) {
            JsonObject json = new JsonObject();
            json.put("operation", endpoint.getOperation().name());
            json.put("appId", endpoint.getConfiguration().getAppId());
            json.put("url", endpoint.url());
            json.put("calls", new JsonObject(endpoint.calls.snapshot()));
            endpoints.add(json);
        }
        JsonObject root = new JsonObject();
        root.put("pools", pools);
        root.put("endpoints", endpoints);
        return root;
    }

    /** The components that have endpoints: a context can have several, under different names. */
    private List<KsherComponent> components() {
        return endpoints().stream().map(KsherEndpoint::ksher).distinct().toList();
    }

    private List<KsherEndpoint> endpoints() {
        return getCamelContext().getEndpoints().stream()
                .filter(endpoint -> endpoint instanceof KsherEndpoint ksher && ksher.isOpen())
                .map(KsherEndpoint.class::cast)
                .sorted(Comparator.comparing(KsherEndpoint::getOperation)
                        .thenComparing(endpoint ->
                                String.valueOf(endpoint.getConfiguration().getAppId())))
                .toList();
    }
}
