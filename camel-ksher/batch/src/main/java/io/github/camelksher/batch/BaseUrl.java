/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** One spelling for every way to write a base URL: a batch that was begun with another spelling is still the same batch. */
final class BaseUrl {

    private BaseUrl() {}

    /**
     * Without blanks around it, slashes at its end and the scheme's own port; scheme and host in lower case. The path is left as it
     * is, since servers tell its letters apart. What is no URL is left too: whoever calls it says what is wrong.
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
            // As it is.
        }
        return text.replaceAll("/+$", "");
    }
}
