/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What may be sent: 32 visible code points. */
class OrderRequestPropertiesTest {

    @Provide
    static Arbitrary<String> visible() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between('!', '~'),
                        Arbitraries.integers().between(0x0E01, 0x0E3A),
                        Arbitraries.integers().between(0x1F300, 0x1F6FF),
                        Arbitraries.integers().between(0x20000, 0x2A6DF))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .map(list -> list.stream().map(Character::toString).collect(Collectors.joining()));
    }

    private static String problem(String value) {
        return new OrderRequest(KsherOperation.orderClose)
                .with(Parameter.MCH_ORDER_NO, value)
                .problem();
    }

    @Property
    void thirtyTwoCodePointsAreTakenAndNoMore(@ForAll("visible") String value) {
        int length = value.codePointCount(0, value.length());
        if (length <= 32) {
            assertThat(problem(value)).isNull();
        } else {
            assertThat(problem(value)).contains("of " + length + " characters").doesNotContain(value);
        }
    }

    @Property
    void aControlCharacterAnywhereIsRefused(
            @ForAll("visible") String value, @ForAll("controls") char control, @ForAll @IntRange(max = 31) int place) {
        int at = Math.min(place, value.codePointCount(0, value.length()));
        int index = value.offsetByCodePoints(0, at);
        assertThat(problem(value.substring(0, index) + control + value.substring(index)))
                .isNotNull();
    }

    @Provide
    static Arbitrary<Character> controls() {
        return Arbitraries.oneOf(
                Arbitraries.chars().range('\0', '\u001f'), Arbitraries.chars().range('\u007f', '\u009f'));
    }

    @Property
    void halfACharacterAnywhereIsRefused(
            @ForAll("visible") String value, @ForAll("halves") char half, @ForAll boolean first) {
        assertThat(problem(first ? half + value : value + half)).isNotNull();
    }

    @Provide
    static Arbitrary<Character> halves() {
        return Arbitraries.chars().range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);
    }

    @Example
    void noncesAreThirtyTwoHexDigitsAndNoTwoAreTheSame() {
        NonceSource source = new NonceSource();
        Set<String> nonces = new HashSet<>();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            String nonce = source.next();
            assertThat(nonce).matches("[0-9a-f]{32}");
            nonce.chars().forEach(seen::add);
            nonces.add(nonce);
        }
        assertThat(nonces).hasSize(2_000);
        assertThat(seen).hasSize(16);
    }
}
