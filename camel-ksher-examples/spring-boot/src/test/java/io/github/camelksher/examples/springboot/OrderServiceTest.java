/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service on a port, over HTTP, on the simulator. */
class OrderServiceTest {

    private static ConfigurableApplicationContext service;
    private static KsherSimulator ksher;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        service = OrderService.application()
                .run("--spring.profiles.active=simulator", "--server.port=0", "--orders.pace=0");
        ksher = service.getBean(KsherSimulator.class);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void open() {
        ksher.reset();
        ksher.open(KsherOrder.of("A-1").amount(12_300, "THB"));
    }

    private static HttpResponse<String> call(String method, String path, String... headers)
            throws IOException, InterruptedException {
        String port = service.getEnvironment().getRequiredProperty("local.server.port");
        return HTTP.send(
                request(URI.create("http://127.0.0.1:" + port + path), headers)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(URI uri, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<String> close(String order) throws IOException, InterruptedException {
        return call("POST", "/orders/" + order + "/close");
    }

    private static void assertAnswer(HttpResponse<String> response, int status, String outcome) {
        assertThat(response.body()).contains("\"outcome\":\"" + outcome + "\"").contains("\"certain\":\"");
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private static long closes() {
        return ksher.calls().stream()
                .filter(call -> call.operation().equals("orderClose"))
                .count();
    }

    @Test
    void anOpenOrderIsClosedAndAClosedOneStaysSo() throws Exception {
        assertAnswer(call("GET", "/orders/A-1"), 200, "OPEN");
        assertAnswer(close("A-1"), 200, "CLOSED");
        assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
        assertAnswer(close("A-1"), 200, "CLOSED");
        assertAnswer(call("GET", "/orders/A-1"), 200, "CLOSED");
        assertThat(closes()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = KsherOrder.State.class,
            names = {"NOTPAY", "NOTSURE", "PAYERROR", "PENDING", "USERPAYING"})
    void anOrderIsClosedInEachOpenState(KsherOrder.State state) throws Exception {
        ksher.open(KsherOrder.of("A-2").state(state));
        HttpResponse<String> look = call("GET", "/orders/A-2");
        assertAnswer(look, 200, "OPEN");
        assertThat(look.headers().firstValue("Retry-After")).isEmpty();
        assertAnswer(close("A-2"), 200, "CLOSED");
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,PAID", "REFUND,REFUNDED"})
    void anOrderThatIsNotOpenIsNeverSentAClose(KsherOrder.State state, String outcome) throws Exception {
        ksher.open(KsherOrder.of("A-2").state(state));
        assertAnswer(close("A-2"), 409, outcome);
        assertAnswer(call("GET", "/orders/A-2"), 200, outcome);
        assertThat(closes()).isZero();
        assertThat(ksher.order("A-2").state()).isEqualTo(state);
    }

    @Test
    void anOrderInAStateThatIsNewIsNotSentAClose() throws Exception {
        ksher.faults().next(Fault.state("BRAND_NEW"), "orderQuery", 2);
        assertAnswer(close("A-1"), 409, "UNDECIDED");
        assertAnswer(call("GET", "/orders/A-1"), 200, "UNDECIDED");
        assertThat(closes()).isZero();
    }

    @Test
    void anOrderThatIsPaidWhileItIsClosedIsPaid() throws Exception {
        ksher.open(KsherOrder.of("A-3").paysAfterQueries(1));
        assertAnswer(close("A-3"), 409, "PAID");
        assertThat(ksher.order("A-3").state()).isEqualTo(KsherOrder.State.SUCCESS);
    }

    @Test
    void aLostReplyIsFollowedByASignedQuery() throws Exception {
        ksher.faults().next(Fault.lostReply(), "orderClose");
        assertAnswer(close("A-1"), 200, "CLOSED");
        assertThat(closes()).isEqualTo(1);
    }

    @Test
    void anUnsignedCloseIsNotBelieved() throws Exception {
        ksher.faults().next(Fault.badSignature(), "orderClose");
        assertAnswer(close("A-1"), 200, "CLOSED");
        assertThat(ksher.calls()).extracting(call -> call.operation()).endsWith("orderQuery");
    }

    @Test
    void aCloseThatDidNotHappenCanBeRepeated() throws Exception {
        ksher.faults().next(Fault.lostRequest(), "orderClose");
        HttpResponse<String> response = close("A-1");
        assertAnswer(response, 503, "OPEN");
        assertThat(response.headers().firstValue("Retry-After")).contains("10");
        assertAnswer(close("A-1"), 200, "CLOSED");
    }

    @Test
    void anUnknownOutcomeIsCalledUnknown() throws Exception {
        ksher.faults().next(Fault.lostReply(), "orderClose");
        ksher.faults().next(Fault.delay(Duration.ZERO), "orderQuery");
        ksher.faults().next(Fault.html(), "orderQuery");
        HttpResponse<String> response = close("A-1");
        assertAnswer(response, 202, "UNKNOWN");
        assertThat(response.headers().firstValue("Retry-After")).contains("10");
        assertAnswer(call("GET", "/orders/A-1"), 200, "CLOSED");
    }

    @Test
    void aCloseThatWasNotCarriedOutIsNotCalledUnknown() throws Exception {
        ksher.faults().next(Fault.status(429), "orderClose");
        ksher.faults().next(Fault.delay(Duration.ZERO), "orderQuery");
        ksher.faults().next(Fault.html(), "orderQuery");
        assertAnswer(close("A-1"), 503, "UNAVAILABLE");
        assertThat(closes()).isEqualTo(1);
    }

    @Test
    void aPaymentInProcessIsStillOpen() throws Exception {
        ksher.open(KsherOrder.of("A-4").otp());
        assertAnswer(close("A-4"), 503, "OPEN");
        assertThat(closes()).isEqualTo(1);
    }

    @Test
    void anOrderOfAPaymentPageIsNotFound() throws Exception {
        ksher.open(KsherOrder.gateway("P-1"));
        assertAnswer(close("P-1"), 404, "NO_SUCH_ORDER");
        assertThat(closes()).isZero();
    }

    @Test
    void aStateThatIsNotClearAfterACloseIsCalledUnknown() throws Exception {
        ksher.faults().next(Fault.lostReply(), "orderClose");
        ksher.faults().next(Fault.delay(Duration.ZERO), "orderQuery");
        ksher.faults().next(Fault.state("BRAND_NEW"), "orderQuery");
        HttpResponse<String> response = close("A-1");
        assertAnswer(response, 202, "UNKNOWN");
        assertThat(response.headers().firstValue("Retry-After")).contains("10");
    }

    @Test
    void aSemicolonDoesNotMakeItAnotherOrder() throws Exception {
        assertAnswer(close("A-1;2"), 400, "INVALID");
        assertAnswer(call("GET", "/orders/A-1;2"), 400, "INVALID");
        assertThat(ksher.calls()).isEmpty();
        ksher.open(KsherOrder.of("A-1;2"));
        assertAnswer(close("A-1%3B2"), 200, "CLOSED");
        assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.NOTPAY);
    }

    @Test
    void whoAcceptsNoJsonClosesNothing() throws Exception {
        assertThat(call("POST", "/orders/A-1/close", "Accept", "text/plain").statusCode())
                .isEqualTo(406);
        assertThat(ksher.calls()).isEmpty();
    }

    @Test
    void nothingIsClosedIfTheFirstQueryFails() throws Exception {
        ksher.faults().next(Fault.status(503), "orderQuery");
        assertAnswer(close("A-1"), 503, "UNAVAILABLE");
        ksher.faults().next(Fault.badSignature(), "orderQuery");
        assertAnswer(close("A-1"), 502, "FAILED");
        assertAnswer(close("nobody"), 404, "NO_SUCH_ORDER");
        assertAnswer(close("1".repeat(33)), 400, "INVALID");
        assertThat(closes()).isZero();
    }

    @Test
    void beforeCamelIsStartedItIsUnavailable() {
        OrderController early = new OrderController(new DefaultCamelContext().createProducerTemplate());
        assertThat(early.close("A-1").getStatusCode().value()).isEqualTo(503);
    }

    @Test
    void withoutTheSimulatorItWantsAKey() {
        Throwable failure = catchThrowable(() -> OrderService.application().run("--server.port=0"));
        assertThat(failure).hasStackTraceContaining("Option appId is or contains an unresolved placeholder");
    }
}
