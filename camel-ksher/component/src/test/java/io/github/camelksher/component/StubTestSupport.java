/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Each test has a stub of its own, which answers every call with success until told otherwise. */
@Timeout(60)
abstract class StubTestSupport {

    KsherStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub().echoing("SUCCESS", Map.of());
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    /** The watchdog's thread may return the connection a moment after the call has failed. */
    static int leased(Camel camel) {
        var pool = camel.context().getComponent("ksher", KsherComponent.class).http();
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (pool.state().leased() > 0 && System.nanoTime() < giveUp) {
            Thread.onSpinWait();
        }
        return pool.state().leased();
    }
}
