/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.quarkus.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.quarkus.builder.Version;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application with the extension, on the JVM, against the simulator. */
@QuarkusTest
@QuarkusTestResource(Simulator.class)
class ExtensionTest {

    @Inject
    CamelContext context;

    @Inject
    ProducerTemplate camel;

    KsherSimulator ksher;

    @BeforeEach
    void anOpenOrder() {
        ksher.reset();
        ksher.open(KsherOrder.of("A-1").amount(12_300, "THB"));
    }

    @Test
    void runsOnTheVersionsOfTheMatrix() {
        assertThat(context.getVersion()).isEqualTo(System.getProperty("expected.camel"));
        assertThat(Version.getVersion()).isEqualTo(System.getProperty("expected.quarkus"));
        System.out.println("Ran on Quarkus " + Version.getVersion() + ", Camel " + context.getVersion() + ", Java "
                + Runtime.version());
    }

    @Test
    void optionsComeFromApplicationProperties() {
        KsherComponent component = context.getComponent("ksher", KsherComponent.class);
        assertThat(component.getConfiguration().getAppId()).isEqualTo("mch10001");
        assertThat(component.getConfiguration().getCallTimeout()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void repliesAreTyped() {
        OrderQueryReply reply = camel.requestBody("direct:query", "A-1", OrderQueryReply.class);
        assertThat(reply.result()).isEqualTo(OrderState.NOTPAY);
        assertThat(reply.totalFee()).isEqualTo(12_300);
    }

    @Test
    void routeClosesAnOpenOrderAndLeavesAPaidOne() {
        ksher.open(KsherOrder.of("A-2"));
        ksher.pay("A-2");
        assertThat(camel.requestBody("direct:close", "A-1")).isEqualTo("closed: true");
        assertThat(camel.requestBody("direct:close", "A-2")).isEqualTo("left: SUCCESS");
    }

    @Test
    void forgedReplyIsAnException() {
        ksher.faults().next(Fault.badSignature());
        assertThatThrownBy(() -> camel.requestBody("direct:query", "A-1"))
                .isInstanceOf(CamelExecutionException.class)
                .hasCauseInstanceOf(KsherSignatureException.class);
    }

    @Test
    void routeReadsTheException() {
        ksher.faults().next(Fault.badSignature());
        assertThat(camel.requestBody("direct:handled", "A-1")).isEqualTo("orderQuery, retryable: false, MISMATCH");
    }

    @Test
    void repliesBecomeJson() throws IOException {
        JsonNode json = new ObjectMapper().readTree(camel.requestBody("direct:json", "A-1", String.class));
        assertThat(json.path("mchOrderNo").asText()).isEqualTo("A-1");
        assertThat(json.path("result").asText()).isEqualTo("NOTPAY");
    }
}
