/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

/**
 * Makes a call that is about to run out of stack do so before it has begun. A StackOverflowError inside a lock, of the connection
 * pool or of the JDK's RSA, can leave it locked for everybody and for good. Costs 2 µs of a call: see decision 006.
 */
final class StackRoom {

    /** Of 145 bytes each if compiled, 350 if interpreted. Found by trial: with these the starvation test holds. */
    private static final int FRAMES = 100;

    private StackRoom() {}

    /**
     * Looks for room on the stack.
     *
     * @throws StackOverflowError if there is not enough of it for a call
     */
    static void require() {
        if (descend(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16) == 0) {
            // The sum is used, so that no compiler leaves it out.
            throw new IllegalStateException();
        }
    }

    /** Parameters that are used after the call are what makes frames large. Few large frames cost less than many small ones. */
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
