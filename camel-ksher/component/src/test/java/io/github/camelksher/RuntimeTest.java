/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** Says what all the tests beside it ran on; {@code compat} runs them on each line of Camel. */
class RuntimeTest {

    @Test
    void theseTestsRunOnTheLineOfCamelThatTheBuildNames() {
        String camel = new DefaultCamelContext().getVersion();
        System.out.println("Ran on Camel " + camel + ", Java " + Runtime.version());
        assertThat(camel).isEqualTo(System.getProperty("expected.camel.version"));
    }
}
