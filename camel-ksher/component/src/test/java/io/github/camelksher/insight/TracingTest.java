/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Lines;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the spans of camel-opentelemetry2 say of a call. */
class TracingTest {

    private KsherStub stub;
    private Camel camel;

    @BeforeEach
    void start() throws Exception {
        Lines.need("camel-opentelemetry2");
        stub = new KsherStub();
        camel = new Camel(stub);
    }

    @AfterEach
    void stop() throws Exception {
        if (stub != null) {
            camel.close();
            stub.close();
        }
    }

    @Test
    void aSpanSaysWhichCallForWhichOrderAndHowItEnded() {
        Spans spans = new Spans(camel.context());
        stub.echoing("NOTPAY", Map.of("openid", "o-customer"));

        camel.call("ksher:orderQuery?operatorId=jane&privateKey=" + Camel.KEY, "A-1");

        assertThat(spans.ofKsher()).hasSize(1).first().satisfies(span -> {
            assertThat(span.name()).isEqualTo("orderQuery");
            assertThat(span.tags())
                    .containsEntry("ksher.operation", "orderQuery")
                    .containsEntry("ksher.order", "A-1")
                    .containsEntry("ksher.code", "0")
                    .containsEntry("ksher.result", "NOTPAY")
                    .containsEntry("camel.uri", "ksher://orderQuery")
                    .containsEntry("server.address", stub.url() + "/KsherPay/order_query")
                    .doesNotContainKeys("error", "error.type", "url.query");
            assertThat(span.toString()).doesNotContain("jane", "o-customer", "pkcs1");
            assertThat(span.events()).isEmpty();
        });
    }

    @Test
    void aResultThatIsNoWordIsNotInASpan() {
        Spans spans = new Spans(camel.context());
        stub.echoing("NOT PAY " + "x".repeat(1_000), Map.of());

        camel.call("ksher:orderQuery?privateKey=" + Camel.KEY, "A-1");

        assertThat(spans.ofKsher()).hasSize(1).first().satisfies(span -> assertThat(span.tags())
                .doesNotContainKey("ksher.result"));
    }

    @Test
    void aSpanNamesTheFailure() {
        Spans spans = new Spans(camel.context());
        stub.answering(Http.response(503, "", new byte[0]));

        camel.call("ksher:orderClose", Map.of("CamelKsherKsherOrderNo", 4711L));

        assertThat(spans.ofKsher()).hasSize(1).first().satisfies(span -> {
            assertThat(span.name()).isEqualTo("orderClose");
            assertThat(span.tags())
                    .containsEntry("ksher.order", "4711")
                    .containsEntry("error", "true")
                    .containsEntry("error.type", "KsherHttpStatusException")
                    .doesNotContainKeys("ksher.code", "ksher.result");
        });
    }

    @Test
    void aSpanHasTheResultOfARefusal() {
        Spans spans = new Spans(camel.context());
        stub.echoing("FAIL", Map.of("err_code", "SYSTEMERROR"));

        camel.call("ksher:orderQuery", "A-2");

        assertThat(spans.ofKsher()).hasSize(1).first().satisfies(span -> assertThat(span.tags())
                .containsEntry("ksher.order", "A-2")
                .containsEntry("ksher.code", "0")
                .containsEntry("ksher.result", "FAIL")
                .containsEntry("error.type", "KsherResultException"));
    }

    @Test
    void whatIsNoOrderNumberIsInNoSpan() {
        Spans spans = new Spans(camel.context());

        camel.call("ksher:orderQuery", "Jane Doe\n1 High Street");
        camel.call("ksher:orderQuery", "x".repeat(65));

        assertThat(spans.ofKsher()).hasSize(2).allSatisfy(span -> assertThat(span.tags())
                .containsEntry("error.type", "KsherInvalidRequestException")
                .doesNotContainKey("ksher.order"));
    }

    @Test
    void whatAnEarlierCallLeftIsInNoSpanOfACallThatWasNotBegun() throws Exception {
        Spans spans = new Spans(camel.context());
        camel.call(
                "ksher:orderQuery?lazyStartProducer=true&appId=",
                Map.of("CamelKsherMchOrderNo", "A-3", "CamelKsherResult", "SUCCESS"));

        assertThat(spans.ofKsher()).hasSize(1).first().satisfies(span -> assertThat(span.tags())
                .containsEntry("error.type", "IllegalArgumentException")
                .doesNotContainKey("ksher.result"));
    }

    @Test
    void aSpanOfANotificationHasItsOrder() {
        Spans spans = new Spans(camel.context());
        String paid = KsherStub.signed(
                Map.of("appid", KsherStub.APP_ID, "mch_order_no", "A-4", "result", "SUCCESS", "total_fee", 100));

        camel.context().createProducerTemplate().requestBody("ksher:verifyNotification", paid);

        assertThat(spans.ofKsher()).hasSize(1).first().satisfies(span -> {
            assertThat(span.name()).isEqualTo("verifyNotification");
            assertThat(span.tags())
                    .containsEntry("ksher.order", "A-4")
                    .containsEntry("ksher.result", "SUCCESS")
                    .doesNotContainKey("server.address");
        });
    }

    @Test
    void anInterceptedCallHasItsOrder() throws Exception {
        Spans spans = new Spans(camel.context());
        stub.echoing("SUCCESS", Map.of());
        camel.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint("ksher:*").setProperty("seen", constant(true));
                from("direct:ask").to("ksher:orderQuery");
            }
        });

        camel.call("direct:ask", "A-5");

        assertThat(spans.ofKsher()).hasSize(1).first().satisfies(span -> {
            assertThat(span.name()).isEqualTo("orderQuery");
            assertThat(span.tags()).containsEntry("ksher.order", "A-5");
        });
    }
}
