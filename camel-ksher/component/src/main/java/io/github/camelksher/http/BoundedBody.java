/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** Reads and decodes a body up to a size limit. HttpClient itself has no limit. */
final class BoundedBody {

    private static final byte[] NOTHING = {};
    private static final int FIRST_BUFFER = 2048;
    /** A server can declare any length: memory is allocated only for bytes that arrived. */
    private static final int MAX_FIRST_BUFFER = 65_536;
    /** Of the bytes that may follow the end of the compressed stream. */
    private static final int MAX_REST = 4096;
    /** The longest array. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private BoundedBody() {}

    /**
     * Reads the body to its end, so that the connection can be reused.
     *
     * @param call cancelled if the body is too large
     * @return empty if the status is not 200, null if it is too large
     */
    static byte @Nullable [] read(ClassicHttpResponse response, int maxSize, HttpCall call) throws IOException {
        boolean wanted = response.getCode() == 200;
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return NOTHING;
        }
        boolean complete = false;
        try {
            InputStream sent = entity.getContent();
            long length = entity.getContentLength();
            InputStream in = wanted && length != 0 ? ContentCodings.decoded(response, sent) : sent;
            byte[] body = read(in, in == sent ? length : -1, Math.min(maxSize, MAX_ARRAY));
            // It is too large, or more follows it than is worth reading.
            if (body == null || (in != sent && sent.readNBytes(MAX_REST).length == MAX_REST)) {
                call.cancel();
            } else {
                in.close();
                complete = true;
            }
            return wanted ? body : NOTHING;
        } catch (IOException e) {
            if (wanted) {
                throw e;
            }
            // The body of another status is only read to keep the connection.
            return NOTHING;
        } finally {
            if (!complete) {
                // Without this, closing the response would read the body to its end.
                response.setEntity(null);
            }
        }
    }

    private static byte @Nullable [] read(InputStream in, long length, int maxSize) throws IOException {
        long expected = length < 0 ? FIRST_BUFFER : length;
        byte[] body = new byte[(int) Math.min(Math.min(expected, maxSize), MAX_FIRST_BUFFER)];
        int size = in.readNBytes(body, 0, body.length);
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (size == maxSize) {
                return null;
            }
            body = Arrays.copyOf(body, (int) Math.min(Math.max(size * 2L, FIRST_BUFFER), maxSize));
            body[size++] = (byte) next;
            size += in.readNBytes(body, size, body.length - size);
        }
        return size == body.length ? body : Arrays.copyOf(body, size);
    }
}
