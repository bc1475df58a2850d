/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import io.github.camelksher.component.KsherEndpoint;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.EndpointServiceRegistry;
import org.apache.camel.spi.EndpointServiceRegistry.EndpointService;
import org.junit.jupiter.api.Test;

/** Which service an endpoint calls, as {@code camel get service} lists it. */
class EndpointServiceTest {

    @Test
    void theRegistryListsTheServiceOfEachCall() throws Exception {
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(stub)) {
            camel.context().getEndpoint("ksher:gatewayQuery");
            camel.context().getEndpoint("ksher:verifyNotification");

            EndpointServiceRegistry registry =
                    camel.context().getCamelContextExtension().getEndpointServiceRegistry();

            assertThat(registry.listAllEndpointServices()).hasSize(1).first().satisfies(service -> {
                assertThat(service.getComponent()).isEqualTo("ksher");
                assertThat(service.getDirection()).isEqualTo("out");
                assertThat(service.getServiceUrl()).isEqualTo(stub.url() + "/api/gateway_order_query");
                assertThat(service.getServiceProtocol()).isEqualTo("http");
                assertThat(service.getServiceMetadata())
                        .isEqualTo(Map.of("operation", "gatewayQuery", "appId", KsherStub.APP_ID));
                assertThat(service).extracting(EndpointService::isHostedService).isEqualTo(false);
            });
        }
    }

    @Test
    void anEndpointThatCannotStartHasNoService() {
        KsherComponent component = new KsherComponent();
        component.setCamelContext(new DefaultCamelContext());

        assertThat(endpoint(component, KsherOperation.orderQuery, "nowhere"))
                .returns(null, KsherEndpoint::getServiceUrl)
                .returns(null, KsherEndpoint::getServiceProtocol)
                .returns(Map.of("operation", "orderQuery"), KsherEndpoint::getServiceMetadata);
        assertThat(endpoint(component, KsherOperation.orderQuery, "https://ksher.example/KsherPay/"))
                .returns("https://ksher.example/KsherPay/order_query", KsherEndpoint::getServiceUrl)
                .returns("https", KsherEndpoint::getServiceProtocol);
        assertThat(endpoint(component, KsherOperation.verifyNotification, "https://ksher.example"))
                .returns(null, KsherEndpoint::getServiceUrl)
                .returns(null, KsherEndpoint::getServiceProtocol);
    }

    private static KsherEndpoint endpoint(KsherComponent component, KsherOperation operation, String apiUrl) {
        KsherConfiguration configuration = new KsherConfiguration();
        configuration.setApiUrl(apiUrl);
        return new KsherEndpoint("ksher:" + operation, component, operation, configuration);
    }
}
