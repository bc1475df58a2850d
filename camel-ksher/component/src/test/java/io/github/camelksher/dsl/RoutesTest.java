/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.dsl;

import static io.github.camelksher.builder.endpoint.StaticEndpointBuilders.ksher;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.component.KsherEndpoint;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.support.Lines;
import io.github.camelksher.support.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.CloseOrders;

/**
 * The same route in each of Camel's languages, in a Camel Main that gets its key as from a vault.
 */
class RoutesTest {

    private final Main main = new Main();
    private KsherSimulator ksher;

    @BeforeEach
    void start() throws Exception {
        ksher = KsherSimulator.builder().queryInterval(Duration.ZERO).port(0).start();
        ksher.open(KsherOrder.of("A-1"));
        Vault.put("ksher-key", ksher.merchantKey());
        Vault.put("ksher-public", ksher.publicKey());
    }

    @AfterEach
    void stop() {
        main.stop();
        ksher.close();
    }

    @Test
    void xml() throws Exception {
        Lines.need("camel-xml-io-dsl");
        closesAnOrder("classpath:routes/ksher.xml");
    }

    @Test
    void yaml() throws Exception {
        closesAnOrder("classpath:routes/ksher.yaml");
    }

    @Test
    void theJavaOfGettingStartedClosesTheOrder() throws Exception {
        closesTheOrderByItself(camel -> camel.addRoutes(new CloseOrders()));
    }

    @Test
    void theYamlOfGettingStartedClosesTheOrder() throws Exception {
        closesTheOrderByItself(camel -> load(camel, "yaml"));
    }

    @Test
    void theXmlOfGettingStartedClosesTheOrder() throws Exception {
        Lines.need("camel-xml-io-dsl");
        closesTheOrderByItself(camel -> load(camel, "xml"));
    }

    /** The page's block in this language that has a route in it. */
    private static void load(CamelContext camel, String language) throws Exception {
        Matcher block = Pattern.compile("```" + language + "\n([^`]*ksher:orderQuery[^`]*)```")
                .matcher(Files.readString(Path.of("../../docs/getting-started.md")));
        assertThat(block.find()).as("a route in " + language).isTrue();
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("close." + language, block.group(1)));
    }

    private void closesTheOrderByItself(ThrowingConsumer<CamelContext> routes) throws Exception {
        startOnTheSimulator();
        NotifyBuilder done =
                new NotifyBuilder(main.getCamelContext()).whenDone(1).create();

        routes.accept(main.getCamelContext());

        assertThat(done.matches(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
    }

    @Test
    void javaWithTheEndpointDsl() throws Exception {
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:start")
                        .setHeader(KsherConstants.MCH_ORDER_NO, body())
                        .to(ksher("orderQuery")
                                .appId(ksher.appId())
                                .privateKey("RAW({{vault:ksher-key}})")
                                .ksherPublicKey("RAW({{vault:ksher-public}})")
                                .callTimeout("45s")
                                .advanced()
                                .maxReplySize(4096))
                        .to(ksher("orderClose"));

                from("direct:ask")
                        .setHeader(KsherConstants.MCH_ORDER_NO, body())
                        .to(ksher("orderQuery").channel("wechat").callTimeout("45s"));
            }
        });
        closesAnOrder(null);
        assertThat(main.getCamelTemplate().requestBody("direct:ask", "A-1")).isInstanceOf(OrderQueryReply.class);

        KsherEndpoint endpoint = main.getCamelContext().getEndpoints().stream()
                .filter(KsherEndpoint.class::isInstance)
                .map(KsherEndpoint.class::cast)
                .filter(each -> each.getConfiguration().getMaxReplySize() == 4096)
                .findFirst()
                .orElseThrow();
        assertThat(endpoint.getConfiguration().getCallTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(endpoint.getOperation().name()).isEqualTo("orderQuery");
    }

    private void closesAnOrder(String routes) throws Exception {
        if (routes != null) {
            main.configure().withRoutesIncludePattern(routes);
        }
        startOnTheSimulator();

        Object reply = main.getCamelTemplate().requestBody("direct:start", "A-1");

        assertThat(reply).isInstanceOf(OrderCloseReply.class);
        assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
    }

    private void startOnTheSimulator() throws Exception {
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addOverrideProperty("camel.component.ksher.app-id", ksher.appId());
        main.addOverrideProperty("camel.component.ksher.private-key", "{{vault:ksher-key}}");
        main.addOverrideProperty("camel.component.ksher.ksher-public-key", "{{vault:ksher-public}}");
        main.addOverrideProperty("camel.component.ksher.api-url", ksher.apiUrl());
        main.addOverrideProperty("camel.component.ksher.gateway-url", ksher.gatewayUrl());
        main.start();
    }
}
