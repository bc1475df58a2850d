/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.recipes;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.simulator.CallRecord;
import io.github.camelksher.simulator.KsherSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Documented routes on the simulator. What a page calls direct:something of your own
 * is a mock:something here.
 */
abstract class RecipesTestSupport extends CamelTestSupport {

    static KsherSimulator ksher;

    @BeforeAll
    static void startKsher() throws Exception {
        ksher = KsherSimulator.builder().port(0).queryInterval(Duration.ZERO).start();
    }

    @AfterAll
    static void stopKsher() {
        ksher.close();
    }

    @BeforeEach
    void forgetOrders() {
        ksher.reset();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        KsherComponent component = new KsherComponent();
        component.getConfiguration().setAppId(ksher.appId());
        component.getConfiguration().setPrivateKey(ksher.merchantKey());
        component.getConfiguration().setKsherPublicKey(ksher.publicKey());
        component.getConfiguration().setApiUrl(ksher.apiUrl());
        component.getConfiguration().setGatewayUrl(ksher.gatewayUrl());
        camel.addComponent("ksher", component);
        Properties properties = new Properties();
        properties.setProperty("ksher.pace", "5");
        properties.setProperty("ksher.late", "5");
        properties.setProperty("orders.in", "direct:ordersIn");
        properties.setProperty("orders.out", "mock:ordersOut");
        camel.getPropertiesComponent().setOverrideProperties(properties);
        return camel;
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() {
        return Stream.concat(documented().stream(), Stream.of(yourOwn())).toArray(RoutesBuilder[]::new);
    }

    abstract List<RouteBuilder> documented();

    private static RouteBuilder yourOwn() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                Stream.of("paid", "closed", "again", "person", "look", "dead", "found", "over")
                        .forEach(name -> from("direct:" + name).to("mock:" + name));
            }
        };
    }

    MockEndpoint expect(String name, int messages) {
        MockEndpoint mock = getMockEndpoint("mock:" + name);
        mock.expectedMessageCount(messages);
        return mock;
    }

    static List<String> operations(String order) {
        return ksher.calls().stream()
                .filter(call -> order.equals(call.order()))
                .map(CallRecord::operation)
                .toList();
    }
}
