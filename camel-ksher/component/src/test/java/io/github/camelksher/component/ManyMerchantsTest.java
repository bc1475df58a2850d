/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.MerchantKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One route for many merchants: each has a number and a key of its own, and all share one pool. */
class ManyMerchantsTest {

    private static final int MERCHANTS = 40;
    private static final int REMEMBERED = 10;

    private final Main main = new Main();
    private final Map<String, MerchantKey> keys = new HashMap<>();
    private KsherStub stub;
    private ProducerTemplate template;

    @TempDir
    Path directory;

    /** As in docs/ksher-component.adoc. */
    static class ManyMerchants extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:query")
                    // Becomes part of a URI: anything else could set other options, such as verifySignature.
                    .filter(simple("${header.merchant} !regex '[A-Za-z0-9]{1,32}'"))
                    .throwException(IllegalArgumentException.class, "the header merchant has no merchant's number")
                    .end()
                    .toD(
                            "ksher:orderQuery?appId=${header.merchant}&privateKey=file:{{keys}}/${header.merchant}.pem",
                            2500);
        }
    }

    @BeforeEach
    void start() throws Exception {
        stub = new KsherStub();
        for (int i = 1; i <= MERCHANTS; i++) {
            MerchantKey key = new MerchantKey();
            keys.put("mch" + i, key);
            Files.writeString(directory.resolve("mch" + i + ".pem"), key.text());
        }
        Map<String, String> properties = Map.of(
                "camel.component.ksher.api-url", stub.url() + "/KsherPay",
                "camel.component.ksher.ksher-public-key", KsherStub.ksherPublicKey(),
                "camel.main.globalOptions.CamelMaximumEndpointCacheSize", String.valueOf(REMEMBERED),
                "camel.health.producersEnabled", "true",
                "keys", directory.toString());
        properties.forEach(main::addInitialProperty);
        main.configure().addRoutesBuilder(new ManyMerchants());
        main.start();
        template = main.getCamelTemplate();
    }

    @AfterEach
    void stop() throws IOException {
        main.stop();
        stub.close();
    }

    private void query(String merchant) {
        stub.echoing("NOTPAY", Map.of("appid", merchant));
        Exchange exchange = template.request("direct:query", before -> {
            before.getMessage().setHeader("merchant", merchant);
            before.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "A-1");
        });
        assertThat(exchange.getException()).as(merchant).isNull();
    }

    @Test
    void eachCallHasTheNumberOfItsMerchantAndItsSignature() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (String merchant : keys.keySet()) {
                query(merchant);

                List<Http.Request> requests = stub.requests();
                Http.Request request = requests.get(requests.size() - 1);
                assertThat(request.form()).containsEntry("appid", merchant);
                assertThat(keys.get(merchant).signed(request)).as(merchant).isTrue();
            }
        }
        assertThat(main.getCamelContext()
                        .getComponent("ksher", KsherComponent.class)
                        .http()
                        .state())
                .satisfies(pool -> assertThat(pool.available() + pool.leased()).isEqualTo(1));
        assertThat(stub.connections()).isEqualTo(1);
    }

    @Test
    void aMerchantsNumberCannotSetAnOption() {
        Exchange exchange = template.request("direct:query", before -> {
            before.getMessage().setHeader("merchant", "mch1&verifySignature=false");
            before.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "A-1");
        });

        assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void aKeyCanBeInTheRegistry() throws Exception {
        main.getCamelContext().getRegistry().bind("key-mch1", keys.get("mch1").text());
        stub.echoing("NOTPAY", Map.of("appid", "mch1"));

        template.requestBodyAndHeader(
                "ksher:orderQuery?appId=mch1&privateKey=#bean:key-mch1", "", KsherConstants.MCH_ORDER_NO, "A-1");

        assertThat(keys.get("mch1").signed(stub.requests().get(0))).isTrue();
    }

    /**
     * Camel does not stop an endpoint that only its registry knew, so nothing would remove its
     * check, which would keep it in memory.
     */
    @Test
    @Timeout(60)
    void anEndpointThatCamelForgotLeavesNoHealthCheck() {
        CamelContext context = main.getCamelContext();
        int created = 0;
        do {
            for (int i = 1; i <= MERCHANTS; i++) {
                context.getEndpoint("ksher:orderQuery?appId=mch" + i + "&privateKey=file:{{keys}}/mch" + i
                        + ".pem&operatorId=" + created);
            }
            created += MERCHANTS;
            System.gc();
            // The checks of forgotten endpoints go when the next one comes.
            context.getEndpoint("ksher:orderQuery?appId=mch1&privateKey=file:{{keys}}/mch1.pem&operatorId=x" + created);
        } while (checks(context) > 2 * REMEMBERED && created < 20 * MERCHANTS);

        assertThat(checks(context)).isBetween((long) REMEMBERED, 2L * REMEMBERED);
    }

    private static long checks(CamelContext context) {
        return HealthCheckHelper.getHealthCheckRepository(context, "producers", WritableHealthCheckRepository.class)
                .stream()
                .filter(KsherHealthCheck.class::isInstance)
                .count();
    }
}
