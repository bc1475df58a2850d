/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Whether a call that failed had sent anything. */
abstract class NothingSentTestSupport extends StubTestSupport {

    static final byte[] FORGED = Http.ok("{\"code\":0,\"data\":\"forged\"}");

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    KsherException close(String options, Consumer<KsherComponent> settings) {
        try (Camel camel = new Camel(stub, settings)) {
            KsherException failure =
                    camel.call("ksher:orderClose" + options, "A-1").getException(KsherException.class);
            assertThat(camel.context()
                            .getComponent("ksher", KsherComponent.class)
                            .http()
                            .state()
                            .leased())
                    .isZero();
            return failure;
        }
    }

    static void assertNotSent(KsherException failure) {
        assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageContaining("Nothing was sent");
        assertThat(failure.isOutcomeUnknown()).isFalse();
        assertThat(failure.isRetryable()).isTrue();
    }
}
