/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.karaf;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.apache.camel.spi.ComponentResolver;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Runs {@link OrderRoutes} while there is a configuration and a camel-ksher: when either of them
 * changes or goes, the routes are stopped, and started anew with what is there then.
 */
@Component(
        configurationPid = "io.github.camelksher.example",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
public final class KsherOrders {

    /** The entries of {@code etc/io.github.camelksher.example.cfg}; an empty one is not set. */
    @interface Settings {
        String appId() default "";

        String privateKey() default "";

        String privateKeyPassword() default "";

        String ksherPublicKey() default "";

        String apiUrl() default "";

        String gatewayUrl() default "";

        String folder() default "data/ksher";

        long pace() default 10_000;
    }

    private final CamelContext camel;

    /** Given everything that it needs by Karaf. */
    @Activate
    public KsherOrders(
            BundleContext bundle, Settings settings, @Reference(target = "(component=ksher)") ComponentResolver ksher)
            throws Exception {
        camel = new OsgiDefaultCamelContext(bundle);
        camel.getCamelContextExtension().setName("ksher-orders");
        try {
            KsherComponent component = (KsherComponent) ksher.resolveComponent("ksher", camel);
            configure(component.getConfiguration(), settings);
            camel.addComponent("ksher", component);
            camel.addRoutes(new OrderRoutes(settings.folder(), settings.pace()));
            camel.start();
        } catch (Exception e) {
            camel.close();
            throw e;
        }
    }

    private static void configure(KsherConfiguration ksher, Settings settings) {
        ksher.setAppId(settings.appId());
        ksher.setPrivateKey(settings.privateKey());
        ksher.setPrivateKeyPassword(settings.privateKeyPassword());
        ksher.setKsherPublicKey(settings.ksherPublicKey());
        if (!settings.apiUrl().isEmpty()) {
            ksher.setApiUrl(settings.apiUrl());
        }
        if (!settings.gatewayUrl().isEmpty()) {
            ksher.setGatewayUrl(settings.gatewayUrl());
        }
    }

    @Deactivate
    void stop() throws Exception {
        camel.close();
    }
}
