/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NotificationsTest {

    @Test
    @Timeout(60)
    void thePaidOrderIsDeliveredOnceAndTheForgerIsRefused() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        new Notifications(new PrintStream(printed, true, StandardCharsets.UTF_8)).run(false);

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "The customer pays A-1.",
                        "  The shop delivers A-1, 123.00 THB",
                        "  Ksher was answered with 200, OK",
                        "The same notification comes again.",
                        "  Ksher was answered with 200, OK",
                        "Somebody sends a forged one.",
                        "  The forger was answered with 400",
                        "Nobody pays A-2: no notification tells so, a query does.");
    }
}
