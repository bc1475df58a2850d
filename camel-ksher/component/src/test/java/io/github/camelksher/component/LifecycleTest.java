/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.support.Camel;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts, stops and restarts of endpoints, components and contexts. */
class LifecycleTest extends EndpointTestSupport {

    /** Spring Boot sets the options of a component that is initialised. */
    @Test
    void componentOptionsCountUntilItStarts() {
        KsherComponent component = new KsherComponent();
        try (Camel camel = new Camel(stub)) {
            component.setCamelContext(camel.context());
            component.init();
            component.setMaxConnections(-1);
            assertThat(innermost(catchThrowable(component::start))).hasMessageContaining("maxConnections");
        }
    }

    @Test
    void aComponentThatWasShutDownWorksWhenItIsStartedAgain() throws Exception {
        stub.echoing("NOTPAY", Map.of());
        AtomicReference<KsherComponent> used = new AtomicReference<>();
        new Camel(stub, used::set).close();
        try (CamelContext another = new DefaultCamelContext()) {
            another.addComponent("ksher", used.get());
            another.start();
            Exchange answered = another.createProducerTemplate()
                    .request("ksher:orderQuery", exchange -> exchange.getMessage()
                            .setHeader(KsherConstants.MCH_ORDER_NO, "A-1"));
            assertThat(answered.getException()).isNull();
        }
    }

    @Test
    void aComponentIsInOneContextAtATime() throws Exception {
        stub.echoing("NOTPAY", Map.of());
        AtomicReference<KsherComponent> used = new AtomicReference<>();
        try (Camel camel = new Camel(stub, used::set)) {
            for (boolean running : new boolean[] {false, true}) {
                CamelContext another = new DefaultCamelContext();
                if (running) {
                    another.start();
                }
                assertThat(catchThrowable(() -> another.addComponent("ksher", used.get())))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(
                                "in use by the Camel context " + camel.context().getName());
                another.stop();
                assertThat(camel.call("ksher:orderQuery", "A-1").getException()).isNull();
            }
            camel.context().removeComponent("ksher");
            try (CamelContext another = new DefaultCamelContext()) {
                another.addComponent("ksher", used.get());
                another.start();
                assertThat(another.getEndpoint("ksher:orderQuery")).isNotNull();
            }
        }
    }

    @Test
    void aComponentOfAContextThatIsNotYetStartedCannotBeTakenByAnother() throws Exception {
        KsherComponent component = new KsherComponent();
        try (CamelContext one = new DefaultCamelContext();
                CamelContext another = new DefaultCamelContext()) {
            one.addComponent("ksher", component);
            assertThat(catchThrowable(() -> another.addComponent("ksher", component)))
                    .hasMessageContaining("in use by the Camel context " + one.getName());
        }
    }

    @Test
    void anEndpointWhoseRestartFailedCallsNoMore() throws Exception {
        stub.echoing("NOTPAY", Map.of());
        int before = stub.requests().size();
        try (Camel camel = new Camel(stub)) {
            for (String operation : new String[] {"orderQuery", "verifyNotification"}) {
                KsherEndpoint endpoint = camel.context().getEndpoint("ksher:" + operation, KsherEndpoint.class);
                Producer producer = endpoint.createProducer();
                producer.start();
                endpoint.stop();
                assertThat(catchThrowable(() -> producer.process(endpoint.createExchange())))
                        .hasMessageContaining("ksher:" + operation + " is not started");

                String appId = endpoint.getConfiguration().getAppId();
                endpoint.getConfiguration().setAppId(null);
                assertThat(catchThrowable(endpoint::start)).isNotNull();
                assertThat(catchThrowable(() -> producer.process(endpoint.createExchange())))
                        .hasMessageContaining("ksher:" + operation + " is not started");

                endpoint.getConfiguration().setAppId(appId);
                endpoint.start();
                assertThat(endpoint.isOpen()).isTrue();
            }
            assertThat(stub.requests()).hasSize(before);
            assertThat(camel.call("ksher:orderQuery", "A-1").getException()).isNull();
        }
    }

    private static Camel withoutAKey(boolean lazy) {
        return new Camel(stub, component -> {
            component.getConfiguration().setPrivateKey(null);
            component.setLazyStartProducer(lazy);
        });
    }

    @ParameterizedTest
    @CsvSource({"true,ksher:orderQuery", "false,ksher:orderQuery?lazyStartProducer=true"})
    void aLazyEndpointLetsTheContextStartWithoutItsKeyAndFailsByMessage(boolean onTheComponent, String uri)
            throws Exception {
        stub.echoing("NOTPAY", Map.of());
        try (Camel camel = withoutAKey(onTheComponent)) {
            camel.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(IllegalArgumentException.class).handled(true).setBody(simple("${exception.message}"));
                    from("direct:to").to(uri);
                    from("direct:toD").toD(uri + (uri.contains("?") ? "&" : "?") + "channel=${header.channel}");
                }
            });
            for (String route : new String[] {"direct:to", "direct:toD"}) {
                Map<String, Object> headers =
                        Map.of("CamelKsherMchOrderNo", "A-1", "channel", "wechat", "CamelKsherCode", 7);
                Exchange failed = camel.call(route, headers);
                assertThat(failed.getException()).isNull();
                assertThat(failed.getMessage().getBody(String.class)).startsWith("Option privateKey is required");
                assertThat(failed.getMessage().getHeader(KsherConstants.CODE)).isNull();
            }
            // The key arrives: no restart is needed.
            for (Endpoint endpoint : camel.context().getEndpoints()) {
                if (endpoint instanceof KsherEndpoint ksher) {
                    ksher.getConfiguration().setPrivateKey(Camel.KEY);
                }
            }
            for (String route : new String[] {"direct:to", "direct:toD"}) {
                Exchange answered = camel.call(route, Map.of("CamelKsherMchOrderNo", "A-1", "channel", "wechat"));
                assertThat(answered.getMessage().getBody()).isInstanceOf(OrderQueryReply.class);
            }
        }
    }

    @Test
    void anEndpointThatIsNotLazyIsCheckedAtTheStart() {
        try (Camel camel = withoutAKey(false)) {
            assertThat(innermost(catchThrowable(() -> camel.context().getEndpoint("ksher:orderQuery"))))
                    .hasMessageContaining("Option privateKey is required");
        }
    }

    @Test
    void aComponentThatCouldNotStartStartsOnceItIsCorrected() {
        KsherComponent component = new KsherComponent();
        try (Camel camel = new Camel(stub)) {
            component.setCamelContext(camel.context());
            component.setMaxConnections(0);
            assertThat(catchThrowable(component::start)).isNotNull();
            component.setMaxConnections(1);
            component.start();
            assertThat(component.isStarted()).isTrue();
            component.shutdown();
        }
    }
}
