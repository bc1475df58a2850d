/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.OrderRowBuilder.order;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.journal.Target;
import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import io.github.camelksher.simulator.KsherSimulator;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** The real calls: a Camel context with the component. */
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
        context.start();
        calls = new KsherCalls(context, new Target("mch1", options.getApiUrl(), options.getGatewayUrl()));
    }

    static OrderRow row(String operation, String number) {
        return order(2).operation(operation).mchOrderNo(number).build();
    }

    @Override
    public void close() {
        context.stop();
    }
}
