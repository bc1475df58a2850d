/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.QueryReply;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every reply that Ksher signs, replayed as the answer to every call for the same order of the same
 * merchant. The table says what comes of it; {@code docs/security.md} says why what is accepted is
 * harmless, or that it cannot be noticed.
 */
class ReplayMatrixTest extends SharedStubTestSupport {

    private static final List<String> CALLS =
            List.of("orderQuery", "orderClose", "gatewayQuery", "gatewayCancel", "verifyNotification");

    /**
     * Whose reply, its result, and what each call makes of it: {@code =X} is accepted as the state
     * X of the order, {@code done} as the success of a command; {@code unknown} fails, and the
     * command may have been carried out; {@code FAIL} fails as the call itself; the others are the
     * failure's reason. This is so for a nonce that is absent, empty or equal. With another nonce
     * the two order calls refuse each of them.
     */
    private static final String TABLE =
            """
            reply of            result      orderQuery   orderClose  gatewayQuery  gatewayCancel  verifyNotification
            orderQuery          SUCCESS     =SUCCESS     OTHER_CALL  =SUCCESS      OTHER_CALL     =SUCCESS
            orderQuery          REFUND      =REFUND      unknown     =REFUND       unknown        =REFUND
            orderQuery          CLOSED      =CLOSED      done        =CLOSED       done           =CLOSED
            orderQuery          NOTPAY      =NOTPAY      unknown     =NOTPAY       unknown        =NOTPAY
            orderQuery          PAYERROR    =PAYERROR    unknown     =PAYERROR     unknown        =PAYERROR
            orderQuery          PENDING     =PENDING     unknown     =PENDING      unknown        =PENDING
            orderQuery          USERPAYING  =USERPAYING  unknown     =USERPAYING   unknown        =USERPAYING
            orderQuery          NOTSURE     =NOTSURE     unknown     =NOTSURE      unknown        OTHER_ORDER
            orderQuery          FAIL        FAIL         FAIL        FAIL          FAIL           FAIL
            orderClose          SUCCESS     OTHER_CALL   done        OTHER_CALL    done           OTHER_CALL
            orderClose          CLOSED      =CLOSED      done        =CLOSED       done           =CLOSED
            orderClose          NOTSURE     =NOTSURE     unknown     =NOTSURE      unknown        OTHER_ORDER
            orderClose          FAIL        FAIL         FAIL        FAIL          FAIL           FAIL
            gatewayQuery        SUCCESS     =SUCCESS     OTHER_CALL  =SUCCESS      OTHER_CALL     =SUCCESS
            gatewayQuery        REFUND      =REFUND      unknown     =REFUND       unknown        =REFUND
            gatewayQuery        CLOSED      =CLOSED      done        =CLOSED       done           =CLOSED
            gatewayQuery        NOTPAY      =NOTPAY      unknown     =NOTPAY       unknown        =NOTPAY
            gatewayQuery        PAYERROR    =PAYERROR    unknown     =PAYERROR     unknown        =PAYERROR
            gatewayQuery        PENDING     =PENDING     unknown     =PENDING      unknown        =PENDING
            gatewayQuery        USERPAYING  =USERPAYING  unknown     =USERPAYING   unknown        =USERPAYING
            gatewayQuery        NOTSURE     =NOTSURE     unknown     =NOTSURE      unknown        =NOTSURE
            gatewayQuery        FAIL        FAIL         FAIL        FAIL          FAIL           FAIL
            gatewayCancel       SUCCESS     OTHER_CALL   done        OTHER_CALL    done           OTHER_CALL
            gatewayCancel       CLOSED      =CLOSED      done        =CLOSED       done           =CLOSED
            gatewayCancel       FAIL        FAIL         FAIL        FAIL          FAIL           FAIL
            gatewayCancel       text        malformed    malformed   malformed     done           malformed
            verifyNotification  SUCCESS     =SUCCESS     OTHER_CALL  =SUCCESS      OTHER_CALL     =SUCCESS
            """;

    Stream<Arguments> pairs() {
        return TABLE.lines().skip(1).map(line -> line.trim().split(" +")).flatMap(row -> CALLS.stream()
                .flatMap(call -> Arrays.stream(Nonce.values())
                        .map(nonce -> Arguments.of(row[0], row[1], call, nonce, row[2 + CALLS.indexOf(call)]))));
    }

    private enum Nonce {
        ABSENT,
        EMPTY,
        EQUAL,
        OTHER
    }

    @ParameterizedTest(name = "{0} {1} answers {2}, nonce {3}: {4}")
    @MethodSource("pairs")
    void anotherCallsReply(String replyOf, String result, String call, Nonce nonce, String expected) {
        boolean order = call.startsWith("order");
        boolean signed = !result.equals("text");
        String outcome = order && signed && nonce == Nonce.OTHER ? "OTHER_CALL" : expected;
        assertThat(outcome(replayed(call, signed ? data(replyOf, result) : null, nonce)))
                .isEqualTo(outcome);
    }

