/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example as it is, on the simulator. */
class YamlExampleTest {

    @TempDir
    Path directory;

    @Test
    @Timeout(60)
    void cancelsWhatIsUnpaidAndLeavesTheRestAlone() throws Exception {
        try (KsherSimulator ksher =
                KsherSimulator.builder().port(0).queryInterval(Duration.ZERO).start()) {
            List.of("A-1", "A-2", "A-3", "A-4", "A-8", "A-9", "A-10")
                    .forEach(number -> ksher.open(KsherOrder.gateway(number)));
            ksher.pay("A-2");
            ksher.open(KsherOrder.gateway("A-5").paysAfterCancel());
            ksher.open(KsherOrder.gateway("A-7").paysAfterQueries(1));
            ksher.faults().forOrder("A-3", Fault.badSignature());
            ksher.faults().forOrder("A-8", Fault.lostReply(), "gatewayCancel", 1);
            for (String number : List.of("A-9", "A-10")) {
                ksher.faults().forOrder(number, Fault.delay(Duration.ZERO), "gatewayQuery", 1);
                ksher.faults().forOrder(number, Fault.status(503), "gatewayQuery", 1);
            }
            ksher.faults().forOrder("A-9", Fault.lostReply(), "gatewayCancel", 1);
            ksher.faults().forOrder("A-10", Fault.status(429), "gatewayCancel", 1);
            Path orders = Files.createDirectory(directory.resolve("orders"));
            Files.writeString(
                    directory.resolve("night.txt"), "A-1\r\nA-2\nA-3\n\n A-4 \nA-5\nA-6\nA-7\nA-8\nA-9\nA-10");
            Main main = new Main();
            main.addOverrideProperty("camel.component.ksher.private-key", ksher.merchantKey());
            main.addOverrideProperty("camel.component.ksher.ksher-public-key", ksher.publicKey());
            main.addOverrideProperty("camel.component.ksher.api-url", ksher.apiUrl());
            main.addOverrideProperty("camel.component.ksher.gateway-url", ksher.gatewayUrl());
            main.addOverrideProperty("orders.dir", orders.toString());
            main.addOverrideProperty("ksher.pace", "1");
            try {
                main.start();
                Files.move(directory.resolve("night.txt"), orders.resolve("night.txt"));
                // Camel moves the file when it is through with it.
                while (!Files.exists(orders.resolve(".camel/night.txt"))) {
                    Thread.sleep(20);
                }
            } finally {
                main.stop();
            }

            assertThat(Files.readAllLines(orders.resolve("done/results.txt")))
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("A-1: CLOSED after the cancel"),
                            line -> assertThat(line).isEqualTo("A-2: SUCCESS, left alone"),
                            line -> assertThat(line)
                                    .startsWith("A-3: ATTENTION, ")
                                    .contains("signature"),
                            line -> assertThat(line).isEqualTo("A-4: CLOSED after the cancel"),
                            line -> assertThat(line).isEqualTo("A-5: SUCCESS after the cancel"),
                            line -> assertThat(line).startsWith("A-6: ATTENTION, gatewayQuery of order 'A-6'"),
                            line -> assertThat(line).isEqualTo("A-7: SUCCESS after the cancel"),
                            line -> assertThat(line).isEqualTo("A-8: CLOSED after the cancel"),
                            line -> assertThat(line)
                                    .startsWith("A-9: ATTENTION, a cancel may have been carried out")
                                    .contains("gatewayQuery of order 'A-9'"),
                            line -> assertThat(line).startsWith("A-10: ATTENTION, gatewayQuery of order 'A-10'"));
            assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
            assertThat(ksher.order("A-3").state()).isEqualTo(KsherOrder.State.NOTSURE);
        }
    }
}
