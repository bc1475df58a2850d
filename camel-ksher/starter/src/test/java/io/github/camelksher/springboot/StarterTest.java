/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import static io.github.camelksher.springboot.Application.component;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.client.SignVersion;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import io.github.camelksher.error.KsherRejectedException;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.ContextReloadStrategy;
import org.apache.camel.support.DefaultContextReloadStrategy;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Real applications, with a configuration file each, on the simulator. The same classes run on every line of Boot. */
class StarterTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    @TempDir
    Path folder;

    private KsherSimulator ksher;

    @BeforeEach
    void openAnOrder(KsherSimulator simulator) {
        ksher = simulator;
        ksher.open(KsherOrder.of("A-1").amount(12_300, "THB"));
    }

    private Application application() throws IOException {
        return new Application(folder).on(ksher);
    }

    private Application applicationWithKey() throws IOException {
        return application().withKeyOf(ksher);
    }

    private void closesTheOrder(ConfigurableApplicationContext shop) {
        assertThat(Shop.close(shop, "A-1")).isTrue();
        assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.CLOSED);
    }

    @Test
    void closesAnOrderOnTheBootAndCamelThatThisModuleIsFor() throws IOException {
        try (ConfigurableApplicationContext shop = applicationWithKey().start()) {
            String camel = shop.getBean(CamelContext.class).getVersion();
            System.out.println("Ran on Spring Boot " + SpringBootVersion.getVersion() + ", Camel " + camel + ", Java "
                    + Runtime.version());
            assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("expected.boot"));
            assertThat(camel).isEqualTo(System.getProperty("expected.camel"));
            closesTheOrder(shop);
        }
    }

    @Test
    void aKeyThatWasRotatedIsReadByAReload() throws Exception {
        byte[] another = KeyPairGenerator.getInstance("RSA")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        try {
            System.setProperty("rotated.key", Base64.getEncoder().encodeToString(another));
            applicationWithKey().written();
            try (ConfigurableApplicationContext shop =
                    application().with("private-key={{rotated.key}}").start()) {
                assertThatThrownBy(() -> Shop.close(shop, "A-1")).hasRootCauseInstanceOf(KsherRejectedException.class);
                System.setProperty("rotated.key", "file:" + folder.resolve("merchant.pem"));
                ContextReloadStrategy reload = new DefaultContextReloadStrategy();
                reload.setCamelContext(shop.getBean(CamelContext.class));
                reload.onReload("the test");
                closesTheOrder(shop);
            }
        } finally {
            System.clearProperty("rotated.key");
        }
    }

    /** Java's properties keep the blanks at the end of a line. */
    @Test
    void blanksAtTheEndOfASettingAreNoPartOfIt() throws IOException {
        Application application = applicationWithKey()
                .with("app-id=" + ksher.appId() + " ")
                .with("private-key=file:" + folder.resolve("merchant.pem") + " \t")
                .with("api-url=" + ksher.apiUrl() + " ")
                .with("operator-id=7 ")
                .with("max-connections=7 ")
                .with("sign-version=V1 ")
                .with("check-nonce=false ");
        try (ConfigurableApplicationContext shop = application.start()) {
            assertThat(component(shop).getConfiguration().getAppId()).isEqualTo(ksher.appId());
            assertThat(component(shop).getConfiguration().getOperatorId()).isEqualTo("7");
            assertThat(component(shop).getConfiguration().isCheckNonce()).isFalse();
            assertThat(component(shop).getMaxConnections()).isEqualTo(7);
            closesTheOrder(shop);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "th-TH-u-ca-buddhist-nu-thai", "ar-EG-u-nu-arab"})
    void startsInEveryLanguage(String language) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try (ConfigurableApplicationContext shop = applicationWithKey()
                .with("sign-version=V1")
                .with("fail-on-result=true")
                .with("max-connections=7")
                .with("health-check-producer-enabled=true")
                .start()) {
            assertThat(component(shop).getMaxConnections()).isEqualTo(7);
            closesTheOrder(shop);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void neverClosesAPaidOrder() throws IOException {
        ksher.pay("A-1");
        try (ConfigurableApplicationContext shop = applicationWithKey().start()) {
            assertThat(Shop.close(shop, "A-1")).isFalse();
            assertThat(ksher.order("A-1").state()).isEqualTo(KsherOrder.State.SUCCESS);
        }
    }

    @Test
    void takesYamlWithTheKeyInIt() throws IOException {
        application().written();
        Files.writeString(
                folder.resolve("application.yaml"),
                "camel.component.ksher:\n  private-key: |\n"
                        + ksher.merchantKey().indent(4) + "  call-timeout: 45s\n  response-timeout: 1500\n");
        try (ConfigurableApplicationContext shop =
                new Application(folder).on(ksher).start()) {
            assertThat(component(shop).getConfiguration().getCallTimeout()).hasSeconds(45);
            assertThat(component(shop).getConfiguration().getResponseTimeout()).hasMillis(1500);
            closesTheOrder(shop);
        }
    }

    @Test
    void everyKindOfOptionArrives() throws IOException {
        Application application = applicationWithKey()
                .sources(Shop.class, Beans.class)
                .with("call-timeout=90s")
                .with("response-timeout=1000")
                .with("connect-timeout=PT5S")
                .with("max-connections=7")
                .with("max-reply-size=2048")
                .with("sign-version=v1")
                .with("check-nonce=false")
                .with("ssl-context-parameters=#bean:tls")
                .with("http-client-configurer=#counting")
                .with("channel={{shop.channel}}")
                .property("shop.channel=wechat");
        try (ConfigurableApplicationContext shop = application.start()) {
            KsherComponent component = component(shop);
            KsherConfiguration options = component.getConfiguration();
            assertThat(options.getCallTimeout()).isEqualTo(Duration.ofSeconds(90));
            assertThat(options.getResponseTimeout()).isEqualTo(Duration.ofSeconds(1));
            assertThat(component.getConnectTimeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(component.getMaxConnections()).isEqualTo(7);
            assertThat(options.getMaxReplySize()).isEqualTo(2048);
            assertThat(options.getSignVersion()).isEqualTo(SignVersion.V1);
            assertThat(options.isCheckNonce()).isFalse();
            assertThat(options.isVerifySignature()).isTrue();
            assertThat(options.getChannel()).isEqualTo("wechat");
            assertThat(component.getSslContextParameters()).isSameAs(shop.getBean("tls"));
            assertThat(component.getHttpClientConfigurer()).isSameAs(shop.getBean("counting"));
            closesTheOrder(shop);
            assertThat(shop.getBean(AtomicInteger.class))
                    .as("clients configured")
                    .hasPositiveValue();
        }
    }

    @Test
    void singleOptionsBeatTheConfigurationBeanAndLeaveItAlone() throws IOException {
        Application application = applicationWithKey()
                .sources(Shop.class, Beans.class)
                .with("configuration=#bean:base")
                .with("channel=alipay");
        try (ConfigurableApplicationContext shop = application.start()) {
            KsherConfiguration options = component(shop).getConfiguration();
            assertThat(options.getChannel()).isEqualTo("alipay");
            assertThat(options.getOperatorId()).isEqualTo("till-1");
            assertThat(shop.getBean(KsherConfiguration.class).getChannel()).isEqualTo("wechat");
            closesTheOrder(shop);
        }
    }

    @Test
    void aComponentOfYourOwnKeepsWhatNoPropertySays() throws IOException {
        try (ConfigurableApplicationContext shop = applicationWithKey()
                .sources(Shop.class, OwnComponent.class)
                .with("response-timeout=4s")
                .start()) {
            assertThat(component(shop)).isSameAs(shop.getBean("ksher"));
            assertThat(component(shop).getMaxConnections()).isEqualTo(3);
            assertThat(component(shop).getConfiguration().getCallTimeout()).hasSeconds(5);
            assertThat(component(shop).getConfiguration().getResponseTimeout()).hasSeconds(4);
            closesTheOrder(shop);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.ksher.enabled=false",
                "camel.component.enabled=false",
                "camel.component.ksher.customizer.enabled=false",
                "camel.component.customizer.enabled=false"
            })
    void switchedOffItSetsNothing(String off) throws IOException {
        try (ConfigurableApplicationContext shop = applicationWithKey()
                .sources(Empty.class)
                .with("channel=wechat")
                .property(off)
                .start()) {
            assertThat(component(shop).getConfiguration().getChannel()).isNull();
            assertThat(shop.getBeanNamesForType(KsherComponentConfiguration.class).length == 0)
                    .isEqualTo(!off.contains("customizer"));
        }
    }

    /** Boot 3.5 hands the text on, and the option is named. Boot 4.1 finds it first, and names the variable. */
    @ParameterizedTest
    @CsvSource({
        "private-key=${NO_SUCH_VARIABLE},privateKey",
        "app-id=${NO_SUCH_VARIABLE},appId",
        "api-url=https://${NO_SUCH_VARIABLE}/KsherPay,apiUrl",
        "proxy-host=${NO_SUCH_VARIABLE},proxyHost"
    })
    void variableThatIsNotSetIsCalledSo(String setting, String option) throws IOException {
        String failure = applicationWithKeyInIt().with(setting).failure();
        assertThat(failure)
                .containsPattern("Option " + option + " is or contains an unresolved placeholder"
                        + "|Could not resolve placeholder 'NO_SUCH_VARIABLE'");
        assertNoKey(failure);
    }

    @Test
    void switchedOffForAllAndOnForKsherItIsOn() throws IOException {
        try (ConfigurableApplicationContext shop = applicationWithKey()
                .property("camel.component.enabled=false")
                .with("enabled=true")
                .start()) {
            closesTheOrder(shop);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "app-id=,appId",
        "private-key=,privateKey",
        "private-key=file:no-such.pem,privateKey",
        "private-key=/etc/ksher/merchant.pem,file:",
        "api-url=ftp://x/y,apiUrl",
        "sign-version=V9,camel.component.ksher.sign-version",
        "call-timeout=soon,camel.component.ksher.call-timeout",
        "response-timeout=0,responseTimeout",
        "max-connections=0,maxConnections",
        "connect-timeout=-1,connectTimeout",
        "proxy-host=proxy.shop,proxyPort",
        "signature-provider=Nobody,signatureProvider",
        "ssl-context-parameters=tls,camel.component.ksher.ssl-context-parameters",
        "http-client-configurer=#bean:none,camel.component.ksher.http-client-configurer",
        "channel={{no.such.property}},no.such.property",
        "private-key={{no.such.property}},no.such.property"
    })
    void wrongOptionIsNamedAndTheKeyIsNotShown(String option, String named) throws IOException {
        String failure = applicationWithKeyInIt().with(option).failure();
        assertThat(failure).contains(named);
        assertNoKey(failure);
    }

    @Test
    void missingOptionIsNamed() throws IOException {
        assertThat(application().failure()).contains("Option privateKey is required");
    }

    @Test
    void aKeyThatCannotBeReadIsNotShown() throws IOException {
        String broken = keyText().substring(7);
        String failure = application().with("private-key=" + broken).failure();
        assertThat(failure).contains("privateKey").doesNotContain(broken.substring(0, 40));
        assertNoKey(failure);
    }

    /** To Camel a value like this is the name of a bean, and its failure says which. */
    @ParameterizedTest
    @ValueSource(strings = {"#bean:hush", "#class:hush"})
    void aPasswordThatIsTakenForABeanIsNotShown(String password) throws IOException {
        assertThat(applicationWithKey().with("proxy-auth-password=" + password).failure())
                .contains("Option proxyAuthPassword begins with #")
                .doesNotContain("hush");
    }

    /** To Camel they are a placeholder, and its failure repeats all of the text. */
    @ParameterizedTest
    @ValueSource(strings = {"hush{{hush", "hush{{hush}}", "{{env:hush}}hush"})
    void aPasswordWithBracesIsNotShown(String password) throws IOException {
        assertThat(applicationWithKey().with("proxy-auth-password=" + password).failure())
                .contains("Option proxyAuthPassword has {{ in it")
                .doesNotContain("hush");
        assertThat(applicationWithKey().with("private-key-password=" + password).failure())
                .contains("Option privateKeyPassword has {{ in it")
                .doesNotContain("hush");
    }

    /** As {@code ${PROXY_HOST:}} leaves it where there is no such variable. */
    @Test
    void anEmptyPropertySetsNothing() throws IOException {
        Application application = applicationWithKey();
        for (String option : MetadataTest.options()) {
            if (!List.of("app-id", "private-key", "api-url", "gateway-url", "ksher-public-key")
                    .contains(option)) {
                application.with(option + "=");
            }
        }
        try (ConfigurableApplicationContext shop = application.start()) {
            assertThat(component(shop).getMaxConnections()).isEqualTo(200);
            assertThat(component(shop).getConfiguration().getCallTimeout()).hasSeconds(60);
            assertThat(component(shop).getConfiguration().isVerifySignature()).isTrue();
            closesTheOrder(shop);
        }
    }

    /** In the file of options itself, where a failure's message is likeliest to repeat it. */
    private Application applicationWithKeyInIt() throws IOException {
        return application().with("private-key=" + keyText());
    }

    private String keyText() {
        return ksher.merchantKey().replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    private void assertNoKey(String text) {
        assertThat(text)
                .doesNotContain(keyText().substring(20, 60))
                .doesNotContain(keyText().substring(200, 240));
    }

    /** Nothing but what Boot and Camel bring. */
    @org.springframework.boot.SpringBootConfiguration
    @org.springframework.boot.autoconfigure.EnableAutoConfiguration
    static class Empty {}

    static class Beans {

        @Bean
        SSLContextParameters tls() {
            return new SSLContextParameters();
        }

        @Bean
        AtomicInteger clients() {
            return new AtomicInteger();
        }

        @Bean
        HttpClientConfigurer counting(AtomicInteger clients) {
            return builder -> clients.incrementAndGet();
        }

        @Bean
        KsherConfiguration base() {
            KsherConfiguration base = new KsherConfiguration();
            base.setOperatorId("till-1");
            base.setChannel("wechat");
            return base;
        }
    }

    static class OwnComponent {

        @Bean
        KsherComponent ksher() {
            KsherComponent component = new KsherComponent();
            component.setMaxConnections(3);
            component.getConfiguration().setCallTimeout(Duration.ofSeconds(5));
            return component;
        }
    }
}
