/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.batch.run.Observer;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library in an application of one's own: a plain Camel context. */
class KsherBatchTest {

    @TempDir
    Path directory;

    private final BlockingQueue<BatchInfo> done = new LinkedBlockingQueue<>();
    private final List<String> dead = new CopyOnWriteArrayList<>();
    private final BatchConfiguration configuration = new BatchConfiguration();
    private KsherSimulator ksher;
    private CamelContext camel;
    private KsherBatch batch;

    @BeforeEach
    void start() throws Exception {
        ksher = KsherSimulator.builder()
                .port(0)
                .queryInterval(Duration.ofMillis(100))
                .start();
        camel = new DefaultCamelContext();
        KsherComponent component = new KsherComponent();
        component.getConfiguration().setAppId(ksher.appId());
        component.getConfiguration().setPrivateKey(ksher.merchantKey());
        component.getConfiguration().setKsherPublicKey(ksher.publicKey());
        component.getConfiguration().setApiUrl(ksher.apiUrl());
        component.getConfiguration().setGatewayUrl(ksher.gatewayUrl());
        camel.addComponent("ksher", component);
        configuration.setReport(directory.resolve("reports"));
        configuration.setQueryInterval(Duration.ofMillis(100));
        configuration.setGiveUpAfter(Duration.ofSeconds(5));
        configuration.setQuietAfter(Duration.ofMillis(500));
        batch = new KsherBatch(camel, configuration, new Observer() {}, done::add);
        camel.getRegistry().bind("ksherBatch", batch);
        camel.addRoutes(new KsherBatchRoutes());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:dead")
                        .process(exchange ->
                                dead.add(exchange.getMessage().getHeader(KsherBatchRoutes.REASON, String.class)));
            }
        });
        camel.start();
        batch.start();
    }

    @AfterEach
    void stop() throws Exception {
        batch.close();
        camel.close();
        ksher.close();
    }

    private BatchInfo nextDone() throws InterruptedException {
        BatchInfo next = done.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a batch that is done").isNotNull();
        return next;
    }

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
        assertThat(dead).hasSize(2).element(1).asString().contains("otherwise");
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
