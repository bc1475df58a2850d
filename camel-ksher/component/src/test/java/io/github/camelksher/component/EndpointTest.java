/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelksher.support.Camel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong options are reported by name when the endpoint is created or started, without a key. */
class EndpointTest extends EndpointTestSupport {

    private static String pem;

    @BeforeAll
    static void readKey() throws IOException {
        try (var in = EndpointTest.class.getResourceAsStream("/keys/pkcs1.pem")) {
            pem = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Throwable failure(String uri, Consumer<KsherComponent> more) {
        try (Camel camel = new Camel(stub, more)) {
            return catchThrowable(() -> camel.context().getEndpoint(uri));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ksher:orderFind,orderFind",
        "ksher:OrderQuery,OrderQuery",
        "ksher:orderQuery?appId=,appId",
        "ksher:orderQuery?privateKey=,privateKey",
        "ksher:orderQuery?privateKey=file:no-such.pem,privateKey",
        "ksher:orderQuery?privateKey=classpath:no-such.pem,privateKey",
        "ksher:orderQuery?privateKey=/etc/ksher/merchant.pem,file:",
        "ksher:orderQuery?privateKey=classpath:keys/pkcs1-aes256.pem,privateKeyPassword",
        "ksher:orderQuery?privateKey=classpath:keys/ec.pem,privateKey",
        "ksher:orderQuery?ksherPublicKey=nonsense,ksherPublicKey",
        "ksher:orderQuery?signatureProvider=Nobody,signatureProvider",
        "ksher:orderQuery?apiUrl=api.mch.ksher.net,apiUrl",
        "ksher:orderQuery?apiUrl=ftp://x/y,apiUrl",
        "ksher:orderQuery?apiUrl=http://127.0.0.1:65536/KsherPay,apiUrl",
        "ksher:gatewayQuery?gatewayUrl=https://u:p@x/y,gatewayUrl",
        "ksher:orderQuery?callTimeout=0,callTimeout",
        "ksher:orderQuery?responseTimeout=-1,responseTimeout",
        "ksher:orderQuery?maxReplySize=0,maxReplySize",
        "ksher:orderQuery?nosuch=1,nosuch"
    })
    void wrongOptionIsNamed(String uri, String name) {
        assertThat(innermost(failure(uri, component -> {}))).hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "callTimeout=abc,a number of milliseconds",
        "responseTimeout=abc,a number of milliseconds",
        "responseTimeout=30 seconds,a number of milliseconds",
        "responseTimeout=30x,a number of milliseconds",
        "maxReplySize=abc,a whole number",
        "maxReplySize=1.5,a whole number",
        "checkNonce=yes,true or false",
        "checkNonce=,true or false",
        "signVersion=V3,'V1, V2'",
        "privateKey=#bean:nobody,there is no bean"
    })
    void aValueOfTheWrongKindIsRefusedWithWhatTheOptionTakes(String option, String expected) {
        String name = option.substring(0, option.indexOf('='));
        Throwable failure = innermost(failure("ksher:orderQuery?" + option, component -> {}));
        assertThat(failure).hasMessageStartingWith("Option " + name).hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "appId=a&appId=b",
                "appId=a&appId=a",
                "appId=a&appid=b",
                "app-id=a&appId=b",
                "appId=a&configuration.appId=b",
                "privateKey=RAW(a)&privateKey=RAW(b)",
                "privateKeyPassword=a&privateKeyPassword=b",
                "ksherPublicKey=a&ksherPublicKey=b",
                "callTimeout=1s&callTimeout=2s",
                "checkNonce=true&checkNonce=false",
                "signVersion=V1&signVersion=V2",
                "maxReplySize=1&maxReplySize=2",
                "channel=a&channel=b",
                "lazyStartProducer=true&lazyStartProducer=false"
            })
    void anOptionThatIsGivenTwiceIsRefused(String options) {
        assertThat(innermost(failure("ksher:orderQuery?" + options, component -> {})))
                .hasMessageMatching("Option [\\w.-]+ is given more than once in the URI");
    }

    @Test
    void anOptionWithoutANameIsRefused() {
        assertThat(innermost(failure("ksher:orderQuery?appId=a&&channel=b", component -> {})))
                .hasMessageContaining("option without a name");
    }

    @Test
    void missingOptionIsNamed() {
        assertThat(innermost(
                        failure("ksher:orderQuery", c -> c.getConfiguration().setAppId(null))))
                .hasMessageContaining("appId");
        assertThat(innermost(
                        failure("ksher:orderQuery", c -> c.getConfiguration().setPrivateKey(null))))
                .hasMessageContaining("privateKey");
    }

