/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Here because only this package sees the nonces. */
@State(Scope.Benchmark)
public class PartsNonceBenchmark {

    private final NonceSource nonces = new NonceSource();

    @Benchmark
    public String nonce() {
        return nonces.next();
    }
}
