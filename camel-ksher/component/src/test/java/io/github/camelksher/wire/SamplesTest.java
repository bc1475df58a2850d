/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import io.github.camelksher.support.Samples;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ksher's published replies: signed ones, a tampered one, and one that is not JSON. */
class SamplesTest {

    static byte[] sample(String name) {
        return Samples.bytes(name);
    }

    private static ReplyVerifier verifier(String pem) {
        return new ReplyVerifier(
                RsaKeys.publicKey(new String(sample(pem), StandardCharsets.UTF_8)), Signatures.by(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed-order-query-success.json",
                "seed-order-query-fail.json",
                "seed-order-close-success.json",
                "seed-order-close-fail.json",
                "seed-gateway-query-closed.json",
                "gateway-query-wechat-as-signed.json",
                "gateway-query-notsure.json",
                "quick-pay-notsure.json",
                "notification-gateway-airpay.json"
            })
    void verifiesGenuineReply(String name) throws Exception {
        Envelope reply = EnvelopeParser.parse(sample(name));
        assertThat(reply.verify(verifier("ksher-v1.pem")).verdict()).isEqualTo(Verdict.VERIFIED);
        // The longer key expects a longer signature.
        assertThat(reply.verify(verifier("ksher-v2.pem")).verdict()).isEqualTo(Verdict.MALFORMED);
        assertThat(reply.verify(verifier("merchant-mch32625-public.pem")).verdict())
                .isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void findsOutTheReplyWhoseOwnPageChangedIt() throws Exception {
        Envelope reply = EnvelopeParser.parse(sample("seed-gateway-query-wechat.json"));
        assertThat(reply.verify(verifier("ksher-v1.pem")).verdict()).isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void refusesTheReplyThatIsNotJson() {
        assertThatThrownBy(() -> EnvelopeParser.parse(sample("seed-gateway-query-card.txt")))
                .isInstanceOf(MalformedReply.class);
    }

    @ParameterizedTest
    @CsvSource({
        "seed-gateway-query-refused.txt,-3,该订单不存在",
        "seed-gateway-cancel-refused-1.json,-1,商户信息错误",
        "seed-gateway-cancel-refused-2.json,-2,验证商户签名失败",
        "seed-gateway-cancel-refused-3.json,-3,该订单不存在",
        "seed-gateway-cancel-refused-4.json,-4,'该订单已支付成功,不能进行此操作'",
        "seed-gateway-cancel-refused-5.json,-5,'该订单已被取消,不能重复进行此操作'",
        "seed-gateway-cancel-refused-6.json,-6,取消订单失败"
    })
    void readsRefusal(String name, int code, String message) throws Exception {
        Envelope reply = EnvelopeParser.parse(sample(name));
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.message()).isEqualTo(message);
    }

    @Test
    void readsCancelWhoseDataIsText() throws Exception {
        Envelope reply = EnvelopeParser.parse(sample("seed-gateway-cancel-success.json"));
        assertThat(reply.code()).isZero();
        assertThat(reply.hasFields()).isFalse();
        assertThat(reply.unverified().dataText()).isEqualTo("取消成功");
    }

    @Test
    void makesTheTextThatGenuineRequestSigned() {
        Fields.Builder fields = Fields.builder();
        String sign = "";
        for (String pair : new String(sample("request-gateway-query.form"), StandardCharsets.US_ASCII)
                .strip()
                .split("&")) {
            String name = pair.substring(0, pair.indexOf('='));
            String value = URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8);
            if (name.equals("sign")) {
                sign = value;
            } else {
                fields.add(name, value);
            }
        }
        Fields built = fields.build();
        assertThat(verifier("merchant-mch32625-public.pem").verify(built.canonicalBytes(), sign))
                .isEqualTo(Verdict.VERIFIED);
        assertThat(built.formBody(sign))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(new String(sample("request-gateway-query.form"), StandardCharsets.US_ASCII).strip());
    }
}
