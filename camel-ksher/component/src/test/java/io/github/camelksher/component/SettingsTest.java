/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings with the blanks, quotes and placeholders that files, shells and editors leave. */
class SettingsTest {

    /** All options that are a text, except the passwords. */
    private static final Map<String, BiConsumer<KsherComponent, String>> TEXTS = new LinkedHashMap<>(Map.of(
            "appId", (c, value) -> c.getConfiguration().setAppId(value),
            "privateKey", (c, value) -> c.getConfiguration().setPrivateKey(value),
            "ksherPublicKey", (c, value) -> c.getConfiguration().setKsherPublicKey(value),
            "apiUrl", (c, value) -> c.getConfiguration().setApiUrl(value),
            "gatewayUrl", (c, value) -> c.getConfiguration().setGatewayUrl(value),
            "channel", (c, value) -> c.getConfiguration().setChannel(value),
            "lang", (c, value) -> c.getConfiguration().setLang(value),
            "operatorId", (c, value) -> c.getConfiguration().setOperatorId(value),
            "signatureProvider", (c, value) -> c.getConfiguration().setSignatureProvider(value),
            "proxyHost", KsherComponent::setProxyHost));

    @TempDir
    Path folder;

    private KsherStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = new KsherStub().echoing("NOTPAY", Map.of());
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private static String key(String name) throws IOException {
        try (var in = SettingsTest.class.getResourceAsStream("/keys/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String bare(String pem) {
        return pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    }

    /** The visible part of it. */
    private String failure(String option, String value) {
        Throwable failure = catchThrowable(() -> {
            try (Camel camel = new Camel(stub, component -> TEXTS.get(option).accept(component, value))) {
                camel.context().getEndpoint("ksher:" + (option.equals("gatewayUrl") ? "gatewayQuery" : "orderQuery"));
            }
        });
        assertThat(failure).as(option + " " + value).isNotNull();
        while (failure.getCause() != null) {
            failure = failure.getCause();
        }
        return failure.getMessage();
    }

    static Stream<String> texts() {
        return TEXTS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aPlaceholderThatNothingResolvedIsCalledThat(String option) {
        for (String placeholder : new String[] {
            "${MY_VALUE}",
            "${env:MY_VALUE}",
            "{{MY_VALUE}}",
            "$MY_VALUE",
            "%MY_VALUE%",
            "@my.MY_VALUE@",
            "https://${MY_VALUE}/x",
            "file:${MY_VALUE}/merchant.pem",
            " ${MY_VALUE}\n"
        }) {
            assertThat(failure(option, placeholder))
                    .contains("Option " + option, "unresolved placeholder")
                    .doesNotContain("MY_VALUE");
        }
    }

    @Test
    void aPlaceholderInAUriIsCalledThat() {
        try (Camel camel = new Camel(stub)) {
            assertThat(catchThrowable(() -> camel.context().getEndpoint("ksher:orderQuery?privateKey=${KSHER_KEY}")))
                    .rootCause()
                    .hasMessageContaining("Option privateKey")
                    .hasMessageContaining("unresolved placeholder");
        }
    }

    @Test
    void aKeyWithADollarInItIsNotShown() throws IOException {
        String key = bare(key("pkcs1.pem"));
        for (String broken : new String[] {key.replace('+', '$'), "$" + key, "${" + key + "}"}) {
            assertThat(failure("privateKey", broken)).contains("privateKey").doesNotContain(key.substring(20, 60));
        }
    }

    @Test
    void anEncodedCharacterInAUrlIsNoPlaceholder() {
        stub.echoing("NOTPAY", Map.of());
        try (Camel camel = new Camel(
                stub, c -> c.getConfiguration().setApiUrl(stub.url() + "/%E6%94%AF/%41BC%20$now/KsherPay//"))) {
            assertThat(camel.call("ksher:orderQuery", "A-1").getException()).isNull();
            assertThat(stub.onlyRequest().line())
                    .isEqualTo("POST /%E6%94%AF/%41BC%20$now/KsherPay/order_query HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF%s", " %s ", "%s \t\r\n", "%s\u00A0", "\u3000%s\u2028"})
    void blanksAroundASettingAreNoPartOfIt(String form) {
        try (Camel camel = new Camel(stub, component -> {
            KsherConfiguration options = component.getConfiguration();
            options.setAppId(form.formatted(KsherStub.APP_ID));
            options.setPrivateKey(form.formatted(Camel.KEY));
            options.setKsherPublicKey(form.formatted(KsherStub.ksherPublicKey()));
            options.setApiUrl(form.formatted(stub.url() + "/KsherPay"));
            options.setGatewayUrl(form.formatted(stub.url() + "/api"));
            options.setChannel(form.formatted("wechat"));
            options.setOperatorId(form.formatted("7"));
            options.setLang(form.formatted("th"));
            options.setSignatureProvider(form.formatted("SunRsaSign"));
            component.setProxyHost(form.formatted("127.0.0.1"));
            component.setProxyPort(stub.port());
        })) {
            stub.echoing("CLOSED", Map.of());
            assertThat(camel.call("ksher:orderClose", "A-1").getException()).isNull();
            assertThat(stub.onlyRequest().form())
                    .containsEntry("appid", KsherStub.APP_ID)
                    .containsEntry("channel", "wechat")
                    .containsEntry("operator_id", "7");
            assertThat(camel.call("ksher:gatewayQuery", "A-1").getException()).isNull();
        }
    }

    @Test
    void blanksInAPasswordArePartOfIt() {
        KsherComponent component = new KsherComponent();
        component.getConfiguration().setPrivateKeyPassword(" secret ");
        component.setProxyAuthUsername("clerk ");
        component.setProxyAuthPassword(" secret ");
        assertThat(component.getConfiguration().getPrivateKeyPassword()).isEqualTo(" secret ");
        assertThat(component.getProxyAuthUsername()).isEqualTo("clerk ");
        assertThat(component.getProxyAuthPassword()).isEqualTo(" secret ");
    }

    @Test
    void blanksInAUriAreNoPartOfAnOption() {
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.call("ksher:orderQuery?appId=" + KsherStub.APP_ID + "%20&channel=wechat%20", "A-1")
                            .getException())
                    .isNull();
            assertThat(stub.onlyRequest().form())
                    .containsEntry("appid", KsherStub.APP_ID)
                    .containsEntry("channel", "wechat");
        }
    }

    @Test
    void blanksInAPropertiesFileAreNoPartOfAnOption() throws Exception {
        Path properties = folder.resolve("shop.properties");
        Files.writeString(
                properties,
                """
                camel.component.ksher.app-id=mch10001\s
                camel.component.ksher.private-key=classpath:keys/pkcs1.pem \t
                camel.component.ksher.ksher-public-key=%s\s
                camel.component.ksher.api-url=%s/KsherPay\s
                camel.component.ksher.operator-id=7\s
                camel.component.ksher.max-connections=7\s
                camel.component.ksher.call-timeout=45s\s
                camel.component.ksher.sign-version=V1\s
                camel.component.ksher.check-nonce=false\s
                """
                        .formatted(KsherStub.ksherPublicKey(), stub.url()));
        stub.echoing("CLOSED", Map.of());
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + properties);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:close")
                        .setHeader(KsherConstants.MCH_ORDER_NO, body())
                        .to("ksher:orderClose");
            }
        });
        try {
            main.start();
            main.getCamelTemplate().requestBody("direct:close", "A-1");
            KsherComponent component = main.getCamelContext().getComponent("ksher", KsherComponent.class);
            assertThat(component.getMaxConnections()).isEqualTo(7);
            assertThat(component.getConfiguration().getCallTimeout()).hasSeconds(45);
            assertThat(component.getConfiguration().isCheckNonce()).isFalse();
        } finally {
            main.stop();
        }
        assertThat(stub.onlyRequest().form())
                .containsEntry("appid", KsherStub.APP_ID)
                .containsEntry("operator_id", "7");
    }

    private void takesKey(String privateKey) {
        try (Camel camel = new Camel(stub, c -> c.getConfiguration().setPrivateKey(privateKey))) {
            assertThat(camel.call("ksher:orderQuery", "A-1").getException()).isNull();
        }
    }

    @Test
    void aKeyFileMayBeginWithAByteOrderMark() throws IOException {
        Path file = folder.resolve("merchant.pem");
        String pem = key("pkcs1.pem");
        for (String text : new String[] {pem, bare(pem)}) {
            Files.writeString(file, "\uFEFF" + text);
            takesKey("file:" + file);
            Files.writeString(file, "\uFEFF" + text, StandardCharsets.UTF_16LE);
            takesKey("file:" + file);
            Files.writeString(file, text, StandardCharsets.UTF_16);
            takesKey("file:" + file);
        }
    }

    /** As in Docker's env files. */
    @ParameterizedTest
    @ValueSource(strings = {"\"%s\"", "'%s'"})
    void quotesAroundAKeyAreNoPartOfIt(String quoted) throws IOException {
        takesKey(quoted.formatted(key("pkcs1.pem").replace("\n", "\\n")));
        takesKey(quoted.formatted(bare(key("pkcs1.pem"))));
        takesKey(quoted.formatted(Camel.KEY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ksher.example/支付",
                "https://münchen.example/KsherPay",
                "https://ksher.example/Ksher Pay",
                "https://ksher.example/100%",
                "https://ksher.example/%zz",
                "https:\\\\ksher.example\\KsherPay",
                "https://ksher.example/\u0007"
            })
    void aBaseUrlWithALetterThatNoUrlHasIsRefused(String url) {
        for (String option : new String[] {"apiUrl", "gatewayUrl"}) {
            assertThat(failure(option, url))
                    .contains("Option " + option + " is not a base URL", "not ASCII", "percent-encoded", "xn--")
                    .doesNotContain("ksher.example");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://[fe80::1%25eth0]/KsherPay",
                "https://clerk:secret@ksher.example",
                "https://ksher.example:0",
                "https://ksher.example:65536",
                "https://ksher.example?a=b",
                "https://ksher.example#a",
                "https:///KsherPay",
                "https://",
                "ksher.example/KsherPay",
                "ftp://ksher.example"
            })
    void whatIsNoBaseUrlIsRefused(String url) {
        assertThat(failure("apiUrl", url))
                .contains("Option apiUrl is not a base URL: it must be http:// or https://")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP://127.0.0.1:%d,/order_query",
        "http://127.0.0.1:%d/,/order_query",
        "Http://127.0.0.1:%d/a/,/a/order_query"
    })
    void aBaseUrlNeedsNoPathAndItsSchemeMayBeInCapitals(String url, String path) {
        try (Camel camel =
                new Camel(stub, c -> c.getConfiguration().setApiUrl(url.replace("%d", String.valueOf(stub.port()))))) {
            assertThat(camel.call("ksher:orderQuery", "A-1").getException()).isNull();
            assertThat(stub.onlyRequest().line()).isEqualTo("POST " + path + " HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"privateKey", "ksherPublicKey"})
    void aKeyFileThatCannotBeReadIsNotNamedButTheReasonIs(String option) throws IOException {
        Path unreadable = Files.writeString(folder.resolve("unreadable.pem"), "x");
        boolean everythingIsReadable = !unreadable.toFile().setReadable(false) || Files.isReadable(unreadable);

        assertThat(failure(option, "file:" + folder.resolve("no-such.pem")))
                .isEqualTo("Option " + option + " names a file that does not exist");
        assertThat(failure(option, "file:no-such.pem"))
                .contains("names a file that does not exist", "path is relative");
        assertThat(failure(option, "file:" + folder)).contains("names a directory");
        assertThat(failure(option, "classpath:no-such.pem")).contains("not on the class path");
        if (!everythingIsReadable) {
            assertThat(failure(option, "file:" + unreadable)).contains("this process may not read");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"privateKey", "ksherPublicKey"})
    void aPrefixBeforeTheKeyItselfIsCalledThat(String option) throws IOException {
        for (String key : new String[] {key("pkcs1.pem"), bare(key("pkcs1.pem")), bare(key("public-spki.pem"))}) {
            for (String prefix : new String[] {"file:", "file://", "classpath:"}) {
                assertThat(failure(option, prefix + key)).contains("looks like the key itself", "leave the prefix out");
            }
        }
        assertThat(failure(option, "FILE:/etc/ksher/key.pem"))
                .contains("a prefix that is neither file: nor classpath:");
        assertThat(failure(option, "C:\\keys\\key.pem")).contains("write a path as file:");
    }

    @Test
    void aFileThatHoldsSomethingElseIsNamedByItsOption() throws IOException {
        Path file = folder.resolve("merchant.der");
        Files.write(file, Base64.getDecoder().decode(bare(key("pkcs1.pem"))));
        assertThat(failure("privateKey", "file:" + file))
                .startsWith("Option privateKey is a DER file")
                .contains("openssl pkey");
        Files.write(file, new byte[0]);
        assertThat(failure("privateKey", "file:" + file)).startsWith("Option privateKey is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"appId", "channel", "lang", "operatorId"})
    void aValueThatKsherNeverTakesIsFoundOutAtTheStart(String option) {
        assertThat(failure(option, "x".repeat(33)))
                .isEqualTo("Option " + option + " has a value of 33 characters: Ksher takes 32 at most");
        assertThat(failure(option, "a\nb")).contains("Option " + option, "control character");
        assertThat(failure(option, "a\uD83D")).contains("Option " + option, "unpaired surrogate");
    }

    @Test
    void aValueAsLongAsKsherTakesIsTaken() {
        stub.echoing("NOTPAY", Map.of("appid", "\uD83D\uDE00".repeat(32)));
        try (Camel camel = new Camel(stub, c -> c.getConfiguration().setAppId("\uD83D\uDE00".repeat(32)))) {
            assertThat(camel.call("ksher:orderQuery", "A-1").getException()).isNull();
        }
    }
}
