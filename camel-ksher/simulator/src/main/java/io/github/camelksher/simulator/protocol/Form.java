/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;

/** Reads {@code application/x-www-form-urlencoded}. */
public final class Form {

    private Form() {}

    /**
     * Of a repeated name the first counts.
     *
     * @throws IllegalArgumentException if a percent escape is broken
     */
    public static Map<String, String> parse(byte[] body) {
        Map<String, String> form = new HashMap<>();
        StringTokenizer pairs = new StringTokenizer(new String(body, StandardCharsets.UTF_8), "&");
        while (pairs.hasMoreTokens()) {
            String pair = pairs.nextToken();
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