    @ParameterizedTest
    @CsvSource({
        "connectTimeout,PT0S",
        "connectTimeout,PT0.0009S",
        "connectTimeout,P25D",
        "proxyPort,0",
        "proxyPort,65536",
        "proxyPort,"
    })
    void wrongOptionOfTheComponentIsNamed(String option, String value) {
        Throwable failure = catchThrowable(() -> new Camel(stub, component -> {
                    if (option.equals("connectTimeout")) {
                        component.setConnectTimeout(Duration.parse(value));
                    } else {
                        component.setProxyHost("127.0.0.1");
                        component.setProxyPort(value == null ? null : Integer.valueOf(value));
                    }
                })
                .close());
        assertThat(innermost(failure)).hasMessageContaining(option);
    }

    @Test
    void anEmptyOptionThatIsNotRequiredIsNone() throws Exception {
        stub.echoing("NOTPAY", Map.of());
        try (Camel camel = new Camel(stub, component -> {
            component.setProxyHost("");
            component.getConfiguration().setSignatureProvider("");
            component.getConfiguration().setPrivateKeyPassword("");
        })) {
            assertThat(camel.call("ksher:orderQuery", "A-1").getException()).isNull();
        }
    }

    @Test
    void keyIsShownNowhereInAFailure() {
        String key = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        for (String uri : new String[] {
            "ksher:orderQuery?privateKey=" + key,
            "ksher:orderQuery?privateKey=RAW(" + key.substring(9) + ")",
            "ksher:orderQuery?nosuch=1&privateKey=RAW(" + key + ")",
            "ksher:orderQuery?privatekey=RAW(" + key + ")",
            "ksher:orderQuery?privateKey=RAW(" + key + "\t" + key + ")",
            "ksher:orderQuery?channel=a\tb&privateKey=RAW(" + key + ")"
        }) {
            for (Throwable t = failure(uri, component -> {}); t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain(key.substring(20, 60));
            }
        }
    }

    @Test
    void takesKeyInTheUri() {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try (Camel camel = new Camel(stub)) {
            assertThatCode(() -> {
                        camel.context().getEndpoint("ksher:orderQuery?privateKey=RAW(" + base64 + ")");
                        camel.context()
                                .getEndpoint("ksher:orderQuery?privateKey=RAW(" + pem.replace("\n", "\\n") + ")");
                        camel.context().getEndpoint("ksher:orderQuery?privateKey=RAW(" + pem + ")");
                        camel.context()
                                .getEndpoint(
                                        "ksher:orderQuery?privateKeyPassword=secret&privateKey=classpath:keys/pkcs8-aes256.pem");
                    })
                    .doesNotThrowAnyException();
            assertThat(innermost(
                            catchThrowable(() -> camel.context().getEndpoint("ksher:orderQuery?privateKey=" + base64))))
                    .hasMessageContaining("RAW(");
            assertThat(camel.context().getEndpoints())
                    .allSatisfy(endpoint -> assertThat(endpoint.toString()).doesNotContain(base64.substring(20, 60)));
        }
    }

    @Test
    void endpointsWithDifferentKeysAreDifferent() {
        try (Camel camel = new Camel(stub)) {
            assertThat(camel.context().getEndpoint("ksher:orderQuery?privateKey=classpath:keys/rsa512.pem"))
                    .isNotSameAs(camel.context().getEndpoint("ksher:orderQuery?privateKey=classpath:keys/rsa2048.pem"));
        }
    }

    @Test
    void cannotBeAConsumer() throws Exception {
        try (Camel camel = new Camel(stub)) {
            Throwable failure = catchThrowable(() -> camel.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("ksher:orderQuery").to("log:x");
                }
            }));
            assertThat(innermost(failure)).hasMessageContaining("consumer");
        }
    }

    @Test
    void durationsAreTextOrMilliseconds() {
        try (Camel camel = new Camel(stub)) {
            KsherEndpoint endpoint = camel.context()
                    .getEndpoint("ksher:orderQuery?callTimeout=1500&responseTimeout=5s", KsherEndpoint.class);
            assertThat(endpoint.getConfiguration().getCallTimeout()).hasMillis(1500);
            assertThat(endpoint.getConfiguration().getResponseTimeout()).hasSeconds(5);
        }
    }

    @Test
    void componentOptionsAreWhatEndpointsBeginWithAndStayApart() {
        try (Camel camel = new Camel(stub, c -> c.getConfiguration().setChannel("wechat"))) {
            KsherEndpoint one = camel.context().getEndpoint("ksher:orderQuery?channel=alipay", KsherEndpoint.class);
            KsherEndpoint two = camel.context().getEndpoint("ksher:orderQuery", KsherEndpoint.class);
            assertThat(one.getConfiguration().getChannel()).isEqualTo("alipay");
            assertThat(two.getConfiguration().getChannel()).isEqualTo("wechat");
        }
    }
}
