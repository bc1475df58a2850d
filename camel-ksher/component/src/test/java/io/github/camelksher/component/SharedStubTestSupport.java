/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** All tests of a class have the same stub and the same Camel context on it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedStubTestSupport {

    KsherStub stub;
    Camel camel;

    @BeforeAll
    void start() throws IOException {
        stub = new KsherStub();
        camel = new Camel(stub);
    }

    @AfterAll
    void stop() {
        camel.close();
        stub.close();
    }
}
