/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.entity.DeflateInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Decodes the content codings of a response. HttpClient's own decoding depends on its version: 5.6
 * refuses the common mistake {@code Content-Encoding: utf-8}, 5.5 passes it on.
 */
final class ContentCodings {

    /** The codings that the request accepts. */
    static final Header ACCEPTED = new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");

    /** One is usual. Each takes memory and stack, and the server sets their number. */
    private static final int MAX_CODINGS = 4;

    private static final Set<String> KNOWN = Set.of("gzip", "x-gzip", "deflate");

    private ContentCodings() {}

    /**
     * Decodes gzip and deflate, and ignores other codings: the signature tells whether the bytes
     * are Ksher's.
     *
     * @return the body itself if it has no known coding
     * @throws IOException if the body does not have the coding that its header names
     */
    static InputStream decoded(ClassicHttpResponse response, InputStream body) throws IOException {
        Header[] headers = response.getHeaders(HttpHeaders.CONTENT_ENCODING);
        if (headers.length == 0) {
            return body;
        }
        List<String> codings = codings(headers);
        if (codings.size() > MAX_CODINGS) {
            throw new IOException("more than " + MAX_CODINGS + " content codings");
        }
        InputStream decoded = body;
        // The server applied them in their order.
        for (int i = codings.size() - 1; i >= 0; i--) {
            decoded = codings.get(i).equals("deflate") ? new DeflateInputStream(decoded) : new GZIPInputStream(decoded);
        }
        return decoded;
    }

    private static List<String> codings(Header[] headers) {
        return Arrays.stream(headers)
                .flatMap(header -> Arrays.stream(header.getValue().split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(KNOWN::contains)
                .toList();
    }
}
