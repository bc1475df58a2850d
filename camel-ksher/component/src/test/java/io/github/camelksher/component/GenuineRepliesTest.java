/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherMalformedReplyException;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.error.KsherResultException;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.reply.GatewayQueryReply;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.reply.QueryReply;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Samples;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every published reply goes through the component and is verified with Ksher's own key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenuineRepliesTest {

    private KsherStub stub;
    private Camel camel;

    @BeforeAll
    void start() throws IOException {
        stub = new KsherStub();
        camel = new Camel(stub, component -> component.getConfiguration().setKsherPublicKey(null));
    }

    @AfterAll
    void stop() {
        camel.close();
        stub.close();
    }

    /** The samples have the nonces of old calls. */
    private Exchange call(String sample, String operation, String appId, String order) {
        stub.answering(Http.response(200, "", Samples.bytes(sample)));
        return camel.call(
                "ksher:" + operation + "?checkNonce=false&appId=" + appId, Map.of("CamelKsherMchOrderNo", order));
    }

    @Test
    void theUnpaidGatewayOrderIsOpen() {
        Exchange exchange = call("gateway-query-notsure.json", "gatewayQuery", "mch35005", "2023-02-22-17-11-00");

        GatewayQueryReply reply = exchange.getMessage().getBody(GatewayQueryReply.class);
        assertThat(reply.result()).isEqualTo(OrderState.NOTSURE);
        assertThat(reply.result().isOpen()).isTrue();
        assertThat(reply.channel()).isNull();
        assertThat(reply.ksherOrderNo()).isNull();
        assertThat(reply.timeEnd()).isNull();
        assertThat(reply.cashFee()).isNull();
        assertThat(reply.rate()).isNull();
        assertThat(reply.totalFee()).isEqualTo(100);
        assertThat(reply.payMchOrderNo()).isEqualTo("2303031613445796");
        assertThat(exchange.getMessage().getHeader("CamelKsherSigned")).isEqualTo(true);
    }

    @ParameterizedTest
    @CsvSource({
        "seed-order-query-success.json,orderQuery,mch32148,1592911660,SUCCESS",
        "quick-pay-notsure.json,orderQuery,mch35005,20231108134600,NOTSURE",
        "gateway-query-wechat-as-signed.json,gatewayQuery,mch32625,77713,SUCCESS",
        "seed-gateway-query-closed.json,gatewayQuery,mch29217,k_20210520_24,CLOSED",
        "notification-gateway-airpay.json,gatewayQuery,mch35005,20210519,SUCCESS"
    })
    void queriesAreVerified(String sample, String operation, String appId, String order, String state) {
        Exchange exchange = call(sample, operation, appId, order);
        QueryReply reply = exchange.getMessage().getBody(QueryReply.class);
        assertThat(reply.result()).hasToString(state);
        assertThat(reply.mchOrderNo()).isEqualTo(order);
        assertThat(exchange.getMessage().getHeader("CamelKsherSigned")).isEqualTo(true);
    }

    @Test
    void aPaymentInItsPinStepSaysSo() {
        QueryReply reply = call("quick-pay-notsure.json", "orderQuery", "mch35005", "20231108134600")
                .getMessage()
                .getBody(QueryReply.class);
        assertThat(reply.errorCode()).isEqualTo("PAYMENT_IN_PROCESS");
        assertThat(reply.totalFee()).isNull();
        assertThat(reply.result().isOpen()).isTrue();
    }

    @Test
    void theCloseIsVerified() {
        Exchange exchange = call("seed-order-close-success.json", "orderClose", "mch36591", "test3");
        assertThat(exchange.getMessage().getBody(OrderCloseReply.class).isClosed())
                .isTrue();
    }

    @Test
    void theCancelIsAStringThatNobodySigned() {
        Exchange exchange = call("seed-gateway-cancel-success.json", "gatewayCancel", "mch1", "A-1");
        GatewayCancelReply reply = exchange.getMessage().getBody(GatewayCancelReply.class);
        assertThat(reply.text()).isEqualTo("取消成功");
        assertThat(reply.isSigned()).isFalse();
        assertThat(reply.result()).isNull();
        assertThat(exchange.getMessage().getHeader("CamelKsherSigned")).isEqualTo(false);
    }

    @ParameterizedTest
    @CsvSource({"seed-order-query-fail.json,orderQuery", "seed-order-close-fail.json,orderClose"})
    void anUnknownOrderSaysToTryTheOtherService(String sample, String operation) {
        KsherException failure = call(sample, operation, "mch1", "test5").getException(KsherException.class);
        assertThat(failure).isInstanceOf(KsherResultException.class).hasMessageContaining("payment page needs gateway");
        assertThat(failure.isRetryable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"gatewayQuery,orderQuery", "gatewayCancel,orderClose"})
    void anUnknownGatewayOrderSaysToTryTheOtherService(String operation, String other) {
        KsherException failure = call("seed-gateway-cancel-refused-3.json", operation, "mch1", "test5")
                .getException(KsherException.class);
        assertThat(failure).isInstanceOf(KsherRejectedException.class).hasMessageContaining("needs " + other);
    }

    @ParameterizedTest
    @CsvSource({
        "1,check the option appId",
        "2,privateKey belongs to appId",
        "3,does not know the order",
        "4,deliver if it is paid",
        "5,confirm with gatewayQuery",
        "6,Cancel failed"
    })
    void eachRefusalOfACancelSaysWhatToDo(int number, String advice) {
        KsherRejectedException failure = call(
                        "seed-gateway-cancel-refused-" + number + ".json", "gatewayCancel", "mch1", "A-1")
                .getException(KsherRejectedException.class);
        assertThat(failure.getCode()).isEqualTo(-number);
        assertThat(failure).hasMessageContaining(advice).hasMessageContaining("A-1");
    }

    @Test
    void whatItsOwnPageChangedDoesNotVerify() {
        assertThat(call("seed-gateway-query-wechat.json", "gatewayQuery", "mch32625", "77713")
                        .getException())
                .isInstanceOf(KsherSignatureException.class);
    }

    @Test
    void whatIsNotJsonIsMalformed() {
        assertThat(call("seed-gateway-query-card.txt", "gatewayQuery", "mch28321", "12594")
                        .getException())
                .isInstanceOf(KsherMalformedReplyException.class);
        assertThat(call("seed-gateway-query-refused.txt", "gatewayQuery", "mch1", "A-1")
                        .getException())
                .isInstanceOf(KsherRejectedException.class);
    }

    @Test
    void theReplyToACloseIsNoPayment() {
        // Validly signed by Ksher, for this merchant and order: "closed", not "paid".
        assertThat(call("seed-order-close-success.json", "gatewayQuery", "mch36591", "test3")
                        .getException(KsherSignatureException.class)
                        .getReason())
                .isEqualTo(KsherSignatureException.Reason.OTHER_CALL);
    }

    @Test
    void theReplyToAQueryOfAPaidOrderIsNoCancel() {
        assertThat(call("notification-gateway-airpay.json", "gatewayCancel", "mch35005", "20210519")
                        .getException(KsherSignatureException.class)
                        .getReason())
                .isEqualTo(KsherSignatureException.Reason.OTHER_CALL);
    }
}
