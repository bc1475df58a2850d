/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

/**
 * Throws StackOverflowError before a call that would throw it later. Inside a lock of the
 * connection pool or of the JDK's RSA it would leave the lock held for ever. Takes 2 µs: see
 * decision 006.
 */
final class StackRoom {

    /** Of 145 bytes if compiled, 350 if interpreted. Chosen so that the starvation test passes. */
    private static final int FRAMES = 100;

    private StackRoom() {}

    /**
     * Checks the room on the stack.
     *
     * @throws StackOverflowError if there is not enough for a call
     */
    static void require() {
        if (descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16) == 0) {
            // Without a use of the sum a compiler could remove the descent.
            throw new IllegalStateException();
        }
    }

    /** Parameters that are used after the inner call make large frames: few are faster. */
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
            long l,
            long m,
            long n,
            long o,
            long p) {
        return frames == 0
                ? 1
                : descend(frames - 1, p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
                        + (a | b | c | d | e | f | g | h | i | j | k | l | m | n | o | p);
    }
}
