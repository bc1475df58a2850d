/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a console for JMX shows, with camel-management. */
class JmxTest {

    private static final String DISABLED = "org.apache.camel.jmx.disabled";

    private final String before = System.getProperty(DISABLED);
    private KsherStub stub;
    private Camel camel;
    private MBeanServer server;

    @BeforeEach
    void start() throws Exception {
        System.setProperty(DISABLED, "false");
        stub = new KsherStub();
        camel = new Camel(stub);
        server = camel.context().getManagementStrategy().getManagementAgent().getMBeanServer();
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
        stub.close();
        if (before == null) {
            System.clearProperty(DISABLED);
        } else {
            System.setProperty(DISABLED, before);
        }
    }

    @Test
    void anEndpointHasItsCallsByOutcome() throws Exception {
        stub.echoing("SUCCESS", Map.of());
        route("ksher:orderQuery");
        camel.call("direct:ask", "A-1");
        camel.call("direct:ask", "A-2");
        stub.answering(Http.response(503, "", new byte[0]));
        camel.call("direct:ask", "A-3");

        ObjectName endpoint = only("endpoints", "\"ksher://orderQuery*\"");

        assertThat(server.getAttribute(endpoint, "CallsByOutcome"))
                .isEqualTo(Map.of("replied", 2L, "KsherHttpStatusException", 1L));
        assertThat(server.getAttribute(endpoint, "CallsTotal")).isEqualTo(3L);
        assertThat(server.getAttribute(endpoint, "CallsReplied")).isEqualTo(2L);
        assertThat(server.getAttribute(endpoint, "CallsFailed")).isEqualTo(1L);
    }

    @Test
    void theComponentHasItsPool() throws Exception {
        stub.echoing("SUCCESS", Map.of());
        camel.call("ksher:orderQuery", "A-1");

        ObjectName component = only("components", "\"ksher\"");

        assertThat(server.getAttribute(component, "PoolLeased")).isEqualTo(0);
        assertThat(server.getAttribute(component, "PoolAvailable")).isEqualTo(1);
        assertThat(server.getAttribute(component, "PoolPending")).isEqualTo(0);
        assertThat(server.getAttribute(component, "PoolMax")).isEqualTo(200);
    }

    @Test
    void noAttributeHasAKey() throws Exception {
        route("ksher:orderQuery?privateKeyPassword=pass-word-1&privateKey=" + Camel.KEY);

        assertThat(all(only("endpoints", "\"ksher://orderQuery*\"")).toString()).doesNotContain("pkcs1", "pass-word-1");
        assertThat(all(only("components", "\"ksher\"")).toString()).doesNotContain("pkcs1");
    }

    /** Camel manages the endpoints of routes; later ones of a template it does not. */
    private void route(String uri) throws Exception {
        camel.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").errorHandler(noErrorHandler()).to(uri);
            }
        });
    }

    private Map<String, Object> all(ObjectName name) throws Exception {
        Map<String, Object> values = new HashMap<>();
        for (String attribute : Arrays.stream(server.getMBeanInfo(name).getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toList()) {
            values.put(attribute, server.getAttribute(name, attribute));
        }
        return values;
    }

    private ObjectName only(String type, String name) throws Exception {
        Set<ObjectName> names = server.queryNames(
                new ObjectName("org.apache.camel:context=" + camel.context().getManagementName() + ",type=" + type
                        + ",name=" + name),
                null);
        assertThat(names).hasSize(1);
        return names.iterator().next();
    }
}
