/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void keepsTextThatADatabaseCanStore() {
        assertThat(Text.storable("A1 \u0e44 \ud83d\ude00\n")).isEqualTo("A1 \u0e44 \ud83d\ude00\n");
    }

    @Test
    void replacesNulAndUnpairedSurrogates() {
        assertThat(Text.storable("a\u0000b\ud83dc\ude00")).isEqualTo("a\ufffdb\ufffdc\ufffd");
    }
}
