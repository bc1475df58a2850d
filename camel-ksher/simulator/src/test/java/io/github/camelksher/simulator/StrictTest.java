/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a strict simulator refuses. */
class StrictTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER =
            new KsherSimulatorExtension(KsherSimulator.builder().strict());

    private final KsherSimulator ksher = KSHER.simulator();
    private final Merchant merchant = new Merchant(ksher);

    @BeforeEach
    void open() {
        ksher.open(KsherOrder.of("A1"));
    }

    @Test
    void aRequestCannotBeReplayed() throws Exception {
        Map<String, String> form = merchant.signed(merchant.form("A1"));
        assertThat(merchant.post("orderQuery", form).code()).isZero();
        assertThat(merchant.post("orderQuery", form).code()).isEqualTo(-2);
        assertThat(ksher.calls().get(1).error()).isEqualTo("nonce_str was used before");
        ksher.reset();
        assertThat(merchant.post("orderQuery", form).error()).isEqualTo("KSHER_INVALID_ORDER_NO");
    }

    @Test
    void aForgedRequestDoesNotUseUpTheNonce() throws Exception {
        Map<String, String> form = merchant.form("A1");
        form.put("sign", "00");
        assertThat(merchant.post("orderQuery", form).code()).isEqualTo(-2);
        assertThat(merchant.post("orderQuery", merchant.signed(form)).code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-23", "20261323120000", "1795435200123", "1795435200", "202611231200", ""})
    void aTimeInAnotherFormIsRefused(String time) throws Exception {
        assertThat(sentAt(time).code()).isEqualTo(-2);
        assertThat(ksher.calls().get(0).error()).isEqualTo("time_stamp is not yyyyMMddHHmmss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"20261123120000", "2020041421583131S"})
    void aTimeInTheFormOfThePagesIsTaken(String time) throws Exception {
        assertThat(sentAt(time).code()).isZero();
    }

    @Test
    void upperCaseHexIsRefused() throws Exception {
        Map<String, String> form = merchant.signed(merchant.form("A1"));
        form.computeIfPresent("sign", (name, sign) -> sign.toUpperCase(Locale.ROOT));
        assertThat(merchant.post("orderQuery", form).code()).isEqualTo(-2);
        assertThat(ksher.calls().get(0).error()).isEqualTo("sign is not hex in lower case");
    }

    private Merchant.Received sentAt(String time) throws Exception {
        Map<String, String> form = merchant.form("A1");
        form.put("time_stamp", time);
        return merchant.post("orderQuery", merchant.signed(form));
    }
}
