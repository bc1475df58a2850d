/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import java.net.URI;

/** The merchant and base URLs of a batch. For another target, a file is another batch. */
public record Target(String appId, String apiUrl, String gatewayUrl) {

    /** @throws IllegalArgumentException if a value has a blank, which none of Ksher's has */
    public Target {
        if ((appId + apiUrl + gatewayUrl).chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "camel.component.ksher.app-id has a blank in it, or a base URL: '" + appId + "'");
        }
    }

    /** As the journal keeps it. */
    String key() {
        return appId + ' ' + apiUrl + ' ' + gatewayUrl;
    }

    static Target ofKey(String key) {
        String[] parts = key.split(" ", 3);
        return new Target(parts[0], parts[1], parts[2]);
    }

    /** The two base URLs, for people. */
    String urls() {
        return apiUrl.equals(gatewayUrl) ? apiUrl : apiUrl + " and " + gatewayUrl;
    }

    /** App-id and hosts, for people. */
    @Override
    public String toString() {
        String api = host(apiUrl, false);
        String gateway = host(gatewayUrl, false);
        return appId + " at " + (api.equals(gateway) ? api : api + " and " + gateway);
    }

    /** Host and port that an order is called at, for people. */
    public String server(boolean gateway) {
        return host(gateway ? gatewayUrl : apiUrl, true);
    }

    private static String host(String url, boolean alwaysWithPort) {
        URI uri = URI.create(url);
        int port = uri.getPort() >= 0 || !alwaysWithPort ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443;
        return uri.getHost() + (port < 0 ? "" : ":" + port);
    }
}
