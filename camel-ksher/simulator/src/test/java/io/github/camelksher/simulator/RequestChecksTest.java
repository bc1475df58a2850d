/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.protocol.ApiCall;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @EnumSource(ApiCall.class)
    void aChangedParameterIsABadSignature(ApiCall call) throws Exception {
        ksher.open(call.isKsherPay() ? KsherOrder.of("A2") : KsherOrder.gateway("A2"));
        Map<String, String> form = merchant.signed(merchant.form("A1"));
        form.put("mch_order_no", "A2");
        Merchant.Received reply = merchant.post(call.operation, form);
        assertThat(reply.code()).isEqualTo(-2);
        assertThat(reply.json().has("data")).isFalse();
        assertThat(reply.json().has("sign")).isFalse();
        CallRecord refused = ksher.calls().get(0);
        assertThat(refused.carriedOut()).isFalse();
        assertThat(refused.error()).isEqualTo("signature does not verify");
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

    @ParameterizedTest
    @EnumSource(ApiCall.class)
    void everyCallIsTakenByGetToo(ApiCall call) throws Exception {
        ksher.open(KsherOrder.gateway("G1").attach("a b"));
        String number = call.isKsherPay() ? "A1" : "G1";
        Map<String, String> form = merchant.signed(merchant.form(number));
        assertThat(send("GET", call, "?" + Merchant.encode(form)).code()).isZero();
        assertThat(send("GET", call, "").code()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "HEAD"})
    void anyOtherMethodIsNotAllowed(String method) throws Exception {
        Merchant.Received reply = send(method, ApiCall.ORDER_QUERY, "");
        assertThat(reply.http().statusCode()).isEqualTo(405);
        assertThat(reply.http().headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(ksher.calls()).isEmpty();
    }

    @Test
    void aNonceMayComeAgain() throws Exception {
        Map<String, String> form = merchant.signed(merchant.form("A1"));
        assertThat(merchant.post("orderQuery", form).code()).isZero();
        assertThat(merchant.post("orderQuery", form).code()).isZero();
    }

    @Test
    void anyTimeIsTakenAndNone() throws Exception {
        for (String time : new String[] {"20261123120000", "2020041421583131S", "1795435200123", "202611231200", "x"}) {
            assertThat(changed(form -> form.put("time_stamp", time)).code()).isZero();
        }
        assertThat(changed(form -> form.remove("time_stamp")).code()).isZero();
    }

    @Test
    void aNonceIsNeededAndHasItsLimit() throws Exception {
        assertThat(changed(form -> form.put("nonce_str", "n".repeat(33))).code())
                .isEqualTo(-2);
        assertThat(changed(form -> form.remove("nonce_str")).code()).isEqualTo(-2);
    }

    private Merchant.Received send(String method, ApiCall call, String query) throws Exception {
        URI url = URI.create(ksher.apiUrl().replace("/KsherPay", call.path) + query);
        return merchant.send(HttpRequest.newBuilder(url)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private Merchant.Received changed(Consumer<Map<String, String>> change) throws Exception {
        Map<String, String> form = merchant.form("A1");
        change.accept(form);
        return merchant.post("orderQuery", merchant.signed(form));
    }
}
