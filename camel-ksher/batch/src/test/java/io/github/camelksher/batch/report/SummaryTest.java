/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelksher.batch.life.Outcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final Instant STARTED = Instant.parse("2026-11-24T01:00:00Z");

    private static Summary summary(Map<Outcome, Long> outcomes) {
        return new Summary("night-1", "mch1 at api.example", 100, outcomes, 7, STARTED, STARTED.plusSeconds(60));
    }

    @Test
    void oneRowIsEnoughToNeedAPerson() {
        assertThat(summary(Map.of(Outcome.CLOSED, 99L, Outcome.REFUSED, 1L)).needsPerson())
                .isTrue();
    }

    @Test
    void ordersThatArePaidClosedOrRefundedNeedNoPerson() {
        assertThat(summary(Map.of(
                                Outcome.PAID, 1L,
                                Outcome.CLOSED, 1L,
                                Outcome.ALREADY_CLOSED, 1L,
                                Outcome.REFUNDED, 1L,
                                Outcome.DUPLICATE, 1L))
                        .needsPerson())
                .isFalse();
        assertThat(summary(Map.of()).needsPerson()).as("an empty batch").isFalse();
    }

    @Test
    void theJsonHasEveryOutcomeInItsOrderAlsoThoseThatDidNotOccur() throws Exception {
        JsonNode json = new JsonMapper()
                .readTree(
                        summary(Map.of(Outcome.INVALID, 2L, Outcome.PAID, 98L)).toJson());
        assertThat(json.get("outcomes").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(
                        Arrays.stream(Outcome.values()).map(Outcome::name).toList());
        assertThat(json.get("outcomes").get("PAID").longValue()).isEqualTo(98);
        assertThat(json.get("outcomes").get("INVALID").longValue()).isEqualTo(2);
        assertThat(json.get("outcomes").get("CLOSED").isNumber()).isTrue();
        assertThat(json.get("outcomes").get("CLOSED").longValue()).isZero();
    }
}
