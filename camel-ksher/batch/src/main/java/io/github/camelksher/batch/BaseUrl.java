/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Normalises base URLs, so that a batch is found again when its URL is spelled differently. */
final class BaseUrl {

    private BaseUrl() {}

    /**
     * Removes surrounding blanks, trailing slashes and the default port; writes scheme and host in
     * lower case, but not the path. A text that is no URL stays: the first call will fail with it.
     */
    static String normalize(String url) {
        String text = url.replaceAll("^[\\s\\u00A0\\uFEFF]+|[\\s\\u00A0\\uFEFF]+$", "");
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null && uri.getHost() != null) {
                String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
                String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
                int ownPort = scheme.equals("https") ? 443 : scheme.equals("http") ? 80 : -1;
                String port = uri.getPort() < 0 || uri.getPort() == ownPort ? "" : ":" + uri.getPort();
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                text = scheme + "://" + user + uri.getHost().toLowerCase(Locale.ROOT) + port + uri.getRawPath() + query;
            }
        } catch (URISyntaxException e) {
            // Not a URL: stays as it is.
        }
        return text.replaceAll("/+$", "");
    }
}
