/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelksher.component.KsherEndpoint;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthCheckTest {

    private final Main main = new Main();
    private KsherStub stub;
    private String privateKey = Camel.KEY;

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub();
    }

    @AfterEach
    void stop() throws IOException {
        main.stop();
        stub.close();
    }

    @Test
    void isOffUnlessAskedFor() throws Exception {
        assertThat(readiness(start(false))).isEmpty();
    }

    @Test
    void isUpWhileKsherCanBeReachedAndSendsNothing() throws Exception {
        CamelContext context = start(true);

        HealthCheck.Result result = readiness(context).iterator().next();

        assertThat(result.getState()).isEqualTo(State.UP);
        assertThat(result.getCheck().getId()).isEqualTo("producer:ksher-orderClose-" + KsherStub.APP_ID);
        assertThat(result.getDetails()).containsEntry("endpoint.uri", stub.url() + "/KsherPay/order_close");
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void asksOnceForAllEndpointsOfAHost() throws Exception {
        CamelContext context = start(true);
        for (int i = 1; i <= 20; i++) {
            context.getEndpoint("ksher:orderQuery?channel=c" + i).start();
        }

        assertThat(readiness(context)).hasSize(21).allMatch(result -> result.getState() == State.UP);

        // The stub accepts connections in order, so once a call is answered all
        // earlier ones are counted.
        stub.echoing("SUCCESS", Map.of());
        context.createProducerTemplate().requestBodyAndHeader("direct:close", "", "CamelKsherMchOrderNo", "A-1");
        assertThat(stub.connections()).isEqualTo(2);
    }

    @Test
    void isDownWithTheReasonWhileItCannot() throws Exception {
        CamelContext context = start(true);
        stub.close();

        HealthCheck.Result result = readiness(context).iterator().next();

        assertThat(result.getState()).isEqualTo(State.DOWN);
        assertThat(result.getMessage().orElseThrow())
                .startsWith("No connection for ksher:orderClose")
                .contains("Connection refused");
    }

    @Test
    void isNoReasonToRestartTheApplication() throws Exception {
        CamelContext context = start(true);
        stub.close();

        assertThat(ours(HealthCheckHelper.invokeLiveness(context, "full"))).isEmpty();
    }

    @Test
    void goesWithItsEndpoint() throws Exception {
        CamelContext context = start(true);
        context.removeEndpoints("ksher:*");

        assertThat(readiness(context)).isEmpty();
    }

    @Test
    void canBeSwitchedOffOnTheComponentAlone() throws Exception {
        main.addOverrideProperty("camel.component.ksher.health-check-producer-enabled", "false");

        CamelContext context = start(true);

        assertThat(readiness(context)).extracting(HealthCheck.Result::getState).doesNotContain(State.UP, State.DOWN);
    }

    @Test
    void ofALazyEndpointIsDownWithTheReasonUntilItCanMakeCalls() throws Exception {
        main.addOverrideProperty("camel.component.ksher.lazy-start-producer", "true");
        privateKey = "file:no-such.pem";

        CamelContext context = start(true);

        HealthCheck.Result result = readiness(context).iterator().next();
        assertThat(result.getState()).isEqualTo(State.DOWN);
        assertThat(result.getMessage().orElseThrow())
                .isEqualTo(
                        "ksher:orderClose cannot make calls: Option privateKey names a file that does not exist: its path"
                                + " is relative, so it begins at the directory in which the JVM was started");

        context.getEndpoint("ksher:orderClose", KsherEndpoint.class)
                .getConfiguration()
                .setPrivateKey(Camel.KEY);
        assertThat(readiness(context)).extracting(HealthCheck.Result::getState).containsExactly(State.UP);
    }

    @Test
    void ofAnEndpointWhoseStartFailedIsGone() throws Exception {
        CamelContext context = start(true);
        KsherEndpoint endpoint = context.getEndpoint("ksher:orderClose", KsherEndpoint.class);
        endpoint.stop();
        endpoint.getConfiguration().setPrivateKey(null);
        assertThat(catchThrowable(endpoint::start)).isNotNull();

        assertThat(readiness(context)).isEmpty();

        endpoint.getConfiguration().setPrivateKey(Camel.KEY);
        endpoint.start();
        assertThat(readiness(context)).hasSize(1);
    }

    private CamelContext start(boolean producers) throws Exception {
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addOverrideProperty("camel.health.producers-enabled", String.valueOf(producers));
        main.addOverrideProperty("camel.component.ksher.app-id", KsherStub.APP_ID);
        main.addOverrideProperty("camel.component.ksher.private-key", privateKey);
        main.addOverrideProperty("camel.component.ksher.api-url", stub.url() + "/KsherPay");
        main.addOverrideProperty("camel.component.ksher.ksher-public-key", KsherStub.ksherPublicKey());
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:close").to("ksher:orderClose");
            }
        });
        main.start();
        return main.getCamelContext();
    }

    private static List<HealthCheck.Result> readiness(CamelContext context) {
        return ours(HealthCheckHelper.invokeReadiness(context, "full"));
    }

    private static List<HealthCheck.Result> ours(Collection<HealthCheck.Result> results) {
        return results.stream()
                .filter(result -> result.getCheck().getId().contains("ksher"))
                .toList();
    }
}
