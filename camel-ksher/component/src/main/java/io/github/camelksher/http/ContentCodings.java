/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.entity.DeflateInputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * How a reply is packed. HttpClient's own decoding differs from version to version: 5.6 refuses what 5.5 passes on, such as
 * the {@code Content-Encoding: utf-8} that is common among servers.
 */
final class ContentCodings {

    /** What the request asks for. */
    static final Header ACCEPTED = new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");

    /** One is usual. Each costs memory and stack, and how many there are is the server's word. */
    private static final int MOST = 4;

    private ContentCodings() {}

    /**
     * Unpacks gzip and deflate. Whatever else the server names is taken for no coding at all: whether the bytes are Ksher's
     * is for the signature to say.
     *
     * @return the body itself if it is not packed
     * @throws IOException if it is not what its header says
     */
    static InputStream decoded(ClassicHttpResponse response, InputStream body) throws IOException {
        Header[] headers = response.getHeaders(HttpHeaders.CONTENT_ENCODING);
        if (headers.length == 0) {
            return body;
        }
        List<String> codings = codings(headers);
        if (codings.size() > MOST) {
            throw new IOException("more than " + MOST + " content codings");
        }
        InputStream decoded = body;
        // The last one was applied last.
        for (int i = codings.size() - 1; i >= 0; i--) {
            decoded = codings.get(i).equals("deflate") ? new DeflateInputStream(decoded) : new GZIPInputStream(decoded);
        }
        return decoded;
    }

    private static List<String> codings(Header[] headers) {
        List<String> known = new ArrayList<>();
        for (Header header : headers) {
            for (String name : header.getValue().split(",", -1)) {
                String coding = name.strip().toLowerCase(Locale.ROOT);
                if (coding.equals("gzip") || coding.equals("x-gzip") || coding.equals("deflate")) {
                    known.add(coding);
                }
            }
        }
        return known;
    }
}
