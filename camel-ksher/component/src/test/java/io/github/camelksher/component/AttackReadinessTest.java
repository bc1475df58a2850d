/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttackReadinessTest {

    private static HealthCheck.State readiness(Camel camel) {
        KsherEndpoint endpoint = camel.context().getEndpoint("ksher:gatewayQuery", KsherEndpoint.class);
        return new KsherHealthCheck(endpoint).call(Map.of()).getState();
    }

    /** Calls go by a proxy that the user's own configurer sets; the host is unknown here. */
    @Test
    void aProxyOfTheConfigurers() throws Exception {
        try (KsherStub proxy = new KsherStub().echoing("SUCCESS", Map.of());
                Camel camel = new Camel(proxy, component -> {
                    component.getConfiguration().setGatewayUrl("http://ksher.invalid/api");
                    component.setHttpClientConfigurer(
                            builder -> builder.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())));
                })) {
            assertThat(camel.call("ksher:gatewayQuery", "A-1").getException()).isNull();
            assertThat(readiness(camel)).isEqualTo(HealthCheck.State.UP);
        }
    }

    /** Run with -Djdk.net.hosts.file: two addresses, of which the first refuses. */
    @Test
    void aHostWhoseFirstAddressRefuses() throws Exception {
        try (KsherStub stub = new KsherStub().echoing("SUCCESS", Map.of());
                Camel camel = new Camel(stub, component -> component
                        .getConfiguration()
                        .setGatewayUrl("http://two.test:" + stub.port() + "/api"))) {
            org.junit.jupiter.api.Assumptions.assumeTrue(System.getProperty("jdk.net.hosts.file") != null);
            assertThat(camel.call("ksher:gatewayQuery", "A-1").getException()).isNull();
            assertThat(readiness(camel)).isEqualTo(HealthCheck.State.UP);
        }
    }

    /** No thread can be made for the deadlines: no call can succeed. */
    @Test
    void noCallCanSucceed() throws Exception {
        try (KsherStub stub = new KsherStub().echoing("SUCCESS", Map.of());
                CamelContext context = new org.apache.camel.impl.DefaultCamelContext()) {
            context.setExecutorServiceManager(new org.apache.camel.impl.engine.DefaultExecutorServiceManager(context) {
                @Override
                public Thread newThread(String name, Runnable task) {
                    if (name.equals("KsherCallTimeout")) {
                        throw new OutOfMemoryError("unable to create native thread, says the test");
                    }
                    return super.newThread(name, task);
                }
            });
            KsherComponent component = new KsherComponent();
            component.getConfiguration().setAppId(KsherStub.APP_ID);
            component.getConfiguration().setPrivateKey(Camel.KEY);
            component.getConfiguration().setGatewayUrl(stub.url() + "/api");
            component.getConfiguration().setKsherPublicKey(KsherStub.ksherPublicKey());
            context.addComponent("ksher", component);
            context.start();
            int failed = 0;
            for (int i = 0; i < 50; i++) {
                if (context.createProducerTemplate()
                                .request("ksher:gatewayQuery", e -> e.getMessage()
                                        .setHeader("CamelKsherMchOrderNo", "A-1"))
                                .getException()
                        != null) {
                    failed++;
                }
            }
            System.out.println("NOTHREAD failed " + failed + " of 50, readiness "
                    + new KsherHealthCheck(context.getEndpoint("ksher:gatewayQuery", KsherEndpoint.class))
                            .call(Map.of())
                            .getState());
        }
    }
}
