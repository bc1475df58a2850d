/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes log headers, so those with Ksher's text are redacted like the messages of exceptions. */
class OutHeadersTest extends SharedStubTestSupport {

    private static final String OPENID = "o2G4c04tmsU-wsCG7jN_ORL5Vh14";
    /** In JSON escapes: a forged line, red and reversed, with the customer's identity. */
    private static final String HOSTILE =
            "no\\r\\n2026-01-01 ERROR \\u001b[31mpaid\\u009b0m \\u202e" + OPENID + "\\u2028\\u200b";

    private static final String HARMLESS = "no2026-01-01 ERROR [31mpaid0m ***";

    private Exchange answered(String uri, String json) {
        stub.answering(Http.ok(json));
        return camel.call(uri, "A-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orderQuery", "orderClose", "gatewayQuery", "gatewayCancel"})
    void theMessageOfARefusalIsCleaned(String operation) {
        Exchange exchange = answered(
                "ksher:" + operation,
                "{\"code\":-3,\"message\":\"" + HOSTILE + "\",\"data\":{\"openid\":\"" + OPENID + "\"}}");
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelKsherMessage", HARMLESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "msg"})
    void theMessageOfASuccessIsCleanedAndThatOfTheReplyIsNot(String name) {
        Exchange exchange = answered(
                "ksher:gatewayCancel",
                "{\"code\":0,\"data\":\"done\",\"" + name + "\":\"" + HOSTILE + "\",\"openid\":\"" + OPENID + "\"}");
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelKsherMessage", HARMLESS);
        KsherReply reply = exchange.getMessage().getBody(KsherReply.class);
        assertThat(reply.message()).contains("\r\n", "\u001b[31m", "\u202e", OPENID);
        assertThat(reply.raw()).contains(HOSTILE);
    }

    @Test
    void theMessageOfAnUntrustedReplyIsCleaned() {
        Exchange exchange = answered(
                "ksher:gatewayQuery",
                "{\"code\":0,\"data\":{\"openid\":\"" + OPENID + "\",\"result\":\"SUCCESS\"},\"msg\":\"" + HOSTILE
                        + "\"}");
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelKsherMessage", HARMLESS);
    }

    @Test
    void theErrorMessageAndCodesAreCleaned() {
        Exchange exchange = answered(
                "ksher:orderClose?verifySignature=false",
                "{\"code\":0,\"msg\":\"ok\",\"openid\":\"" + OPENID
                        + "\",\"data\":{\"result\":\"FAIL\",\"err_code\":\"SYSTEM\\nERROR\",\"err_msg\":\"" + HOSTILE
                        + "\"}}");
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry("CamelKsherErrorMessage", HARMLESS)
                .containsEntry("CamelKsherErrorCode", "\uFFFDSYSTEMERROR")
                .containsEntry("CamelKsherResult", "FAIL");
        KsherResultException failure = exchange.getException(KsherResultException.class);
        assertThat(failure.getErrorCode()).isEqualTo("\uFFFDSYSTEMERROR");
        assertThat(failure.isRetryable()).isFalse();
    }

    @Test
    void aResultThatOnlyLooksLikeOneOfKshersEqualsNone() {
        Exchange exchange = answered(
                "ksher:gatewayQuery?verifySignature=false",
                "{\"code\":0,\"data\":{\"result\":\"SUC\\u200bCESS\",\"total_fee\":1}}");
        assertThat(exchange.getMessage().getHeader("CamelKsherResult")).isEqualTo("\uFFFDSUCCESS");
        assertThat(exchange.getMessage().getBody(KsherReply.class).fields()).containsEntry("result", "SUC\u200bCESS");
    }

    @Test
    void aTextThatRepeatsTheRequestIsNotShown() {
        stub.answering((request, socket) -> KsherStub.write(
                socket, Http.ok("{\"code\":-2,\"msg\":\"bad " + request.form().get("sign") + "\"}")));
        Exchange exchange = camel.call("ksher:orderQuery", "A-1");
        assertThat(exchange.getMessage().getHeader("CamelKsherMessage", String.class))
                .isEqualTo("a text that is not shown because it repeats the request");
    }

    @Test
    void theMessageOfANotificationIsCleaned() {
        Exchange exchange = camel.context()
                .createProducerTemplate()
                .request("ksher:verifyNotification", e -> e.getMessage()
                        .setBody("{\"code\":0,\"msg\":\"" + HOSTILE + "\",\"data\":{\"openid\":\"" + OPENID + "\"}}"));
        assertThat(exchange.getMessage().getHeaders()).containsEntry("CamelKsherMessage", HARMLESS);
    }

    @Test
    void aLoggedReplyIsOneLineWithoutAnythingThatATerminalObeys() {
        Exchange exchange = answered(
                "ksher:gatewayCancel",
                "{\"code\":0,\"data\":\"done\\u007f\",\"msg\":\"" + HOSTILE + "\",\"openid\":\"" + OPENID
                        + "\",\"\\u202ename\":\"ก 取消 \uD83D\uDE00\"}");
        String text = exchange.getMessage().getBody(String.class);
        assertThat(text)
                .contains("ก 取消 \uD83D\uDE00", "\\u202ename", "done\\u007F", "***")
                .doesNotContain(OPENID)
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    }
}
