/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelksher.reply.PaymentNotification;

/** Whatever is posted to the merchant, only what Ksher signed for this merchant becomes a notification. */
class NotificationFuzzTest {

    private static final NotificationVerifier VERIFIER =
            new NotificationVerifier(ClientSettings.builder("mch35005", null).build(), 100_000);

    @FuzzTest
    void anyBodyIsANotificationOrRefused(byte[] body) {
        CallOutcome outcome = VERIFIER.verify(body);
        assertThat(outcome.reply() == null).isNotEqualTo(outcome.failure() == null);
        if (outcome.reply() instanceof PaymentNotification paid) {
            assertThat(outcome.signed()).isTrue();
            assertThat(paid.appId()).isEqualTo("mch35005");
        } else {
            assertThat(outcome.failure().isRetryable()).isFalse();
            assertThat(outcome.failure().isOutcomeUnknown()).isFalse();
            assertThat(outcome.failure().getMessage())
                    .startsWith("verifyNotification")
                    .hasSizeLessThan(1_800);
            assertThat(outcome.failure().getMessage().codePoints())
                    .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        }
    }
}
