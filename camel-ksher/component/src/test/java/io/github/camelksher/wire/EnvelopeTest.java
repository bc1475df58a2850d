/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.RequestSigner;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private static Envelope parse(String json) throws MalformedReply {
        return EnvelopeParser.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|",
                "{\"b\":\"2\",\"a\":\"1\"}|a=1b=2",
                "{\"attach\":\"\",\"result\":\"X\"}|attach=result=X",
                "{\"a\":1.10}|a=1.10",
                "{\"a\":-0}|a=-0",
                "{\"a\":1E5}|a=1E5",
                "{\"a\":12345678901234567890123}|a=12345678901234567890123",
                "{\"a\":null,\"b\":true,\"c\":false}|a=nullb=truec=false",
                "{\"a\":\"\\u6d4b\\u8bd5\"}|a=测试",
                "{\"a\":[ 1.0 , \"é\\n\\\"\" , {\"z\":1,\"b\":null} , [] , {} ]}|a=[1.0,\"é\\n\\\"\",{\"b\":null,\"z\":1},[],{}]",
                "{\"a\":{\"\\u0001\":\"/\\u007f\"}}|a={\"\\u0001\":\"/\u007f\"}",
                "{\"\uD83D\uDE00\":1,\"\uFF5E\":2}|\uFF5E=2\uD83D\uDE00=1",
                "{\"B\":1,\"a\":2,\"A\":3}|A=3B=1a=2"
            })
    void makesTheTextThatKsherSigned(String data, String expected) throws Exception {
        String sign = new RequestSigner(RsaKeys.privateKey(key("rsa512.pem"), null), Signatures.by(null))
                .sign((expected == null ? "" : expected).getBytes(StandardCharsets.UTF_8));
        Envelope reply = parse("{\"code\":0,\"sign\":\"" + sign + "\",\"data\":" + data + "}");
        assertThat(reply.verify(verifier()).verdict()).isEqualTo(ReplyVerifier.Verdict.VERIFIED);
    }

    private static ReplyVerifier verifier() throws Exception {
        var key = RsaKeys.privateKey(key("rsa512.pem"), null);
        var crt = (java.security.interfaces.RSAPrivateCrtKey) key;
        return new ReplyVerifier(
                (java.security.interfaces.RSAPublicKey) java.security.KeyFactory.getInstance("RSA")
                        .generatePublic(
                                new java.security.spec.RSAPublicKeySpec(crt.getModulus(), crt.getPublicExponent())),
                Signatures.by(null));
    }

    private static String key(String name) throws IOException {
        try (var in = EnvelopeTest.class.getResourceAsStream("/keys/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{\"code\":0",
                "{\"code\":0}x",
                "{\"code\":0}{}",
                "{\"code\":\"0\"}",
                "{\"code\":0.0}",
                "{\"code\":1e1}",
                "{\"code\":null}",
                "{\"code\":[0]}",
                "{\"code\":99999999999}",
                "{\"msg\":\"ok\"}",
                "{\"code\":0,\"code\":0}",
                "{\"code\":-3,\"code\":0}",
                "{\"code\":0,\"data\":{\"a\":1,\"a\":1}}",
                "{\"code\":0,\"data\":{\"a\":[{\"b\":1,\"b\":2}]}}",
                "{\"code\":0,\"x\":{\"b\":1,\"\\u0062\":2}}",
                "{'code':0}",
                "{'code':0,'data':{'result':'SUCCESS'}}",
                "{'code':-3,'code':-3}",
                "{'code':-3",
                "{'code':'-3'}",
                "<html><body>502</body></html>",
                "{\"code\":0,}",
                "{\"code\":01}",
                "{\"code\":NaN}",
                "{\"code\":0,\"data\":{\"a\":\"\u0001\"}}"
            })
    void refusesWhatIsNotOneJsonObjectWithAnIntegerCode(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(MalformedReply.class);
    }

    @Test
    void refusesBrokenUtf8() {
        byte[] latin = "{\"code\":0,\"msg\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> EnvelopeParser.parse(latin)).hasFieldOrPropertyWithValue("what", "is not valid UTF-8");
    }

    @Test
    void skipsByteOrderMark() throws Exception {
        assertThat(parse("\uFEFF{\"code\":0}").unverified().raw()).isEqualTo("{\"code\":0}");
    }

    @Test
    void takes32LevelsAndNoMore() throws Exception {
        assertThat(parse("{\"code\":0,\"data\":{\"a\":" + "[".repeat(30) + "]".repeat(30) + "}}")
                        .unverified()
                        .fields())
                .isEqualTo(Map.of("a", "[".repeat(30) + "]".repeat(30)));
        assertThatThrownBy(() -> parse("{\"code\":0,\"data\":{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}}"))
                .isInstanceOf(MalformedReply.class);
        assertThatThrownBy(() -> parse("{\"code\":0,\"x\":" + "[".repeat(200_000)))
                .isInstanceOf(MalformedReply.class);
    }

    @Test
    void complaintQuotesNothingOfTheBody() {
        assertThatThrownBy(() -> parse("{\"code\":0,\"data\":{\"openid\": o2G4c04tmsU }}"))
                .satisfies(e -> assertThat(((MalformedReply) e).what()).doesNotContain("o2G4"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"sign\":null}|MISSING",
                "{\"sign\":\"\"}|MISSING",
                "{}|MISSING",
                "{\"sign\":5}|MALFORMED",
                "{\"sign\":{}}|MALFORMED",
                "{\"sign\":false}|MALFORMED",
                "{\"sign\":\"abcd\"}|MALFORMED"
            })
    void tellsMissingFromMalformedSignature(String sign, String verdict) throws Exception {
        Envelope reply = parse("{\"code\":0,\"data\":{}" + (sign.equals("{}") ? "" : ",") + sign.substring(1));
        assertThat(reply.verify(verifier()).verdict()).hasToString(verdict);
    }

    @Test
    void signatureOfTheRightLengthNeverThrows() throws Exception {
        for (String hex : new String[] {"f".repeat(128), "0".repeat(128), "z".repeat(128), "\uFF11".repeat(128)}) {
            assertThat(parse("{\"code\":0,\"data\":{},\"sign\":\"" + hex + "\"}")
                            .verify(verifier())
                            .verdict())
                    .isIn(ReplyVerifier.Verdict.MISMATCH, ReplyVerifier.Verdict.MALFORMED);
        }
    }

    @Test
    void masksOpenidAndSignWhereverTheyStand() throws Exception {
        String masked = parse("{\"code\":0,\"sign\":\"ab12\",\"data\":{\"openid\":\"o2G4\",\"total_fee\":1.10,\"x\":"
                        + "[{\"openid\":{\"a\":\"o2G4\"}}],\"attach\":\"\"}}")
                .unverified()
                .redacted();
        assertThat(masked)
                .isEqualTo("{\"code\":0,\"sign\":\"***\",\"data\":{\"openid\":\"***\",\"total_fee\":1.10,\"x\":"
                        + "[{\"openid\":\"***\"}],\"attach\":\"\"}}");
    }

    @Test
    void masksWhatOtherTextsRepeatAndKeepsNumbersAsWritten() throws Exception {
        assertThat(parse(
                                "{\"code\":0,\"x\":[1E5,-0,1e99999999999],\"data\":{\"OpenId\":\"op-SECRET\",\"attach\":\"by op-SECRET\"}}")
                        .unverified()
                        .redacted())
                .isEqualTo(
                        "{\"code\":0,\"x\":[1E5,-0,1e99999999999],\"data\":{\"OpenId\":\"***\",\"attach\":\"by ***\"}}");
    }

    @Test
    void seesTextThatMayHideInsideAnotherField() throws Exception {
        VerifiedData data = parse(
                        "{\"code\":0,\"data\":{\"fee_type\":\"THBmch_order_no=77713\",\"order-1nonce_str\":\"x\"}}")
                .unverified();
        assertThat(data.hasSmuggled(List.of("mch_order_no"))).isTrue();
        assertThat(data.hasSmuggled(List.of("nonce_str"))).isTrue();
        assertThat(data.hasSmuggled(List.of("appid", "fee_type"))).isFalse();
        assertThat(parse("{\"code\":0,\"data\":{\"mch_order_no\":\"\",\"pay_mch_order_no\":\"1\"}}")
                        .unverified()
                        .hasSmuggled(List.of("mch_order_no")))
                .isFalse();
    }

    @Test
    void masksTheLongerSecretWhereOneIsPartOfTheOther() throws Exception {
        assertThat(parse(
                                "{\"code\":0,\"a\":{\"openid\":\"o2G4c0\"},\"b\":{\"openid\":\"o2G4c04tmsU\"},\"attach\":\"o2G4c04tmsU\"}")
                        .unverified()
                        .redacted())
                .endsWith("\"attach\":\"***\"}");
    }

    @Test
    void masksARefusalWithSingleQuotes() throws Exception {
        assertThat(parse("{'code':-3,'msg':'op-SECRET','openid':'op-SECRET'}").unverified())
                .hasToString("{\"code\":-3,\"msg\":\"***\",\"openid\":\"***\"}");
    }

    @Test
    @Timeout(60)
    void masksAReplyFullOfSecretsInNoTime() throws Exception {
        String secrets = IntStream.range(0, 22_000)
                .mapToObj(i -> "{\"openid\":\"" + (100_000 + i) + "\"},\"x\",\"by 100007\",\"\"")
                .collect(Collectors.joining(","));
        assertThat(parse("{\"code\":0,\"x\":[" + secrets + "]}").unverified().redacted())
                .startsWith("{\"code\":0,\"x\":[{\"openid\":\"***\"},\"***\",\"***\",\"\",")
                .doesNotContain("100007");
    }

    @Test
    @Timeout(60)
    void namesThatAreMadeToCollideDoNotSpoilLaterReplies() throws Exception {
        // "Ab" and "BA" have the same hash in Jackson's table of char names, for each seed.
        String chars = IntStream.range(0, 4_096)
                .mapToObj(i -> IntStream.range(0, 12)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Ab" : "BA")
                        .collect(Collectors.joining()))
                .collect(NAMES);
        assertThat(parse(chars).unverified().fields()).hasSize(4_096);
        String bytes = IntStream.range(0, 10_000_000)
                .mapToObj(EnvelopeTest::collidingBytes)
                .filter(name -> name.chars().allMatch(c -> c >= '0' && c <= 'z' && c != '\\'))
                .limit(20_000)
                .collect(NAMES);
        assertThatThrownBy(() -> {
                    try (JsonParser json = JsonRules.cachingParser(bytes.getBytes(StandardCharsets.UTF_8))) {
                        json.nextToken();
                        json.skipChildren();
                    }
                })
                .isInstanceOf(StreamConstraintsException.class);
        assertThat(parse(bytes).unverified().fields()).hasSize(20_000);
        for (int i = 0; i < 2_000; i++) {
            assertThat(parse("{\"code\":0,\"data\":{\"name" + i + "\":1}}").hasFields())
                    .isTrue();
        }
    }

    private static final Collector<CharSequence, ?, String> NAMES =
            Collectors.joining("\":1,\"", "{\"code\":0,\"data\":{\"", "\":1}}");

    /** Eight letters that have the same hash in Jackson's table of byte names. */
    private static String collidingBytes(int number) {
        int first = 0;
        for (int rest = number, i = 0; i < 4; i++, rest /= 64) {
            first = first << 8 | '0' + rest % 64;
        }
        int hash = first + (first >>> 15);
        hash ^= hash >>> 9;
        int inverseOf33 =
                BigInteger.valueOf(33).modInverse(BigInteger.ONE.shiftLeft(32)).intValue();
        int second = (0x12345678 - hash) * inverseOf33;
        return new String(ByteBuffer.allocate(8).putInt(first).putInt(second).array(), StandardCharsets.ISO_8859_1);
    }

    private static String verdict(String name, String value) throws Exception {
        String sign = new RequestSigner(RsaKeys.privateKey(key("rsa512.pem"), null), Signatures.by(null))
                .sign("?=[\"?\"]".getBytes(StandardCharsets.UTF_8));
        return parse("{\"code\":0,\"sign\":\"" + sign + "\",\"data\":{\"" + name + "\":[\"" + value + "\"]}}")
                .verify(verifier())
                .verdict()
                .toString();
    }

    @ParameterizedTest
    @CsvSource({"?,VERIFIED", "\\ud83d,MISMATCH", "\\udE00,MISMATCH"})
    void halfACharacterIsNotTheQuestionMarkThatWasSigned(String value, String verdict) throws Exception {
        assertThat(verdict("?", value)).isEqualTo(verdict);
    }

    @Test
    void halvesOfACharacterInTwoFieldsAreNotTheWholeThatWasSigned() throws Exception {
        String sign = new RequestSigner(RsaKeys.privateKey(key("rsa512.pem"), null), Signatures.by(null))
                .sign("attach=\uD83D\uDE00result=SUCCESS".getBytes(StandardCharsets.UTF_8));
        try {
            Envelope reply = parse("{\"code\":0,\"sign\":\"" + sign
                    + "\",\"data\":{\"attach\":\"\\ud83d\",\"\\ude00result\":\"SUCCESS\"}}");
            assertThat(reply.verify(verifier()).verdict()).isEqualTo(ReplyVerifier.Verdict.MISMATCH);
        } catch (MalformedReply e) {
            // Newer versions of Jackson take no such name.
            assertThat(e.what()).startsWith("is not valid JSON");
        }
    }

    @Test
    void norIsItInAName() throws Exception {
        try {
            assertThat(verdict("\\ud83d", "?")).isEqualTo("MISMATCH");
        } catch (MalformedReply e) {
            // Newer versions of Jackson take no such name.
            assertThat(e.what()).startsWith("is not valid JSON");
        }
    }
}
