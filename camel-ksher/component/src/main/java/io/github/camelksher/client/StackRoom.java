/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

/**
 * Makes a call that is about to run out of stack do so before it has begun. A StackOverflowError inside a lock, of the connection
 * pool or of the JDK's RSA, can leave it locked for everybody and for good.
 */
final class StackRoom {

    /** Of at least 100 bytes each. A call with a TLS handshake was seen to need less than half of what they take together. */
    private static final int FRAMES = 400;

    private StackRoom() {}

    /** Fails with a StackOverflowError if there is not enough stack left for a call. */
    static void require() {
        if (descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) < 0) {
            throw new IllegalStateException();
        }
    }

    /** Parameters are what a compiler cannot leave out of a frame. */
    private static long descend(
            int frames,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l) {
        return frames == 0 ? a + b : 1 + descend(frames - 1, b, c, d, e, f, g, h, i, j, k, l, a) + (a & l);
    }
}
