/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.main.Main;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locales in which i has another capital, digits are not 0 to 9, or the year is another. */
class LocaleTest {

    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    /** The options in the component's properties and in URIs, in each spelling that Camel takes. */
    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "az-AZ", "lt-LT", "th-TH-u-ca-buddhist-nu-thai", "ar-EG-u-nu-arab"})
    void optionsAreKnownByTheirNames(String language, @TempDir Path folder) throws Exception {
        Locale.setDefault(Locale.forLanguageTag(language));
        Main main = new Main();
        try (KsherSimulator ksher =
                KsherSimulator.builder().queryInterval(Duration.ZERO).start()) {
            ksher.open(KsherOrder.of("A-1"));
            Path key = Files.writeString(folder.resolve("merchant.pem"), ksher.merchantKey());
            Path publicKey = Files.writeString(folder.resolve("ksher.pem"), ksher.publicKey());
            main.setDefaultPropertyPlaceholderLocation("false");
            main.addOverrideProperty("camel.component.ksher.app-id", ksher.appId());
            main.addOverrideProperty("camel.component.ksher.private-key", "file:" + key);
            main.addOverrideProperty("camel.component.ksher.ksher-public-key", "file:" + publicKey);
            main.addOverrideProperty("camel.component.ksher.api-url", ksher.apiUrl());
            main.addOverrideProperty("camel.component.ksher.gatewayUrl", ksher.gatewayUrl());
            main.addOverrideProperty("camel.component.ksher.sign-version", "V1");
            main.addOverrideProperty("camel.component.ksher.max-reply-size", "4096");
            main.addOverrideProperty("camel.component.ksher.max-connections", "7");
            main.addOverrideProperty("camel.component.ksher.fail-on-result", "true");
            main.addOverrideProperty("camel.component.ksher.call-timeout", "45s");
            main.configure().addRoutesBuilder(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:close")
                            .setHeader(KsherConstants.MCH_ORDER_NO, body())
                            .to("ksher:orderQuery?appId=" + ksher.appId() + "&privateKey=file:" + key
                                    + "&signVersion=V1&failOnResult=true&verifySignature=true&maxReplySize=2048")
                            .to("ksher:orderClose?operatorId=7&apiUrl=" + ksher.apiUrl());
                }
            });
            main.start();

            assertThat(main.getCamelTemplate().requestBody("direct:close", "A-1"))
                    .isInstanceOf(OrderCloseReply.class);

            assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
            KsherComponent component = main.getCamelContext().getComponent("ksher", KsherComponent.class);
            assertThat(component.getMaxConnections()).isEqualTo(7);
            assertThat(component.getConfiguration().getMaxReplySize()).isEqualTo(4096);
        } finally {
            main.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "th-TH-u-ca-buddhist-nu-thai", "ar-EG-u-nu-arab", "fa-IR-u-ca-persian-nu-arabext"})
    void digitsAreThoseThatKsherReads(String language) throws Exception {
        Locale.setDefault(Locale.forLanguageTag(language));
        try (KsherStub stub = new KsherStub().echoing("NOTPAY", Map.of("total_fee", "100"));
                Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderQuery", Map.of("CamelKsherMchOrderNo", 12345678901L))
                            .getException())
                    .isNull();
            assertThat(stub.onlyRequest().form().get("time_stamp")).matches("20[0-9]{12}");
            assertThat(stub.onlyRequest().form().get("mch_order_no")).isEqualTo("12345678901");
            assertThat((String) PluginHelper.getDevConsoleResolver(camel.context())
                            .resolveDevConsole("ksher")
                            .call(MediaType.TEXT))
                    .startsWith("Connections: 0 in use, 1 idle, 0 calls waiting, at most 200");
        }
    }
}
