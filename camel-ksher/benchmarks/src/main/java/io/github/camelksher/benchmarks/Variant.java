/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.benchmarks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One way to ask Ksher for an order's state. Thread-safe. */
interface Variant extends AutoCloseable {

    /**
     * Asks.
     *
     * @return the order's result as Ksher sent it, null if it sent none, from a reply whose signature was verified
     * @throws Exception if there is no such reply
     */
    @Nullable
    String query(String order) throws Exception;

    @Override
    void close() throws IOException;
}
