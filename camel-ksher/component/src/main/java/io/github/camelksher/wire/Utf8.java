/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts a text together as UTF-8. What is ASCII, and nearly all is, is written where it stays: no builder, no string. */
final class Utf8 {

    private byte[] bytes;
    private int size;

    /** For about so many characters. */
    Utf8(int length) {
        bytes = new byte[length];
    }

    /** Half of a surrogate pair at either end becomes {@code ?}, like any other. */
    Utf8 append(String text) {
        int length = text.length();
        reserve(length);
        // Fields of an object would be written back for each byte.
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

    /** All of it; the last call. */
    byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
