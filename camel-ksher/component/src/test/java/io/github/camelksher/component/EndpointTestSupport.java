/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** All tests of a class have the same stub; each makes its contexts itself. */
abstract class EndpointTestSupport {

    static KsherStub stub;

    @BeforeAll
    static void start() throws IOException {
        stub = new KsherStub();
    }

    @AfterAll
    static void stop() {
        stub.close();
    }

    static Throwable innermost(Throwable failure) {
        return failure.getCause() == null ? failure : innermost(failure.getCause());
    }
}
