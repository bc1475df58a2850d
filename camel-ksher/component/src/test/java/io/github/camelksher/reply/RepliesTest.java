/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.wire.EnvelopeParser;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {

    private static OrderQueryReply sample() throws Exception {
        try (var in = RepliesTest.class.getResourceAsStream("/ksher/seed-order-query-success.json")) {
            return new OrderQueryReply(EnvelopeParser.parse(in.readAllBytes()).unverified());
        }
    }

    private static OrderQueryReply of(String data) throws Exception {
        return new OrderQueryReply(
                EnvelopeParser.parse(("{\"code\":0,\"data\":{" + data + "}}").getBytes(StandardCharsets.UTF_8))
                        .unverified());
    }

    @Test
    void readsEveryFieldOfTheSample() throws Exception {
        OrderQueryReply reply = sample();
        assertThat(reply.appId()).isEqualTo("mch32148");
        assertThat(reply.result()).isEqualTo(OrderState.SUCCESS);
        assertThat(reply.mchOrderNo()).isEqualTo("1592911660");
        assertThat(reply.ksherOrderNo()).isEqualTo("90020200623192741778187");
        assertThat(reply.channelOrderNo()).isEqualTo("4200000607202006237838347168");
        assertThat(reply.channel()).isEqualTo("wechat");
        assertThat(reply.totalFee()).isEqualTo(1);
        assertThat(reply.feeType()).isEqualTo("THB");
        assertThat(reply.cashFee()).isEqualTo(7);
        assertThat(reply.cashFeeType()).isEqualTo("CNY");
        assertThat(reply.rawTotalFee()).isEqualTo(1);
        assertThat(reply.rate()).isEqualTo(new BigDecimal("0.223410"));
        assertThat(reply.timeEnd()).isEqualTo(LocalDateTime.of(2020, 6, 23, 18, 28, 31));
        assertThat(reply.attach()).isNull();
        assertThat(reply.deviceId()).isNull();
        assertThat(reply.operatorId()).isEqualTo("25382");
        assertThat(reply.openid()).isEqualTo("o2G4c04tmsU-wsCG7jN_ORL5Vh14");
        assertThat(reply.operation()).isEqualTo("ORDER-QUERY");
        assertThat(reply.merchantRemark()).isEqualTo("测试");
        assertThat(reply.consumerRemark()).isNull();
        assertThat(reply.nonceStr()).isEqualTo("f4d6aefa63f67ed4abdd83c164191b63");
        assertThat(reply.message()).isEqualTo("ok");
        assertThat(reply.fields())
                .containsEntry("attach", "")
                .containsEntry("merchant_remark", "测试")
                .hasSize(21);
        assertThat(reply.raw()).contains("\\u6d4b");
        assertThat(reply).isEqualTo(sample()).hasSameHashCodeAs(sample());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "null",
                "\"abc\"",
                "1.5",
                "\"1e3\"",
                "\"\u0664\u0668\"",
                "[1]",
                "{}",
                "true",
                "99999999999999999999"
            })
    void amountThatIsNoNumberIsNullAndNeverZero(String value) throws Exception {
        OrderQueryReply reply = of("\"result\":\"SUCCESS\",\"total_fee\":" + value);
        assertThat(reply.totalFee()).isNull();
        assertThat(reply.fields()).containsKey("total_fee");
    }

    @ParameterizedTest
    @CsvSource({"48,48", "'\"48\"',48", "0,0", "-3,-3", "9223372036854775807,9223372036854775807"})
    void amountIsNumberOrText(String json, long expected) throws Exception {
        assertThat(of("\"result\":\"SUCCESS\",\"cash_fee\":" + json).cashFee()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2020-06-23 18:28:31", "20200623182831"})
    void timeIsReadInBothForms(String text) throws Exception {
        assertThat(of("\"time_end\":\"" + text + "\"").timeEnd()).isEqualTo("2020-06-23T18:28:31");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2020-06-23", "2020-02-30 00:00:00", "2020-06-23 18:28", "soon"})
    void timeThatIsNoneIsNull(String text) throws Exception {
        assertThat(of("\"time_end\":\"" + text + "\"").timeEnd()).isNull();
    }

    @Test
    void openStatesCanStillBePaidAndNoOthers() {
        assertThat(Stream.of("NOTPAY", "PAYERROR", "PENDING", "NOTSURE", "USERPAYING"))
                .allSatisfy(text -> assertThat(OrderState.of(text).isOpen()).isTrue());
        assertThat(Stream.of("SUCCESS", "CLOSED", "REFUND", "FAIL", "MAYBE", "notpay", ""))
                .allSatisfy(text -> assertThat(OrderState.of(text).isOpen()).isFalse());
    }

    @Test
    void unknownStateKeepsItsTextAndIsNeitherFinalNorPaid() {
        OrderState state = OrderState.of("MAYBE");
        assertThat(state).hasToString("MAYBE").isEqualTo(OrderState.of("MAYBE"));
        assertThat(state.isFinal()).isFalse();
        assertThat(state.isPaid()).isFalse();
        assertThat(OrderState.of("REFUND").isFinal()).isTrue();
        assertThat(OrderState.of("REFUND").isPaid()).isFalse();
        assertThat(OrderState.of("success").isPaid()).isFalse();
    }

    @Test
    void worksInSimpleAndAsJsonAndAsText() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:simple")
                            .choice()
                            .when(
                                    simple(
                                            "${body.result} == 'SUCCESS' && ${body.totalFee} == 1 && ${body.result.paid} == true"))
                            .setBody(simple("${body.result}/${body.totalFee}/${body.timeEnd}"));
                    from("direct:json").marshal().json();
                    from("direct:text").convertBodyTo(String.class);
                }
            });
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            assertThat(template.requestBody("direct:simple", sample(), String.class))
                    .isEqualTo("SUCCESS/1/2020-06-23T18:28:31");

            JsonNode json = new ObjectMapper().readTree(template.requestBody("direct:json", sample(), String.class));
            assertThat(json.get("result").asText()).isEqualTo("SUCCESS");
            assertThat(json.get("timeEnd").asText()).isEqualTo("2020-06-23T18:28:31");
            assertThat(json.get("rate").decimalValue()).isEqualByComparingTo("0.223410");
            assertThat(json.get("attach").isNull()).isTrue();
            assertThat(json.has("raw") || json.has("fields")).isFalse();

            String text = template.requestBody("direct:text", sample(), String.class);
            assertThat(text).doesNotContain("o2G4c04tmsU").isEqualTo(sample().toString());
            assertThat(new ObjectMapper().readTree(text).at("/data/openid").asText())
                    .isEqualTo("***");
            Exchange exchange = new DefaultExchange(context);
            exchange.getMessage().setBody(sample());
            assertThat(context.resolveLanguage("simple")
                            .createExpression("${body.raw}")
                            .evaluate(exchange, String.class))
                    .isEqualTo(sample().raw());
        }
    }
}
