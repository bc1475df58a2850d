/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.order;

import java.net.URI;
import java.net.URISyntaxException;

/** The URL at which a merchant is told of payments. */
public final class NotifyUrl {

    private NotifyUrl() {}

    /**
     * Checks the URL.
     *
     * @throws IllegalArgumentException if nobody can be there; the message does not show the URL,
     *     which may hold a password
     */
    public static URI parse(String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null && url.getPort() <= 65535) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a notify_url must be an http or https URL: " + e.getReason());
        }
        throw new IllegalArgumentException(
                "a notify_url must be an http or https URL with a host and a port up to 65535");
    }

    /** The URL as it may be shown: without user, password, query and fragment. */
    public static String shown(URI url) {
        String host = url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        return url.getScheme() + "://" + host + (url.getRawPath() == null ? "" : url.getRawPath());
    }
}
