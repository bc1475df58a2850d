/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a reply's message can do to the message of an exception. */
class FailuresTest {

    private static String message(Set<String> secrets, String remote) {
        Failures failures =
                new Failures(new OrderRequest(KsherOperation.gatewayQuery).with(Parameter.MCH_ORDER_NO, "A-1"));
        failures.redactor.secrets(() -> secrets);
        return failures.rejected(-100, remote).getMessage();
    }

    @Test
    void secretsThatAreStarsDoNotGrow() {
        Set<String> stars = IntStream.range(1, 40)
                .mapToObj(i -> "*****" + "\u0001".repeat(i))
                .collect(Collectors.toSet());
        assertThat(message(stars, "*****")).contains("code -100 (***).");
    }

    @Test
    void aSecretOfControlCharactersIsNotBetweenAllLetters() {
        assertThat(message(Set.of("\u0001"), "failed")).contains("(failed)");
    }

    @Test
    void theLongerSecretIsHiddenWhereOneIsPartOfTheOther() {
        assertThat(message(new LinkedHashSet<>(List.of("o2G4c", "o2G4c04tmsU")), "by o2G4c04tmsU"))
                .contains("(by ***)");
    }

    @Test
    @Timeout(10)
    void aReplyFullOfSecretsShowsNoneAndTakesNoTime() {
        Set<String> secrets =
                IntStream.range(0, 25_000).mapToObj(i -> "op-" + i).collect(Collectors.toSet());
        assertThat(message(secrets, "op-7" + "x".repeat(500_000)))
                .contains("too many secrets")
                .doesNotContain("op-7");
    }
}
