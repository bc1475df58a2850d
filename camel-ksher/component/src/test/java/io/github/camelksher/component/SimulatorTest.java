/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.reply.GatewayQueryReply;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The four calls against an oracle that shares no code with the component, with keys of every
 * size and both versions.
 */
class SimulatorTest {

    @ParameterizedTest
    @CsvSource({"rsa512.pem,V1", "pkcs1.pem,V1", "rsa2048.pem,V1", "rsa512.pem,V2", "pkcs1.pem,V2", "rsa2048.pem,V2"})
    void simulatorTakesOurSignatureAndWeTakeIts(String key, String version) throws Exception {
        String pem = read(key);
        try (KsherSimulator ksher = KsherSimulator.builder()
                        .merchantKey(pem)
                        .strict()
                        .queryInterval(Duration.ZERO)
                        .start();
                CamelContext context = new DefaultCamelContext()) {
            KsherComponent component = new KsherComponent();
            KsherConfiguration options = component.getConfiguration();
            options.setAppId(ksher.appId());
            options.setPrivateKey(pem);
            options.setSignVersion(io.github.camelksher.client.SignVersion.valueOf(version));
            options.setKsherPublicKey(version.equals("V2") ? ksher.publicKeyV2() : ksher.publicKey());
            options.setApiUrl(ksher.apiUrl());
            options.setGatewayUrl(ksher.gatewayUrl());
            context.addComponent("ksher", component);
            context.start();
            ksher.open(KsherOrder.of("ก-1").amount(12_300, "THB").attach("a=b&c 测试"));
            ksher.open(KsherOrder.gateway("G-1").amount(100, "JPY"));
            ksher.open(KsherOrder.gateway("G-2"));

            OrderQueryReply open = (OrderQueryReply) call(context, "orderQuery", "ก-1", true);
            assertThat(open.result()).isEqualTo(OrderState.NOTPAY);
            assertThat(open.totalFee()).isEqualTo(12_300);
            assertThat(((OrderCloseReply) call(context, "orderClose", "ก-1", true)).isClosed())
                    .isTrue();
            assertThat(((OrderQueryReply) call(context, "orderQuery", "ก-1", true)).result())
                    .isEqualTo(OrderState.CLOSED);

            OrderState unpaid = ((GatewayQueryReply) call(context, "gatewayQuery", "G-1", true)).result();
            assertThat(unpaid).isEqualTo(OrderState.NOTSURE);
            assertThat(unpaid.isOpen()).isTrue();
            assertThat(((GatewayCancelReply) call(context, "gatewayCancel", "G-1", false)).text())
                    .isEqualTo("取消成功");
            assertThat(((GatewayQueryReply) call(context, "gatewayQuery", "G-1", true)).result())
                    .isEqualTo(OrderState.CLOSED);

            ksher.faults().next(Fault.signedCancel(), "gatewayCancel");
            GatewayCancelReply signed = (GatewayCancelReply) call(context, "gatewayCancel", "G-2", true);
            assertThat(signed.isSigned()).isTrue();
            assertThat(signed.mchOrderNo()).isEqualTo("G-2");
        }
    }

    private static Object call(CamelContext context, String operation, String order, boolean signed)
            throws IOException {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Exchange exchange = template.request(
                    "ksher:" + operation, e -> e.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, order));
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(KsherConstants.SIGNED)).isEqualTo(signed);
            return exchange.getMessage().getBody();
        }
    }

    private static String read(String key) throws IOException {
        try (var in = SimulatorTest.class.getResourceAsStream("/keys/" + key)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
