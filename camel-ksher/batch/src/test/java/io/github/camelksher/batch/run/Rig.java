/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.OrderRowBuilder.order;

import io.github.camelksher.batch.KsherBatchRoutes;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import io.github.camelksher.simulator.KsherSimulator;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** The real calls: a Camel context with the routes of batch close and the component. */
final class Rig implements AutoCloseable {

    private final CamelContext context = new DefaultCamelContext();
    final KsherCalls calls;

    Rig(KsherSimulator keys, Consumer<KsherConfiguration> more) throws Exception {
        KsherComponent component = new KsherComponent();
        KsherConfiguration options = component.getConfiguration();
        options.setAppId(keys.appId());
        options.setPrivateKey(keys.merchantKey());
        options.setKsherPublicKey(keys.publicKey());
        options.setApiUrl(keys.apiUrl());
        options.setGatewayUrl(keys.gatewayUrl());
        more.accept(options);
        context.addComponent("ksher", component);
        context.addRoutes(new KsherBatchRoutes());
        context.start();
        for (KsherOperation operation : KsherOperation.calls()) {
            context.addRouteFromTemplate(
                    "ksher-batch-" + operation, "ksher-batch-call", Map.of("operation", operation.name()));
        }
        calls = new KsherCalls(
                context.createProducerTemplate(), new Target("mch1", options.getApiUrl(), options.getGatewayUrl()));
    }

    static OrderRow row(String operation, String number) {
        return order(2).operation(operation).mchOrderNo(number).build();
    }

    @Override
    public void close() {
        context.stop();
    }
}
