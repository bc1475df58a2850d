/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The library in an application of one's own: a plain Camel context. */
class KsherBatchTest extends KsherBatchCase {

    @Test
    void aFileIsClosedAndReported() throws Exception {
        ksher.open(KsherOrder.of("A"));
        ksher.open(KsherOrder.gateway("B").state(State.SUCCESS));
        Path file = Files.writeString(directory.resolve("night.csv"), "operation,mch_order_no\nclose,A\ncancel,B\n");
        BatchInfo planned = batch.plan(file, false);
        assertThat(nextDone().name()).isEqualTo(planned.name());
        assertThat(batch.journal().reports().outcomes(planned)).isEqualTo(Map.of(Outcome.CLOSED, 1L, Outcome.PAID, 1L));
        assertThat(configuration.getReport().resolve(planned.name() + ".report.csv"))
                .isRegularFile();
        assertThat(batch.plan(file, false).isDone()).as("known by its content").isTrue();
    }

    private BatchInfo closed(String name, String... rows) throws Exception {
        Path file =
                Files.writeString(directory.resolve(name), "operation,mch_order_no\n" + String.join("\n", rows) + "\n");
        batch.plan(file, false);
        return nextDone();
    }

    @Test
    void rowsOfOneOrderEndAlthoughNoReplyVerifies() throws Exception {
        ksher.open(KsherOrder.gateway("X"));
        for (String query : List.of("gatewayQuery", "orderQuery")) {
            ksher.faults().next(Fault.badSignature(), query, Faults.ALWAYS);
        }
        BatchInfo twice = closed("twice.csv", "cancel,X", "close,X");
        assertThat(batch.journal().reports().outcomes(twice)).isEqualTo(Map.of(Outcome.UNTRUSTED, 2L));
    }

    @Test
    void rowsOfOneOrderEndAlthoughKsherDoesNotLetThemIn() throws Exception {
        ksher.open(KsherOrder.of("A"));
        closed("good.csv", "close,A");
        ksher.open(KsherOrder.gateway("X"));
        for (String query : List.of("gatewayQuery", "orderQuery")) {
            ksher.faults().next(Fault.refusal(-1), query, Faults.ALWAYS);
        }
        BatchInfo twice = closed("twice.csv", "cancel,X", "close,X");
        assertThat(batch.journal().reports().outcomes(twice)).isEqualTo(Map.of(Outcome.UNKNOWN, 2L));
    }

    @Test
    void ordersFromAnyEndpointAreTakenInAndWhatIsNoOrderIsADeadLetter() throws Exception {
        ksher.open(KsherOrder.of("A"));
        camel.addRouteFromTemplate(
                "orders", "ksher-batch-receive", Map.of("from", "direct:orders", "deadLetter", "direct:dead"));
        try (var template = camel.createProducerTemplate()) {
            String order = "{\"batch\":\"till-4\",\"line\":7,\"operation\":\"close\",\"mch_order_no\":\"A\"}";
            template.sendBody("direct:orders", order);
            template.sendBody("direct:orders", order);
            template.sendBody("direct:orders", "no order");
            template.sendBody("direct:orders", order.replace("\"A\"", "\"B\""));
            template.sendBody("direct:orders", "{\"batch\":\"till-4\",\"total\":1}");
        }
        BatchInfo till = nextDone();
        assertThat(till.name()).isEqualTo("till-4");
        assertThat(batch.journal().reports().outcomes(till)).isEqualTo(Map.of(Outcome.CLOSED, 1L));
        assertThat(dead)
                .extracting(message -> message.getHeader(KsherBatchRoutes.REASON, String.class))
                .hasSize(2)
                .element(1)
                .asString()
                .contains("otherwise");
    }

    @Test
    void nothingOfAMessageCountsButItsBody() throws Exception {
        ksher.open(KsherOrder.of("A"));
        ksher.open(KsherOrder.of("ANOTHER"));
        camel.addRouteFromTemplate(
                "orders", "ksher-batch-receive", Map.of("from", "direct:orders", "deadLetter", "direct:dead"));
        // In a case that the consumers of Camel 4.14.1 and 4.18.0 let in.
        Map<String, Object> headers = new HashMap<>();
        for (String header : List.of("MchOrderNo", "KsherOrderNo", "ChannelOrderNo", "Channel", "Lang", "OperatorId")) {
            headers.put("CAmelKsher" + header, "ANOTHER");
        }
        headers.put("CAmelJmsDestinationName", "elsewhere");
        headers.put("CamelFileName", "elsewhere");
        headers.put("camelhttpuri", "http://elsewhere");
        headers.put("KSHERBATCHREASON", "none");
        headers.put("shop", "Bangkok");
        try (var template = camel.createProducerTemplate()) {
            template.sendBodyAndHeaders("direct:orders", order("A"), headers);
            template.sendBodyAndHeaders("direct:orders", total(1), headers);
            template.sendBodyAndHeaders("direct:orders", "no order", headers);
        }
        assertThat(batch.journal().reports().outcomes(nextDone())).isEqualTo(Map.of(Outcome.CLOSED, 1L));
        assertThat(ksher.calls()).isNotEmpty().allMatch(call -> call.order().equals("A"));
        assertThat(dead).singleElement().satisfies(message -> {
            assertThat(message.getBody()).isEqualTo("no order");
            assertThat(message.getHeaders()).hasSize(2).containsEntry("shop", "Bangkok");
            assertThat(message.getHeader(KsherBatchRoutes.REASON, String.class)).startsWith("is not JSON");
        });
    }

    @Tag("full")
    @Test
    void whileTheJournalFailsAMessageIsHeldAndGoesBackToItsBrokerWhenTheRouteStops() throws Exception {
        camel.addRouteFromTemplate(
                "orders", "ksher-batch-receive", Map.of("from", "direct:orders", "deadLetter", "direct:dead"));
        batch.journal().close();
        try (var template = camel.createProducerTemplate()) {
            CompletableFuture<Exchange> sent = template.asyncSend("direct:orders", out -> out.getMessage()
                    .setBody("{\"batch\":\"b\",\"line\":1,\"operation\":\"close\",\"mch_order_no\":\"A\"}"));
            assertThatThrownBy(() -> sent.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            camel.getRouteController().stopRoute("orders", 20, TimeUnit.SECONDS);
            assertThat(sent.get(20, TimeUnit.SECONDS).getException()).hasMessageContaining("goes back");
        }
        assertThat(dead).isEmpty();
        assertThat(ksher.calls()).isEmpty();
    }
}
