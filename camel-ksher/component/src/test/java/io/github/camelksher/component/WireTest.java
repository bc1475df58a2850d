/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of a request, for any content of the exchange. */
class WireTest {

    private KsherStub stub;
    private Camel camel;

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub().echoing("SUCCESS", Map.of());
        camel = new Camel(stub);
    }

    @AfterEach
    void stop() {
        camel.close();
        stub.close();
    }

    private static Map<String, Object> poison() {
        Map<String, Object> headers = new HashMap<>();
        for (String name : new String[] {
            "Uri",
            "Path",
            "Query",
            "RawQuery",
            "Method",
            "Host",
            "BaseUri",
            "Url",
            "CharacterEncoding",
            "ProtocolVersion",
            "ResponseCode",
            "ResponseText",
            "ServletRequest"
        }) {
            headers.put("CamelHttp" + name, "http://127.0.0.1:1/evil?x=y");
        }
        headers.put("CamelHttpMethod", "DELETE");
        headers.put("CamelRestHttpUri", "http://127.0.0.1:1/");
        headers.put("CamelRestHttpQuery", "a=b");
        for (String name : new String[] {
            "Authorization", "Cookie", "Host", "Content-Type", "Content-Encoding", "Content-Length",
                    "Transfer-Encoding",
            "User-Agent", "Accept", "Connection", "Expect", "X-Mine", "ksher-sign-version", "Proxy-Authorization"
        }) {
            headers.put(name, "poison");
        }
        headers.put("Content-Encoding", "gzip");
        headers.put("CamelKsherOperation", "gatewayCancel");
        headers.put("CamelKsherAppId", "mch666");
        headers.put("CamelKsherPrivateKey", "poison");
        headers.put("CamelKsherApiUrl", "http://127.0.0.1:1/");
        headers.put("CamelCharsetName", "UTF-16");
        headers.put("appid", "mch666");
        headers.put("nonce_str", "poison");
        return headers;
    }

    @ParameterizedTest
    @CsvSource({
        "orderQuery,/KsherPay/order_query",
        "orderClose,/KsherPay/order_close",
        "gatewayQuery,/api/gateway_order_query",
        "gatewayCancel,/api/cancel_order"
    })
    void poisonedExchangeSendsExactlyTheDocumentedRequest(String operation, String path) {
        Map<String, Object> headers = poison();
        headers.put("CamelKsherMchOrderNo", "A-1");
        if (operation.equals("gatewayCancel")) {
            stub.answering(Http.ok("{\"code\":0,\"data\":\"done\"}"));
        }
        Exchange exchange = camel.call("ksher:" + operation, headers);
        assertThat(exchange.getException()).isNull();

        Http.Request request = stub.onlyRequest();
        assertThat(request.line()).isEqualTo("POST " + path + " HTTP/1.1");
        Map<String, String> sent = request.headers();
        assertThat(sent.remove("User-Agent")).matches("camel-ksher/\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
        assertThat(sent.remove("Accept-Encoding")).contains("gzip");
        assertThat(sent)
                .isEqualTo(new TreeMap<>(Map.of(
                        "Content-Type",
                        "application/x-www-form-urlencoded; charset=UTF-8",
                        "Content-Length",
                        String.valueOf(request.body().length()),
                        "Host",
                        "127.0.0.1:" + stub.port(),
                        "Connection",
                        "keep-alive")));
        assertThat(request.form())
                .containsOnlyKeys("appid", "mch_order_no", "nonce_str", "time_stamp", "sign")
                .containsEntry("appid", KsherStub.APP_ID)
                .containsEntry("mch_order_no", "A-1");
        // Of the exchange, only the out headers have changed.
        Map<String, Object> after = new HashMap<>(exchange.getMessage().getHeaders());
        after.keySet().removeIf(name -> name.matches("CamelKsher(Code|Message|Result|Signed)"));
        assertThat(after).isEqualTo(headers);
    }

    @ParameterizedTest
    @MethodSource("wholeNumbers")
    void sendsWholeNumbersInPlainDigits(Object number, String digits) {
        camel.call("ksher:orderQuery", Map.of("CamelKsherMchOrderNo", number));
        assertThat(stub.onlyRequest().form()).containsEntry("mch_order_no", digits);
    }

    static Stream<Arguments> wholeNumbers() {
        return Stream.of(
                Arguments.of(1592911660L, "1592911660"),
                Arguments.of(7, "7"),
                Arguments.of(new BigInteger("90020200623192741778187"), "90020200623192741778187"),
                Arguments.of(new BigDecimal("90020200623192741778187"), "90020200623192741778187"),
                Arguments.of(new BigDecimal("1.592911660E+9"), "1592911660"),
                Arguments.of(new BigDecimal("1592911660.00"), "1592911660"),
                Arguments.of(new BigDecimal("0E+9"), "0"),
                Arguments.of(new AtomicLong(5), "5"));
    }

    @Test
    void sendsTheLongNumberOfACardPayment() {
        String number = "7".repeat(46);
        camel.call("ksher:orderQuery", Map.of("CamelKsherChannelOrderNo", number));
        assertThat(stub.onlyRequest().form()).containsEntry("channel_order_no", number);
    }

    @Test
    void readsACancelThatIsAnsweredWithASignedObject() {
        for (String result : List.of("SUCCESS", "CLOSED")) {
            stub.echoing(result, Map.of("pay_mch_order_no", "9"));
            Exchange exchange = camel.call("ksher:gatewayCancel", "A-1");

            GatewayCancelReply reply = exchange.getMessage().getBody(GatewayCancelReply.class);
            assertThat(reply.isSigned()).isTrue();
            assertThat(reply.text()).isNull();
            assertThat(reply.appId()).isEqualTo(KsherStub.APP_ID);
            assertThat(reply.result()).isEqualTo(result);
            assertThat(reply.mchOrderNo()).isEqualTo("A-1");
            assertThat(reply.nonceStr()).hasSize(32);
            assertThat(reply.fields()).containsEntry("pay_mch_order_no", "9");
            assertThat(exchange.getMessage().getHeaders())
                    .containsEntry("CamelKsherSigned", true)
                    .containsEntry("CamelKsherResult", result);
        }
    }

    @Test
    void aCancelsObjectNeedsNoResultAndWithoutVerifyingIsNotSigned() {
        stub.answering(
                (request, socket) -> KsherStub.write(socket, Http.ok(KsherStub.signed(KsherStub.echo(request)))));
        assertThat(camel.call("ksher:gatewayCancel", "A-1").getException()).isNull();

        Exchange exchange = camel.call("ksher:gatewayCancel?verifySignature=false", "A-1");
        assertThat(exchange.getMessage().getBody(GatewayCancelReply.class).isSigned())
                .isFalse();
        assertThat(exchange.getMessage().getHeader("CamelKsherSigned")).isEqualTo(false);
    }

    @Test
    void signsWhatItSends() throws Exception {
        camel.call(
                "ksher:orderClose?channel=wechat&operatorId=7",
                Map.of(
                        "CamelKsherMchOrderNo", "ก 1&=+%\uD83D\uDE00",
                        "CamelKsherKsherOrderNo", 90020200623192741L,
                        "CamelKsherChannelOrderNo", new StringBuilder(" x "),
                        "CamelKsherChannel", "  ",
                        "CamelKsherLang", "th"));
        Map<String, String> form = stub.onlyRequest().form();
        assertThat(form)
                .containsEntry("mch_order_no", "ก 1&=+%\uD83D\uDE00")
                .containsEntry("ksher_order_no", "90020200623192741")
                .containsEntry("channel_order_no", " x ")
                .containsEntry("channel", "wechat")
                .containsEntry("operator_id", "7")
                .doesNotContainKey("lang");
        String sign = form.remove("sign");
        String text = form.entrySet().stream()
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining());
        String key;
        try (var in = getClass().getResourceAsStream("/keys/public-spki.pem")) {
            key = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(new ReplyVerifier(RsaKeys.publicKey(key), Signatures.by(null))
                        .verify(text.getBytes(StandardCharsets.UTF_8), sign))
                .isEqualTo(ReplyVerifier.Verdict.VERIFIED);
        assertThat(sign).matches("[0-9a-f]{256}");
        assertThat(form.get("nonce_str")).matches("[A-Za-z0-9]{32}");
        assertThat(LocalDateTime.parse(form.get("time_stamp"), DateTimeFormatter.ofPattern("uuuuMMddHHmmss")))
                .isBetween(
                        LocalDateTime.now().minusMinutes(1), LocalDateTime.now().plusSeconds(1));
    }

    @Test
    void headerBeatsOptionAndBlankHeaderDoesNot() {
        camel.call(
                "ksher:gatewayCancel?lang=en&channel=wechat&operatorId=7",
                Map.of("CamelKsherMchOrderNo", "A", "CamelKsherLang", "th"));
        camel.call(
                "ksher:gatewayCancel?lang=en",
                Map.of("CamelKsherMchOrderNo", "A", "CamelKsherLang", " ", "CamelKsherKsherOrderNo", "9"));
        assertThat(stub.requests().get(0).form())
                .containsEntry("lang", "th")
                .doesNotContainKeys("channel", "operator_id");
        assertThat(stub.requests().get(1).form()).containsEntry("lang", "en").doesNotContainKey("ksher_order_no");
    }

    @Test
    void v2AsksForTheLongKey() {
        camel.call("ksher:orderQuery?signVersion=V2", "A");
        camel.call("ksher:orderQuery?signVersion=V1", "A");
        assertThat(stub.requests().get(0).headers()).containsEntry("ksher-sign-version", "V2");
        assertThat(stub.requests().get(1).headers()).doesNotContainKey("ksher-sign-version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//"})
    void takesBaseUrlWithOrWithoutSlashAtTheEnd(String slash) {
        camel.call("ksher:orderQuery?apiUrl=" + stub.url() + "/base" + slash, "A");
        assertThat(stub.onlyRequest().line()).isEqualTo("POST /base/order_query HTTP/1.1");
    }

    @Test
    void keepsNoCookieAndNothingOfKshersHeaders() {
        stub.answering((request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "NOTPAY");
            KsherStub.write(
                    socket,
                    Http.response(
                            200,
                            "Set-Cookie: a=b; Path=/\r\nX-Theirs: 1\r\nContent-Type: text/html; charset=GBK\r\n",
                            KsherStub.signed(data).getBytes(StandardCharsets.UTF_8)));
        });
        Exchange exchange = camel.call("ksher:orderQuery", "A");
        camel.call("ksher:orderQuery", "A");
        assertThat(stub.requests().get(1).headers()).doesNotContainKey("Cookie");
        assertThat(exchange.getMessage().getHeaders())
                .containsOnlyKeys(
                        "CamelKsherMchOrderNo",
                        "CamelKsherCode",
                        "CamelKsherMessage",
                        "CamelKsherResult",
                        "CamelKsherSigned");
        assertThat(exchange.getProperty(Exchange.CHARSET_NAME)).isNull();
    }

    @Test
    void everyAttemptHasFreshNonce() {
        camel.call("ksher:orderQuery", "A");
        camel.call("ksher:orderQuery", "A");
        assertThat(stub.requests().get(0).form().get("nonce_str"))
                .isNotEqualTo(stub.requests().get(1).form().get("nonce_str"));
    }
}
