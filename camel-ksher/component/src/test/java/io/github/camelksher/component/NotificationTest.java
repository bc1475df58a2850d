/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.error.KsherSignatureException.Reason;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.reply.PaymentNotification;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code ksher:verifyNotification}: a notification is accepted only if Ksher signed
 * it for this merchant.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotificationTest {

    private static final String GENUINE = "ksher:verifyNotification?appId=mch35005";
    private static final String OURS = "ksher:verifyNotification?appId=" + KsherStub.APP_ID + "&ksherPublicKey=RAW("
            + KsherStub.ksherPublicKey() + ")";

    /** Without a key of the merchant. */
    private final CamelContext context = new DefaultCamelContext();

    private ProducerTemplate template;

    @BeforeAll
    void start() {
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterAll
    void stop() {
        context.stop();
    }

    private Exchange post(String uri, Object body) {
        return template.request(uri, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "another order");
            exchange.getMessage().setHeader(KsherConstants.KSHER_ORDER_NO, "another order");
            exchange.getMessage().setHeader(KsherConstants.CHANNEL_ORDER_NO, "another order");
            exchange.getMessage().setHeader(KsherConstants.RESULT, "left over");
            exchange.getMessage().setHeader("mine", "kept");
        });
    }

    private static byte[] sample() {
        return Samples.bytes("notification-gateway-airpay.json");
    }

    @Test
    void takesTheNotificationThatKsherSigned() {
        Exchange exchange = post(GENUINE, sample());

        assertThat(exchange.getException()).isNull();
        PaymentNotification paid = exchange.getMessage().getBody(PaymentNotification.class);
        assertThat(paid.result()).isEqualTo(OrderState.SUCCESS);
        assertThat(paid.appId()).isEqualTo("mch35005");
        assertThat(paid.mchOrderNo()).isEqualTo("20210519");
        assertThat(paid.payMchOrderNo()).isEqualTo("2105271017222548");
        assertThat(paid.totalFee()).isEqualTo(100);
        assertThat(paid.feeType()).isEqualTo("THB");
        assertThat(paid.cashFee()).isNull();
        assertThat(paid.channel()).isEqualTo("airpay");
        assertThat(paid.timeEnd()).isEqualTo(LocalDateTime.of(2021, 5, 27, 10, 18, 7));
        assertThat(exchange.getMessage().getHeaders())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "CamelKsherCode", 0,
                        "CamelKsherMessage", "操作成功",
                        "CamelKsherResult", "SUCCESS",
                        "CamelKsherSigned", true,
                        "CamelKsherMchOrderNo", "20210519",
                        "CamelKsherKsherOrderNo", "90020210527111737185024",
                        "CamelKsherChannelOrderNo", "1254233130",
                        "mine", "kept"));
    }

    Stream<Object> bodies() {
        byte[] bytes = sample();
        String text = new String(bytes, StandardCharsets.UTF_8);
        return Stream.of(
                bytes,
                text,
                "\uFEFF" + text,
                new ByteArrayInputStream(bytes),
                new InputStreamCache(bytes),
                new StringReader(text),
                new StringBuilder(text));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void readsBytesStreamsAndText(Object body) {
        Exchange exchange = post(GENUINE, body);
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody()).isInstanceOf(PaymentNotification.class);
    }

    @Test
    void isNeverUrlDecoded() {
        Exchange exchange = post(OURS, notification(Map.of("attach", "1+1=2 %41 %zz")));
        assertThat(exchange.getMessage().getBody(PaymentNotification.class).attach())
                .isEqualTo("1+1=2 %41 %zz");
    }

    @Test
    void hasTheFieldsOfTheOrderForm() {
        PaymentNotification paid = post(
                        OURS,
                        notification(Map.of(
                                "raw_total_fee", 120,
                                "device_id", "till 3",
                                "operator_id", 25382,
                                "operation", "QUICK-PAY",
                                "merchant_remark", "m",
                                "consumer_remark", "c")))
                .getMessage()
                .getBody(PaymentNotification.class);
        assertThat(paid.rawTotalFee()).isEqualTo(120);
        assertThat(paid.deviceId()).isEqualTo("till 3");
        assertThat(paid.operatorId()).isEqualTo("25382");
        assertThat(paid.operation()).isEqualTo("QUICK-PAY");
        assertThat(paid.merchantRemark()).isEqualTo("m");
        assertThat(paid.consumerRemark()).isEqualTo("c");
        assertThat(paid.payMchOrderNo()).isNull();
    }

    @Test
    void streamIsStillThereIfItIsRefused() {
        byte[] forged = new String(sample(), StandardCharsets.UTF_8)
                .replace("20210519", "20210520")
                .getBytes(StandardCharsets.UTF_8);
        for (Object body : List.of(
                forged,
                new ByteArrayInputStream(forged),
                new InputStreamCache(forged),
                new StringReader(new String(forged, StandardCharsets.UTF_8)))) {
            Exchange exchange = post(GENUINE, body);
            assertThat(exchange.getException()).isInstanceOf(KsherSignatureException.class);
            assertThat(exchange.getMessage().getBody(byte[].class)).isEqualTo(forged);
        }
    }

    @Test
    void aStreamThatIsTooLongIsStillThereToItsEnd() {
        byte[] body = sample();
        Exchange exchange = post(GENUINE + "&maxReplySize=100", new ByteArrayInputStream(body));
        assertThat(exchange.getException()).isInstanceOf(KsherMalformedReplyException.class);
        assertThat(exchange.getMessage().getBody(byte[].class)).isEqualTo(body);
    }

    @Test
    void aStreamWhoseFileIsGoneIsMalformed() throws IOException {
        Path file = Files.createTempFile("notification", "");
        FileInputStreamCache cache = new FileInputStreamCache(file.toFile());
        Files.delete(file);
        assertThat(post(GENUINE, cache).getException())
                .isInstanceOf(KsherMalformedReplyException.class)
                .hasMessageContaining("could not be read to its end");
    }

    @Test
    void theSameBytesVerifyAgainAndAgain() {
        InputStreamCache cache = new InputStreamCache(sample());
        assertThat(post(GENUINE, cache).getException()).isNull();
        assertThat(post(GENUINE, cache).getException()).isNull();
    }

    Stream<Arguments> refused() {
        Class<KsherSignatureException> untrusted = KsherSignatureException.class;
        Class<KsherMalformedReplyException> malformed = KsherMalformedReplyException.class;
        String genuine = new String(sample(), StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of(GENUINE, genuine.replace("\"total_fee\":100", "\"total_fee\":1"), untrusted, "MISMATCH"),
                Arguments.of(
                        GENUINE, genuine.replaceFirst("\"sign\":\"[^\"]*\"", "\"sign\":\"\""), untrusted, "MISSING"),
                Arguments.of(GENUINE, genuine.replaceFirst("\"sign\":\"..", "\"sign\":\""), untrusted, "MALFORMED"),
                Arguments.of("ksher:verifyNotification?appId=mch1", genuine, untrusted, "OTHER_ORDER"),
                Arguments.of(GENUINE, "", malformed, "is empty"),
                Arguments.of(GENUINE, null, malformed, "is empty"),
                Arguments.of(GENUINE, "appid=mch35005&result=SUCCESS", malformed, "not valid JSON"),
                Arguments.of(GENUINE, "{\"code\":0}", malformed, "no object"),
                Arguments.of(GENUINE, "{\"code\":0,\"data\":\"paid\"}", malformed, "no object"),
                Arguments.of(GENUINE, new HashMap<>(Map.of("result", "SUCCESS")), malformed, "HTTP consumer"),
                Arguments.of(GENUINE + "&maxReplySize=100", genuine, malformed, "maxReplySize"),
                Arguments.of(
                        GENUINE + "&maxReplySize=100", new ByteArrayInputStream(sample()), malformed, "maxReplySize"),
                Arguments.of(GENUINE, "{\"code\":-3,\"msg\":\"x\"}", KsherRejectedException.class, "code -3"),
                Arguments.of(OURS, notification(Map.of("result", "FAIL")), KsherResultException.class, "FAIL"),
                Arguments.of(OURS, notification(Map.of("result", "")), malformed, "no result"),
                // A notification to another merchant, with its appid smuggled in a
                // name, or left out.
                Arguments.of(OURS, without("appid", Map.of("appid=mch2attach", "")), untrusted, "OTHER_ORDER"),
                Arguments.of(OURS, without("appid", Map.of()), untrusted, "OTHER_ORDER"),
                // Smuggled fields: a customer's own text becomes the order, or a replay
                // gets another order number.
                Arguments.of(
                        OURS,
                        notification(Map.of("attach", "Z", "mch_order_no", "B2merchant_remark=Wmch_order_no=A-1")),
                        untrusted,
                        "OTHER_ORDER"),
                Arguments.of(OURS, notification(Map.of("mch_order_no", "A-1nonce_str=abc")), untrusted, "OTHER_ORDER"),
                Arguments.of(
                        OURS,
                        without("mch_order_no", Map.of("ksher_order_no", "1mch_order_no=A-1")),
                        untrusted,
                        "OTHER_ORDER"),
                Arguments.of(OURS, notification(Map.of("z", "5result=FAIL")), untrusted, "OTHER_CALL"),
                // The reply to a close says SUCCESS too.
                Arguments.of(OURS, without("total_fee", Map.of()), untrusted, "OTHER_CALL"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(String uri, Object body, Class<? extends KsherException> type, String why) {
        Exchange exchange = post(uri, body);

        KsherException failure = exchange.getException(KsherException.class);
        assertThat(failure).isInstanceOf(type);
        assertThat(failure.isRetryable()).isFalse();
        assertThat(failure.isOutcomeUnknown()).isFalse();
        assertThat(failure.getOperation()).isEqualTo("verifyNotification");
        assertThat(failure).hasMessageContaining("notification").hasMessageContaining("Do not act on it");
        if (failure instanceof KsherSignatureException untrusted) {
            assertThat(untrusted.getReason()).isEqualTo(Reason.valueOf(why));
            assertThat(failure.getMessage()).containsPattern("(of order '(20210519|A-1|B2)|verifyNotification got)");
        } else {
            assertThat(failure).hasMessageContaining(why);
        }
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry("mine", "kept")
                .doesNotContainKeys("CamelKsherMchOrderNo", "CamelKsherKsherOrderNo", "CamelKsherChannelOrderNo");
    }

    @Test
    void needsAnAppIdAndNoPrivateKey() {
        assertThatThrownBy(() -> context.getEndpoint("ksher:verifyNotification").createProducer())
                .hasStackTraceContaining("Option appId is required");
        assertThat(context.getEndpoint("ksher:verifyNotification?appId=mch1&privateKey=nonsense"))
                .isNotNull();
    }

    @Test
    void canNotBeAConsumer() {
        assertThatThrownBy(() -> context.getEndpoint(GENUINE).createConsumer(exchange -> {}))
                .hasMessageContaining("after an HTTP consumer");
    }

    @Test
    void theAnswerThatKsherWantsIsItsOwn() {
        assertThat(KsherConstants.NOTIFICATION_OK).isEqualTo("{\"result\":\"SUCCESS\",\"msg\":\"OK\"}");
    }

    private static Map<String, Object> payment() {
        return new LinkedHashMap<>(Map.of(
                "appid",
                KsherStub.APP_ID,
                "mch_order_no",
                "A-1",
                "result",
                "SUCCESS",
                "total_fee",
                100,
                "fee_type",
                "THB"));
    }

    private static String notification(Map<String, Object> more) {
        Map<String, Object> data = payment();
        data.putAll(more);
        return KsherStub.signed(data);
    }

    private static String without(String name, Map<String, Object> more) {
        Map<String, Object> data = payment();
        data.remove(name);
        data.putAll(more);
        return KsherStub.signed(data);
    }
}
