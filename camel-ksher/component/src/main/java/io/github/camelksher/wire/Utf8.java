/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds a text directly as UTF-8: a StringBuilder would cost two more copies of it. */
final class Utf8 {

    private byte[] bytes;
    private int size;

    /**
     * Makes an empty text.
     *
     * @param length about how many bytes it will have
     */
    Utf8(int length) {
        bytes = new byte[length];
    }

    /** Encodes an unpaired surrogate as '?', even if the next text completes it. */
    Utf8 append(String text) {
        int length = text.length();
        reserve(length);
        // Local variables, since the compiler would store fields for each byte.
        byte[] to = bytes;
        int end = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 128) {
                size = end;
                return appendEncoded(text.substring(i));
            }
            to[end++] = (byte) c;
        }
        size = end;
        return this;
    }

    private Utf8 appendEncoded(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
        return this;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * size));
        }
    }

    /** The whole text; no more can be appended. */
    byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