    private Exchange replayed(String call, Map<String, Object> data, Nonce nonce) {
        if (call.equals("verifyNotification")) {
            return camel.context().createProducerTemplate().request("ksher:verifyNotification", e -> e.getMessage()
                    .setBody(json(data, nonce, "")));
        }
        stub.answering((request, socket) ->
                KsherStub.write(socket, Http.ok(json(data, nonce, request.form().get("nonce_str")))));
        return camel.call("ksher:" + call, "A-1");
    }

    private static String json(Map<String, Object> data, Nonce nonce, String sent) {
        if (data == null) {
            return "{\"code\":0,\"data\":\"取消成功\"}";
        }
        switch (nonce) {
            case ABSENT -> data.remove("nonce_str");
            case EMPTY -> data.put("nonce_str", "");
            case EQUAL -> data.put("nonce_str", sent);
            case OTHER -> data.put("nonce_str", "7a57e84495bfe7abff4ff23591516511");
        }
        return KsherStub.signed(data);
    }

    /** With the fields of Ksher's own samples. */
    private static Map<String, Object> data(String replyOf, String result) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("result", result);
        boolean ofOrderCall = replyOf.startsWith("order");
        if (result.equals("FAIL")) {
            data.put("err_code", "KSHER_INVALID_ORDER_NO");
            data.put(
                    "err_msg", "failed to find this order no ('mch_order_no:A-1,ksher_order_no:,channel_order_no:',).");
            return data;
        }
        data.put("mch_order_no", "A-1");
        if (ofOrderCall && result.equals("NOTSURE")) {
            data.put("err_code", "PAYMENT_IN_PROCESS");
            data.put("err_msg", "payment in process");
            return data;
        }
        data.put("appid", KsherStub.APP_ID);
        if (replyOf.equals("orderClose") || replyOf.equals("gatewayCancel")) {
            return data;
        }
        boolean paid = result.equals("SUCCESS") || result.equals("REFUND");
        data.put("attach", "");
        data.put("cash_fee", paid ? 21 : "");
        data.put("channel", paid ? "wechat" : "");
        data.put("channel_order_no", paid ? "4200000553202004150354623931" : "");
        data.put("fee_type", "THB");
        data.put("openid", paid ? "o2G4c04tmsU-wsCG7jN_ORL5Vh14" : "");
        data.put("rate", paid ? "0.222657" : "");
        data.put("time_end", paid ? "2020-04-15 09:49:19" : "");
        data.put("total_fee", 100);
        data.put(ofOrderCall ? "operation" : "pay_mch_order_no", ofOrderCall ? "ORDER-QUERY" : "2004150948529843");
        return data;
    }

    private static String outcome(Exchange exchange) {
        KsherException failure = exchange.getException(KsherException.class);
        if (failure instanceof KsherSignatureException untrusted) {
            assertThat(failure.isRetryable()).isFalse();
            return untrusted.getReason().name();
        }
        if (failure instanceof KsherMalformedReplyException) {
            return "malformed";
        }
        if (failure instanceof KsherResultException) {
            return failure.isOutcomeUnknown() ? "unknown" : "FAIL";
        }
        assertThat(exchange.getException()).isNull();
        Object body = exchange.getMessage().getBody();
        if (body instanceof QueryReply query) {
            return "=" + query.result();
        }
        assertThat(body).isInstanceOfAny(OrderCloseReply.class, GatewayCancelReply.class);
        return "done";
    }

    @Test
    void aPaymentCutAnewIsNoSuccessOfACommand() {
        Map<String, Object> data = data("gatewayQuery", "SUCCESS");
        data.remove("time_end");
        data.remove("total_fee");
        // The same signed text, with the time of the payment smuggled in a name.
        data.put("time_end=2020-04-15 09:49:19total_fee", 100);
        for (String call : List.of("orderClose", "gatewayCancel")) {
            assertThat(outcome(replayed(call, data, Nonce.ABSENT))).isEqualTo("OTHER_CALL");
        }
    }

    /**
     * A query accepts a reply without a merchant, since the signed NOTSURE of an
     * order call has none.
     */
    @Test
    void onlyANotificationMustNameTheMerchant() {
        Map<String, Object> data = data("gatewayQuery", "SUCCESS");
        data.remove("appid");
        assertThat(outcome(replayed("orderQuery", data, Nonce.ABSENT))).isEqualTo("=SUCCESS");
        assertThat(outcome(replayed("gatewayQuery", data, Nonce.ABSENT))).isEqualTo("=SUCCESS");
        assertThat(outcome(replayed("verifyNotification", data, Nonce.ABSENT))).isEqualTo("OTHER_ORDER");
    }
}
