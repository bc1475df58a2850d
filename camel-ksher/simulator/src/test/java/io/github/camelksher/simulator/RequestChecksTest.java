/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestChecksTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    private final KsherSimulator ksher = KSHER.simulator();
    private final Merchant merchant = new Merchant(ksher);

    @BeforeEach
    void open() {
        ksher.open(KsherOrder.of("A1"));
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void aChangedParameterIsABadSignature(Operation operation) throws Exception {
        ksher.open(operation.isOrderCall() ? KsherOrder.of("A2") : KsherOrder.gateway("A2"));
        Map<String, String> form = merchant.signed(merchant.form("A1"));
        form.put("mch_order_no", "A2");
        Merchant.Received reply = merchant.post(operation.text, form);
        assertThat(reply.code()).isEqualTo(-2);
        assertThat(reply.json().has("data")).isFalse();
        assertThat(reply.json().has("sign")).isFalse();
        Call call = ksher.calls().get(0);
        assertThat(call.carriedOut()).isFalse();
        assertThat(call.error()).isEqualTo("signature does not verify");
        assertThat(ksher.order("A2").state()).matches(KsherOrder.State::isOpen);
    }

    @Test
    void signaturesThatAreNoHexOrTooShortOrMissingAreBad() throws Exception {
        for (String sign : new String[] {"", "zz", "abcd"}) {
            Map<String, String> form = merchant.form("A1");
            form.put("sign", sign);
            assertThat(merchant.post("orderQuery", form).code()).isEqualTo(-2);
        }
        assertThat(merchant.post("orderQuery", merchant.form("A1")).code()).isEqualTo(-2);
    }

    @Test
    void anUnknownMerchantIsCodeMinusOne() throws Exception {
        assertThat(changed(form -> form.put("appid", "mch99")).code()).isEqualTo(-1);
        assertThat(changed(form -> form.remove("appid")).code()).isEqualTo(-1);
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

    @Test
    void timeAndNonceMustHaveTheirForm() throws Exception {
        assertThat(changed(form -> form.put("time_stamp", "2026-11-23")).code()).isEqualTo(-2);
        assertThat(changed(form -> form.put("time_stamp", "20261323120000")).code())
                .isEqualTo(-2);
        assertThat(changed(form -> form.remove("time_stamp")).code()).isEqualTo(-2);
        assertThat(changed(form -> form.put("nonce_str", "n".repeat(33))).code())
                .isEqualTo(-2);
        assertThat(changed(form -> form.remove("nonce_str")).code()).isEqualTo(-2);
        // Some of Ksher's SDKs append milliseconds and an S.
        assertThat(changed(form -> form.put("time_stamp", "2020041421583131S")).code())
                .isZero();
    }

    @Test
    void aSecondMerchantIsKnownByItsPublicKey() throws Exception {
        try (KsherSimulator two = KsherSimulator.builder()
                .merchant("mch2", ksher.merchantPublicKey())
                .start()) {
            two.open(KsherOrder.of("A1"));
            Merchant other = new Merchant(two);
            Map<String, String> form = other.form("A1");
            form.put("appid", "mch2");
            assertThat(other.post("orderQuery", merchant.signed(form)).data()).containsEntry("appid", "mch2");
        }
    }

    private Merchant.Received changed(Consumer<Map<String, String>> change) throws Exception {
        Map<String, String> form = merchant.form("A1");
        change.accept(form);
        return merchant.post("orderQuery", merchant.signed(form));
    }
}
