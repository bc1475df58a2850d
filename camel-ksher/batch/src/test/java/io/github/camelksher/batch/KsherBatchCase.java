/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.run.Observer;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.simulator.KsherSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A started batch service in a plain Camel context, with the simulator. */
abstract class KsherBatchCase {

    @TempDir
    Path directory;

    final BlockingQueue<BatchInfo> done = new LinkedBlockingQueue<>();
    final List<Message> dead = new CopyOnWriteArrayList<>();
    final BatchConfiguration configuration = new BatchConfiguration();
    KsherSimulator ksher;
    CamelContext camel;
    KsherBatch batch;

    @BeforeEach
    final void startAll() throws Exception {
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
                        .process(exchange -> dead.add(exchange.getMessage().copy()));
            }
        });
        camel.start();
        batch.start();
    }

    @AfterEach
    final void stopAll() throws Exception {
        batch.close();
        camel.close();
        ksher.close();
    }

    BatchInfo nextDone() throws InterruptedException {
        BatchInfo next = done.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("a batch that is done").isNotNull();
        return next;
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long latest = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(latest);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    static String order(String number) {
        return "{\"batch\":\"till-4\",\"line\":7,\"operation\":\"close\",\"mch_order_no\":\"" + number + "\"}";
    }

    static String total(int total) {
        return "{\"batch\":\"till-4\",\"total\":" + total + "}";
    }
}
