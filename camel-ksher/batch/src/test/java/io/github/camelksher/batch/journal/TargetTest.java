/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TargetTest {

    private static final Target TARGET = new Target("mch1", "https://api.example/KsherPay", "http://gw.example:81/api");

    @Test
    void isReadFromItsKeyAsItWas() {
        assertThat(Target.ofKey(TARGET.key())).isEqualTo(TARGET);
    }

    @Test
    void refusesABlankBecauseItsKeyIsSeparatedByBlanks() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Target("mch 1", "https://a.example", "https://a.example"));
    }

    @Test
    void namesTheServerOfACallWithItsPort() {
        assertThat(TARGET.server(false)).isEqualTo("api.example:443");
        assertThat(TARGET.server(true)).isEqualTo("gw.example:81");
    }

    @Test
    void namesAHostOnceIfBothServicesHaveIt() {
        assertThat(TARGET).hasToString("mch1 at api.example and gw.example:81");
        assertThat(new Target("mch1", "https://a.example/x", "https://a.example/y"))
                .hasToString("mch1 at a.example");
    }
}
