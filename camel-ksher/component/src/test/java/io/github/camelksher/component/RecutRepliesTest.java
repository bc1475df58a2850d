/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signed replies whose fields were cut anew: the text that Ksher signed is the same, who and what it is about is not. */
class RecutRepliesTest {

    private KsherStub stub;
    private Camel camel;

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub();
        camel = new Camel(stub);
    }

    @AfterEach
    void stop() {
        camel.close();
        stub.close();
    }

    private static Map<String, Object> data(String... pairs) {
        Map<String, Object> data = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            data.put(pairs[i], pairs[i + 1]);
        }
        return data;
    }

    /** The reply as it was cut anew, under the signature of what Ksher signed. */
    private static String recut(Map<String, Object> signed, Map<String, Object> shown) {
        return "{\"code\":0,\"msg\":\"ok\",\"sign\":\"" + KsherStub.sign(signed) + "\",\"data\":"
                + KsherStub.json(shown) + "}";
    }

    private void refuses(String uri, String order) {
        Exchange exchange = camel.call(uri, order);
        assertThat(exchange.getException())
                .as(() -> "a reply about another order or merchant became "
                        + exchange.getMessage().getBody(String.class))
                .isInstanceOf(KsherSignatureException.class);
    }

    @Test
    void anotherOrdersNumberInANameThatEndsLikeALongerName() {
        Map<String, Object> signed = data(
                "appid",
                "mch10001",
                "mch_order_no",
                "A-1",
                "nonce_str",
                "n1",
                "pay_mch_order_no",
                "P-1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        Map<String, Object> shown = data(
                "appid",
                "mch10001",
                "mch_order_no=A-1nonce_str=n1pay_mch_order_no",
                "P-1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        stub.answering(Http.ok(recut(signed, shown)));
        refuses("ksher:gatewayQuery", "B-2");
    }

    @Test
    void anotherOrdersNumberThatBeginsWithTheOneAskedFor() {
        Map<String, Object> signed = data(
                "appid",
                "mch10001",
                "ksher_order_no",
                "K1",
                "mch_order_no",
                "A-12",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        Map<String, Object> shown = data(
                "appid",
                "mch10001",
                "ksher_order_no",
                "K1mch_order_no=A-12",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        stub.answering(Http.ok(recut(signed, shown)));
        refuses("ksher:gatewayQuery", "A-1");
    }

    @Test
    void anotherOrdersNumberBehindACustomersText() {
        Map<String, Object> signed = data(
                "appid",
                "mch10001",
                "attach",
                "mch_order_no=B-2",
                "mch_order_no",
                "A-1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        Map<String, Object> shown = data(
                "appid",
                "mch10001",
                "attach",
                "mch_order_no=B-2mch_order_no=A-1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        stub.answering(Http.ok(recut(signed, shown)));
        refuses("ksher:gatewayQuery", "B-2");
    }

    @Test
    void anotherOrdersNumberInTheNameAfterAnEmptyField() {
        Map<String, Object> signed = data(
                "appid",
                "mch10001",
                "mch_order_no",
                "order-1",
                "nonce_str",
                "n1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        Map<String, Object> shown = data(
                "appid",
                "mch10001",
                "mch_order_no",
                "",
                "order-1nonce_str",
                "n1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        stub.answering(Http.ok(recut(signed, shown)));
        refuses("ksher:gatewayQuery", "B-2");
    }

    /** Whoever is on the way sees the nonce, and can ask Ksher with it for an order of his own with the same number. */
    @Test
    void anotherMerchantsNumberInTheNameAfterAnEmptyField() {
        stub.answering((request, socket) -> {
            String nonce = request.form().get("nonce_str");
            Map<String, Object> signed = data(
                    "appid",
                    "mch99999",
                    "mch_order_no",
                    "A-1",
                    "nonce_str",
                    nonce,
                    "result",
                    "SUCCESS",
                    "time_end",
                    "2020-01-01 00:00:00",
                    "total_fee",
                    "1");
            Map<String, Object> shown = data(
                    "appid",
                    "",
                    "mch99999mch_order_no",
                    "A-1",
                    "nonce_str",
                    nonce,
                    "result",
                    "SUCCESS",
                    "time_end",
                    "2020-01-01 00:00:00",
                    "total_fee",
                    "1");
            KsherStub.write(socket, Http.ok(recut(signed, shown)));
        });
        refuses("ksher:orderQuery", "A-1");
    }

    /** On the gateway any order of any other merchant does. */
    @Test
    void anotherMerchantsOrderOnTheGateway() {
        Map<String, Object> signed = data(
                "appid",
                "mch99999",
                "mch_order_no",
                "order-1",
                "nonce_str",
                "n1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        Map<String, Object> shown = data(
                "appid",
                "",
                "mch99999mch_order_no",
                "order-1",
                "nonce_str",
                "n1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        stub.answering(Http.ok(recut(signed, shown)));
        refuses("ksher:gatewayQuery", "order-1");
    }

    /** Ksher's own signature under a real payment: it pays any order of any merchant. */
    @Test
    void aGenuineReplyOfAnotherMerchantAndOrder() throws Exception {
        var sample = new ObjectMapper().readTree(Samples.bytes("notification-gateway-airpay.json"));
        var fields = new TreeMap<String, String>();
        sample.get("data")
                .properties()
                .forEach(f -> fields.put(f.getKey(), f.getValue().asText()));
        StringBuilder key = new StringBuilder(fields.get("appid"));
        fields.subMap("appid", false, "pay_mch_order_no", false)
                .forEach((name, value) -> key.append(name).append('=').append(value));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("appid", "");
        shown.put(key + "pay_mch_order_no", fields.get("pay_mch_order_no"));
        shown.putAll(fields.tailMap("pay_mch_order_no", false));
        stub.answering(Http.ok("{\"code\":0,\"sign\":\"" + sample.get("sign").asText() + "\",\"data\":"
                + KsherStub.json(shown) + "}"));
        try (Camel ksher =
                new Camel(stub, component -> component.getConfiguration().setKsherPublicKey(null))) {
            Exchange exchange = ksher.call("ksher:gatewayQuery", "B-2");
            assertThat(exchange.getException())
                    .as(() -> "paid: " + exchange.getMessage().getBody(String.class))
                    .isInstanceOf(KsherSignatureException.class);
        }
    }

    /** The same for a close: 'closed' of another merchant's order. */
    @Test
    void anotherMerchantsClose() {
        stub.answering((request, socket) -> {
            String nonce = request.form().get("nonce_str");
            Map<String, Object> signed =
                    data("appid", "mch99999", "mch_order_no", "A-1", "nonce_str", nonce, "result", "SUCCESS");
            Map<String, Object> shown =
                    data("appid", "", "mch99999mch_order_no", "A-1", "nonce_str", nonce, "result", "SUCCESS");
            KsherStub.write(socket, Http.ok(recut(signed, shown)));
        });
        refuses("ksher:orderClose", "A-1");
    }

    /** A customer's text becomes order and amount of a notification: each name that counts has an underscore before it. */
    @Test
    void aCustomersTextBecomesTheOrderOfANotification() {
        String attach = "x_channel_order_no=c_fee_type=THBg=_ksher_order_no=K9_mch_order_no=B-2n=_nonce_str=n9"
                + "p=_result=SUCCESSs=_total_fee=10000000z=";
        Map<String, Object> signed = data(
                "appid",
                "mch10001",
                "attach",
                attach,
                "channel_order_no",
                "C-1",
                "fee_type",
                "THB",
                "ksher_order_no",
                "K-1",
                "mch_order_no",
                "A-1",
                "nonce_str",
                "n1",
                "result",
                "SUCCESS",
                "time_end",
                "2020-01-01 00:00:00",
                "total_fee",
                "1");
        Map<String, Object> shown = data(
                "appid",
                "mch10001",
                "attach",
                "x_",
                "channel_order_no",
                "c_",
                "fee_type",
                "THB",
                "g",
                "_",
                "ksher_order_no",
                "K9_",
                "mch_order_no",
                "B-2",
                "n",
                "_",
                "nonce_str",
                "n9",
                "p",
                "_",
                "result",
                "SUCCESS",
                "s",
                "_",
                "total_fee",
                "10000000",
                "z",
                "channel_order_no=C-1fee_type=THBksher_order_no=K-1mch_order_no=A-1nonce_str=n1result=SUCCESS"
                        + "time_end=2020-01-01 00:00:00total_fee=1");
        String body = recut(signed, shown);
        Exchange exchange = camel.context()
                .createProducerTemplate()
                .request(
                        "ksher:verifyNotification", e -> e.getMessage().setBody(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(exchange.getException())
                .as(() ->
                        "order A-1 paid with 1 became " + exchange.getMessage().getBody(String.class))
                .isInstanceOf(KsherSignatureException.class);
    }
}
