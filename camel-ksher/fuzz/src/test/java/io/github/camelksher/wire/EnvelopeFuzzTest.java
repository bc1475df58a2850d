/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.camelksher.crypto.ReplyVerifier;
import io.github.camelksher.crypto.ReplyVerifier.Verdict;
import io.github.camelksher.crypto.RsaKeys;
import io.github.camelksher.crypto.Signatures;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.reply.GatewayQueryReply;
import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.reply.QueryReply;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Any bytes as a reply: read or refused in our own words, and nothing is vouched for that Ksher did not sign. */
class EnvelopeFuzzTest {

    private static final ReplyVerifier KSHER = new ReplyVerifier(
            RsaKeys.publicKey(
                    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL7955OCuN4I8eYNL/mixZWIXIgCvIVEivlxqdpiHPcOLdQ2RPSx/pORpsUu"
                            + "/E9wz0mYS2PY7hNc2mBgBOQT+wUCAwEAAQ=="),
            Signatures.by(null));
    /** The same modulus, another exponent: nobody signed anything for it. */
    private static final ReplyVerifier STRANGER = new ReplyVerifier(
            RsaKeys.publicKey(
                    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL7955OCuN4I8eYNL/mixZWIXIgCvIVEivlxqdpiHPcOLdQ2RPSx/pORpsUu"
                            + "/E9wz0mYS2PY7hNc2mBgBOQT+wUCAwEAAw=="),
            Signatures.by(null));
    /** What Ksher signed in its samples: without its key nobody gets further. */
    private static final Set<String> SIGNED_BY_KSHER = Stream.of(
                    "gateway-query-wechat-as-signed.json",
                    "seed-gateway-query-closed.json",
                    "seed-order-close-fail.json",
                    "seed-order-close-success.json",
                    "seed-order-query-fail.json",
                    "seed-order-query-success.json")
            .map(EnvelopeFuzzTest::signedText)
            .collect(Collectors.toUnmodifiableSet());

    private static String signedText(String sample) {
        try (var in = EnvelopeFuzzTest.class.getResourceAsStream(
                "EnvelopeFuzzTestInputs/anyBytesAreReadOrRefused/" + sample)) {
            return signedText(EnvelopeParser.parse(in.readAllBytes()).unverified());
        } catch (IOException | MalformedReply e) {
            throw new IllegalStateException(sample, e);
        }
    }

    private static String signedText(VerifiedData data) {
        StringBuilder text = new StringBuilder();
        data.fields().forEach((name, value) -> text.append(name).append('=').append(value));
        return text.toString();
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] body) throws IOException {
        Envelope reply;
        try {
            reply = EnvelopeParser.parse(body);
        } catch (MalformedReply e) {
            assertThat(e.what()).isNotBlank().hasSizeLessThan(100).matches("[ -~]+");
            return;
        }
        VerifiedData data = reply.unverified();
        assertThat(data.signed()).isFalse();
        assertThat(reply.hasFields() && reply.hasText()).isFalse();
        assertThat(data.dataText() != null).isEqualTo(reply.hasText());
        assertThat(reply.message()).isNotEqualTo("").isEqualTo(data.message());
        data.fields().forEach((name, text) -> {
            assertThat(data.text(name)).isIn(text, null).isNotEqualTo("");
            assertThatCode(() -> data.hasSmuggled(Set.of(name))).doesNotThrowAnyException();
        });
        verified(reply, data);
        masked(data, reply.secrets());
        repliesOf(data);
        sameAgain(body, reply, data);
    }

    private static void verified(Envelope reply, VerifiedData data) {
        Envelope.Verification verification = reply.verify(KSHER);
        assertThat(verification.data() != null).isEqualTo(verification.verdict() == Verdict.VERIFIED);
        if (verification.data() != null) {
            assertThat(reply.hasFields()).isTrue();
            assertThat(verification.data().signed()).isTrue();
            assertThat(verification.data().fields()).isEqualTo(data.fields());
            assertThat(signedText(data)).isIn(SIGNED_BY_KSHER);
        }
        assertThat(reply.verify(STRANGER).verdict()).isNotEqualTo(Verdict.VERIFIED);
    }

    /** What is shown is JSON of the same shape, and no text in it repeats an openid or a signature. */
    private static void masked(VerifiedData data, Set<String> secrets) throws IOException {
        String masked = data.redacted();
        assertThat(data).hasToString(masked);
        List<String> hidden = secrets.stream()
                .filter(secret -> secret.length() >= 6 && secret.indexOf('*') < 0)
                .collect(Collectors.toList());
        try (JsonParser json = new JsonFactory().createParser(masked)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    assertThat(json.getText())
                            .satisfies(text -> assertThat(hidden).noneMatch(text::contains));
                }
            }
        }
    }

    private static void repliesOf(VerifiedData data) {
        for (KsherReply reply : List.of(
                new OrderQueryReply(data),
                new GatewayQueryReply(data),
                new OrderCloseReply(data),
                new GatewayCancelReply(data))) {
            assertThat(reply).hasToString(data.redacted()).isEqualTo(reply).hasSameHashCodeAs(reply);
            assertThat(reply.raw()).isEqualTo(data.raw());
            assertThat(reply.fields()).isEqualTo(data.fields());
            reply.message();
            reply.errorCode();
            reply.errorMessage();
            if (reply instanceof QueryReply query) {
                assertThat(query.result().toString()).isNotNull();
                assertThat(query.result().isPaid() && !query.result().isFinal()).isFalse();
                query.totalFee();
                query.cashFee();
                String rate = String.valueOf(query.rate());
                assertThat(rate).hasSizeLessThan(70);
                query.timeEnd();
                query.openid();
            }
            if (reply instanceof OrderQueryReply query) {
                query.rawTotalFee();
            }
            if (reply instanceof OrderCloseReply close) {
                assertThat(close.isClosed())
                        .isEqualTo("SUCCESS".equals(close.result()) || "CLOSED".equals(close.result()));
            }
        }
    }

    private static void sameAgain(byte[] body, Envelope first, VerifiedData data) {
        try {
            Envelope second = EnvelopeParser.parse(body);
            assertThat(second.code()).isEqualTo(first.code());
            assertThat(second.message()).isEqualTo(first.message());
            assertThat(second.secrets()).isEqualTo(first.secrets());
            assertThat(second.unverified().fields()).isEqualTo(data.fields());
            assertThat(second.unverified().redacted()).isEqualTo(data.redacted());
        } catch (MalformedReply e) {
            throw new AssertionError("read once, refused the second time", e);
        }
    }
}
