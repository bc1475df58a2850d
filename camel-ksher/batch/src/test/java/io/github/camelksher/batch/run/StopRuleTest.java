/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopRuleTest {

    private static final Event NOT_LET_IN = new Event.NotLetIn(new Facts("", -2, null));
    private static final Event UNVERIFIED = new Event.NotVerified(Facts.of(""));
    private static final Event GOOD = new Event.Seen("NOTPAY", Facts.of(""));

    private final StopRule rule = new StopRule();

    @Test
    void aRefusalOfTheMerchantBeforeTheFirstGoodReplyStopsTheBatch() {
        assertThat(rule.after("A", NOT_LET_IN)).contains("app-id").contains("-2");
    }

    @Test
    void laterItStopsOnThreeDifferentOrdersInARow() {
        rule.after("A", GOOD);
        assertThat(rule.after("B", NOT_LET_IN)).isNull();
        assertThat(rule.after("B", NOT_LET_IN)).isNull();
        assertThat(rule.after("C", NOT_LET_IN)).isNull();
        rule.after("A", GOOD);
        assertThat(rule.after("D", NOT_LET_IN)).isNull();
        assertThat(rule.after("E", NOT_LET_IN)).isNull();
        assertThat(rule.after("F", NOT_LET_IN)).isNotNull();
    }

    @Test
    void tenFirstRepliesThatDoNotVerifyStopTheBatchButNotAfterAGoodOne() {
        for (int i = 0; i < 9; i++) {
            assertThat(rule.after("O" + i, UNVERIFIED)).isNull();
        }
        assertThat(rule.after("O9", UNVERIFIED)).contains("ksher-public-key");
        rule.after("A", GOOD);
        assertThat(rule.after("O10", UNVERIFIED)).isNull();
    }
}
