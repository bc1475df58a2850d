/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** Counts of rows, in words. */
final class Words {

    private Words() {}

    static String rows(long count) {
        return count == 1 ? "1 row" : count + " rows";
    }

    /** The rows of a file that was read, with a warning if it has nothing but a header. */
    static String orders(long count) {
        return rows(count) + (count == 0 ? ". Warning: the file has no orders" : "");
    }
}
