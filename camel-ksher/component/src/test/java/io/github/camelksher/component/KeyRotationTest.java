/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.error.KsherSignatureException;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.MerchantKey;
import io.github.camelksher.support.Vault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.ContextReloadStrategy;
import org.apache.camel.support.DefaultContextReloadStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that change while the application runs: Camel's context is reloaded, nothing restarts. */
class KeyRotationTest {

    private final Main main = new Main();
    private KsherStub stub;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws Exception {
        stub = new KsherStub().echoing("NOTPAY", Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        main.stop();
        stub.close();
    }

    private void start(Map<String, String> properties) throws Exception {
        main.addInitialProperty("camel.component.ksher.app-id", KsherStub.APP_ID);
        main.addInitialProperty("camel.component.ksher.api-url", stub.url() + "/KsherPay");
        if (!properties.containsKey("camel.component.ksher.ksher-public-key")) {
            main.addInitialProperty("camel.component.ksher.ksher-public-key", KsherStub.ksherPublicKey());
        }
        properties.forEach(main::addInitialProperty);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:query").to("ksher:orderQuery");
                from("direct:dynamic").toD("ksher:orderQuery?channel=${header.wallet}");
            }
        });
        main.start();
    }

    private ContextReloadStrategy reload() throws Exception {
        CamelContext context = main.getCamelContext();
        ContextReloadStrategy reload = new DefaultContextReloadStrategy();
        reload.setCamelContext(context);
        context.addService(reload);
        reload.onReload("the test");
        return reload;
    }

    private Exchange send(String uri) throws Exception {
        return main.getCamelTemplate().request(uri, exchange -> {
            exchange.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "A-1");
            exchange.getMessage().setHeader("wallet", "wechat");
        });
    }

    private void assertSignedBy(MerchantKey key, String... uris) throws Exception {
        for (String uri : uris) {
            assertThat(send(uri).getException()).as(uri).isNull();
            assertThat(key.signed(stub.requests().get(stub.requests().size() - 1)))
                    .as(uri)
                    .isTrue();
        }
    }

    private static final String[] EVERY_WAY = {"direct:query", "direct:dynamic", "ksher:orderQuery"};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.ksher.private-key",
                "camel.component.ksher.privateKey",
                "camel.component.ksher.configuration.private-key"
            })
    void aKeyOfTheComponentThatAVaultRotatedIsUsedAfterAReload(String property) throws Exception {
        MerchantKey old = new MerchantKey();
        MerchantKey next = new MerchantKey();
        Vault.put("rotated", old.text());
        start(Map.of(property, "{{vault:rotated}}"));
        assertSignedBy(old, EVERY_WAY);

        Vault.put("rotated", next.text());
        assertSignedBy(old, EVERY_WAY);
        assertThat(reload().getLastError()).isNull();

        assertSignedBy(next, EVERY_WAY);
    }

    @Test
    void thePublicKeyRotatesToo() throws Exception {
        MerchantKey wrong = new MerchantKey();
        MerchantKey merchant = new MerchantKey();
        Vault.put("merchant", merchant.text());
        Vault.put("ksher", wrong.publicText());
        start(Map.of(
                "camel.component.ksher.private-key",
                "{{vault:merchant}}",
                "camel.component.ksher.ksher-public-key",
                "{{vault:ksher}}"));
        assertThat(send("direct:query").getException()).isInstanceOf(KsherSignatureException.class);

        Vault.put("ksher", KsherStub.ksherPublicKey());
        reload();

        assertSignedBy(merchant, EVERY_WAY);
    }

    @Test
    void aChangedPropertiesFileIsReadByAReload() throws Exception {
        MerchantKey old = new MerchantKey();
        MerchantKey next = new MerchantKey();
        Path file = Files.writeString(directory.resolve("secret.properties"), "the.key=" + old.text());
        main.setPropertyPlaceholderLocations("file:" + file);
        start(Map.of("camel.component.ksher.private-key", "{{the.key}}"));
        assertSignedBy(old, EVERY_WAY);

        Files.writeString(file, "the.key=" + next.text());
        reload();

        assertSignedBy(next, EVERY_WAY);
    }

    /** What a program sets after the properties were read is what it wants. */
    @Test
    void aKeyThatTheProgramHasSetStays() throws Exception {
        MerchantKey vaults = new MerchantKey();
        MerchantKey programs = new MerchantKey();
        Vault.put("rotated", vaults.text());
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport started) {
                started.getCamelContext()
                        .getComponent("ksher", KsherComponent.class)
                        .getConfiguration()
                        .setPrivateKey(programs.text());
            }
        });
        start(Map.of("camel.component.ksher.private-key", "{{vault:rotated}}"));

        reload();

        assertSignedBy(programs, EVERY_WAY);
    }

    static List<Supplier<String>> waysOfAVaultToBeAway() {
        return List.of(
                () -> {
                    throw new RuntimeCamelException("the secret is S3CRET");
                },
                () -> {
                    throw new IllegalStateException("the secret is S3CRET");
                },
                () -> null);
    }

    @ParameterizedTest
    @MethodSource("waysOfAVaultToBeAway")
    void aVaultThatIsAwayDuringAReloadLeavesTheKeyAsItWas(Supplier<String> away) throws Exception {
        MerchantKey key = new MerchantKey();
        Vault.put("rotated", key.text());
        start(Map.of("camel.component.ksher.private-key", "{{vault:rotated}}"));

        Vault.answer("rotated", away);
        assertThat(reload().getLastError()).isNull();

        assertSignedBy(key, EVERY_WAY);
    }

    /** The replacement has the component's options: a merchant's order must not be closed as another's. */
    @Test
    void anEndpointWhoseOptionsAProgramHasSetIsNotReplacedByOneWithOthers() throws Exception {
        MerchantKey key = new MerchantKey();
        start(Map.of("camel.component.ksher.private-key", key.text()));
        KsherEndpoint own = main.getCamelContext().getEndpoint("ksher:orderQuery?channel=wechat", KsherEndpoint.class);
        own.getConfiguration().setAppId("mch2");
        Producer producer = own.createProducer();
        producer.start();
        reload();
        int before = stub.requests().size();

        Exchange exchange = own.createExchange();
        exchange.getMessage().setHeader(KsherConstants.MCH_ORDER_NO, "A-1");

        assertThatThrownBy(() -> producer.process(exchange))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("options that are not in its URI");
        assertThat(stub.requests()).hasSize(before);
    }

    @Test
    void aKeyThatCannotBeReadMakesTheReloadFailAndIsNotInItsMessage() throws Exception {
        Vault.put("rotated", new MerchantKey().text());
        start(Map.of("camel.component.ksher.private-key", "{{vault:rotated}}"));

        Vault.put("rotated", "MIIBSECRETthatIsNoKey");
        Exception error = reload().getLastError();

        assertThat(error).hasStackTraceContaining("Option privateKey");
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("MIIBSECRET");
    }

    @Test
    void eachOfTwoComponentsReadsItsOwnProperty() throws Exception {
        MerchantKey one = new MerchantKey();
        MerchantKey next = new MerchantKey();
        Vault.put("rotated", one.text());
        Vault.put("thai", one.text());
        main.bind("thai", new KsherComponent());
        start(Map.of(
                "camel.component.ksher.private-key",
                "{{vault:rotated}}",
                "camel.component.thai.app-id",
                KsherStub.APP_ID,
                "camel.component.thai.api-url",
                stub.url() + "/KsherPay",
                "camel.component.thai.ksher-public-key",
                KsherStub.ksherPublicKey(),
                "camel.component.thai.private-key",
                "{{vault:thai}}"));
        assertSignedBy(one, "direct:query", "thai:orderQuery");

        Vault.put("thai", next.text());
        reload();

        assertSignedBy(one, EVERY_WAY);
        assertSignedBy(next, "thai:orderQuery");
    }

    /** Removing a route stops the endpoints that only it uses, which a template uses, too. */
    @Test
    void aTemplateGoesOnAfterTheRouteOfItsEndpointIsRemoved() throws Exception {
        MerchantKey key = new MerchantKey();
        start(Map.of("camel.component.ksher.private-key", key.text()));
        assertSignedBy(key, EVERY_WAY);
        main.getCamelContext().getRouteController().stopAllRoutes();
        for (Route route : List.copyOf(main.getCamelContext().getRoutes())) {
            main.getCamelContext().removeRoute(route.getRouteId());
        }

        assertSignedBy(key, "ksher:orderQuery");
    }
}
