/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.journal.BatchInfo;
import io.github.camelksher.batch.life.Outcome;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.Faults;
import io.github.camelksher.simulator.KsherOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultContextReloadStrategy;
import org.junit.jupiter.api.Test;

/** The context is reloaded, as a vault's integration does when a secret was rotated. */
class ReloadTest extends KsherBatchCase {

    private static final int ORDERS = 40;

    private void reload() {
        DefaultContextReloadStrategy reload = new DefaultContextReloadStrategy();
        reload.setCamelContext(camel);
        reload.start();
        reload.onReload("a rotated secret");
        assertThat(reload.getFailedCounter()).isZero();
        assertThat(reload.getReloadCounter()).isEqualTo(1);
    }

    private String rows(String prefix) {
        return "operation,mch_order_no\n"
                + IntStream.range(0, ORDERS)
                        .mapToObj(i -> (i % 2 == 0 ? "close," : "cancel,") + prefix + i)
                        .collect(Collectors.joining("\n"));
    }

    private void open(String prefix) {
        for (int i = 0; i < ORDERS; i++) {
            ksher.open(i % 2 == 0 ? KsherOrder.of(prefix + i) : KsherOrder.gateway(prefix + i));
        }
    }

    private void assertAllClosed(BatchInfo done) {
        assertThat(batch.journal().reports().outcomes(done)).isEqualTo(Map.of(Outcome.CLOSED, (long) ORDERS));
        assertThat(configuration.getReport().resolve(done.name() + ".report.csv"))
                .isRegularFile();
    }

    @Test
    void filesBeforeBetweenAndAfterAreClosedAndReported() throws Exception {
        for (String prefix : new String[] {"first", "second"}) {
            open(prefix);
            batch.plan(Files.writeString(directory.resolve(prefix + ".csv"), rows(prefix)), false);
            assertAllClosed(nextDone());
            reload();
        }
        assertThat(ksher.calls()).hasSize(3 * 2 * ORDERS);
    }

    @Test
    void theCallsInFlightEndAsTheyWould() throws Exception {
        open("A");
        for (String call : new String[] {"orderQuery", "orderClose", "gatewayQuery", "gatewayCancel"}) {
            ksher.faults().next(Fault.delay(Duration.ofMillis(400)), call, Faults.ALWAYS);
        }
        batch.plan(Files.writeString(directory.resolve("night.csv"), rows("A")), false);
        await(() -> batch.worker().inFlight() > 0);
        for (int i = 0; i < 3; i++) {
            int before = ksher.calls().size();
            reload();
            await(() -> ksher.calls().size() > before);
        }
        assertAllClosed(nextDone());
        assertThat(ksher.calls()).as("none was made twice").hasSize(3 * ORDERS);
    }

    @Test
    void aWatchedFolderIsStillWatched() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("in, box"));
        camel.addRouteFromTemplate("watch", "ksher-batch-watch", Map.of("directory", inbox.toString()));
        open("A");
        Files.writeString(inbox.resolve("before.csv"), rows("A"));
        assertAllClosed(nextDone());
        Route before = camel.getRoute("watch");
        reload();
        assertThat(camel.getRoute("watch")).isNotNull().isNotSameAs(before);
        reload();
        open("B");
        Files.writeString(inbox.resolve("after.csv"), rows("B"));
        assertAllClosed(nextDone());
        await(() -> Files.exists(inbox.resolve("done/after.csv")));
        assertThat(inbox.resolve("done/before.csv")).exists();
    }

    @Test
    void aQueueIsStillConsumedAndSentTo() throws Exception {
        camel.addRouteFromTemplate(
                "receive", "ksher-batch-receive", Map.of("from", "direct:orders", "deadLetter", "direct:dead"));
        camel.addRouteFromTemplate("send", "ksher-batch-send", Map.of("name", "out", "to", "direct:orders"));
        reload();
        ksher.open(KsherOrder.of("A"));
        try (var template = camel.createProducerTemplate()) {
            template.sendBody("direct:out", order("A"));
            template.sendBody("direct:out", total(1));
            template.sendBody("direct:out", "no order");
        }
        assertThat(batch.journal().reports().outcomes(nextDone())).isEqualTo(Map.of(Outcome.CLOSED, 1L));
        assertThat(dead).hasSize(1);
    }

    /** Told by a key that is not the merchant's: with the one read before, all would be closed. */
    @Test
    void theCallsAfterItAreSignedWithTheKeyThatItRead() throws Exception {
        batch.stop();
        Path key = Files.writeString(directory.resolve("merchant.pem"), ksher.merchantKey());
        camel.getComponent("ksher", KsherComponent.class).getConfiguration().setPrivateKey("file:" + key);
        batch.start();
        open("A");
        batch.plan(Files.writeString(directory.resolve("a.csv"), rows("A")), false);
        assertAllClosed(nextDone());

        byte[] another = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Files.writeString(key, Base64.getEncoder().encodeToString(another));
        reload();
        open("B");
        batch.plan(Files.writeString(directory.resolve("b.csv"), rows("B")), false);
        await(() -> batch.worker().stopped() != null);
        assertThat(batch.worker().stopped()).contains("-2");
        assertThat(ksher.order("B0").state()).isEqualTo(KsherOrder.State.NOTPAY);
    }

    @Test
    void aRouteThatCannotBeAddedAgainStopsTheWorkerInsteadOfStandingStill() throws Exception {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        camel.addRouteFromTemplate("watch", "ksher-batch-watch", Map.of("directory", inbox.toString()));
        camel.removeRouteTemplates("ksher-batch-watch");
        reload();
        await(() -> batch.worker().stopped() != null);
        assertThat(batch.worker().hasFailed()).isTrue();
        assertThat(batch.worker().stopped()).contains("watch", "reloaded");
    }
}
