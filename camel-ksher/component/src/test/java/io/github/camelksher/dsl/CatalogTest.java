/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.component.KsherComponent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.junit.jupiter.api.Test;

/**
 * What an editor or Camel's validating plugins say of a ksher URI, from the schema
 * in the jar alone.
 */
class CatalogTest {

    private static final String KEYS = "appId=mch1&privateKey=file:merchant.pem";

    private final CamelCatalog catalog = new DefaultCamelCatalog();

    CatalogTest() throws IOException {
        try (InputStream json = getClass().getResourceAsStream("/META-INF/io/github/camelksher/component/ksher.json")) {
            catalog.addComponent(
                    "ksher",
                    "io.github.camelksher.component.KsherComponent",
                    new String(json.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void takesAGoodUri() {
        EndpointValidationResult result = validate("ksher:gatewayCancel?" + KEYS
                + "&lang=en&signVersion=V2&callTimeout=45s&maxReplySize=4096&failOnResult=false");

        assertThat(result.isSuccess()).as(result.summaryErrorMessage(false)).isTrue();
    }

    @Test
    void namesAnUnknownOptionAndWhatItMayHaveBeen() {
        EndpointValidationResult result = validate("ksher:orderQuery?" + KEYS + "&callTimeOuts=45s");

        assertThat(result.getUnknown()).containsExactly("callTimeOuts");
    }

    @Test
    void doesNotAskForWhatTheComponentMayHave() {
        assertThat(validate("ksher:orderQuery").isSuccess()).isTrue();
        assertThat(validate("ksher:verifyNotification?appId=mch1").isSuccess()).isTrue();
    }

    @Test
    void demandsNoOptionThatTheComponentMayHaveNorForgivesAnother() {
        assertThat(validate("ksher:orderQuery?lang=en").isSuccess()).isTrue();
        assertThat(validate("ksher:orderQuery?nope=1").isSuccess()).isFalse();
        assertThat(validate("ksher:orderRefund").isSuccess()).isFalse();
    }

    /** Camel's plugin for IntelliJ looks beside the component's class. */
    @Test
    void theSchemaBesideTheComponentIsTheSame() throws IOException {
        try (InputStream json = getClass().getResourceAsStream("/META-INF/io/github/camelksher/component/ksher.json");
                InputStream beside = KsherComponent.class.getResourceAsStream("ksher.json")) {
            assertThat(beside).isNotNull().hasSameContentAs(json);
        }
    }

    @Test
    void namesAMissingOption() {
        assertThat(validate("ksher:?" + KEYS).getRequired()).containsExactly("operation");
    }

    @Test
    void namesABadValue() {
        assertThat(validate("ksher:orderRefund?" + KEYS).getInvalidEnum()).containsEntry("operation", "orderRefund");
        assertThat(validate("ksher:orderQuery?" + KEYS + "&signVersion=V3").getInvalidEnum())
                .containsEntry("signVersion", "V3");
        assertThat(validate("ksher:orderQuery?" + KEYS + "&maxReplySize=many").getInvalidInteger())
                .containsEntry("maxReplySize", "many");
        assertThat(validate("ksher:orderQuery?" + KEYS + "&checkNonce=perhaps").getInvalidBoolean())
                .containsEntry("checkNonce", "perhaps");
        assertThat(validate("ksher:orderQuery?" + KEYS + "&responseTimeout=soon")
                        .getInvalidDuration())
                .containsEntry("responseTimeout", "soon");
    }

    @Test
    void refusesItAsAConsumer() {
        assertThat(catalog.validateEndpointProperties("ksher:orderQuery?" + KEYS, false, true, false)
                        .getNotConsumerOnly())
                .isNull();
        assertThat(catalog.componentJSonSchema("ksher")).contains("\"producerOnly\": true");
    }

    private EndpointValidationResult validate(String uri) {
        return catalog.validateEndpointProperties(uri);
    }
}
