/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Component;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.Test;

/**
 * A lone bean of an option's type may be meant for another component, so Camel must not set it. As
 * in camel-http, whose options these are.
 */
class AutowiringTest {

    @Test
    void aLoneBeanOfAnOptionsTypeIsNotTaken() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("anothersTrust", SSLContextParameters.class, new SSLContextParameters());
            context.getRegistry()
                    .bind("anothersClient", HttpClientConfigurer.class, (HttpClientConfigurer) builder -> {});
            context.start();

            KsherComponent ksher = context.getComponent("ksher", KsherComponent.class);

            assertThat(ksher.getSslContextParameters()).isNull();
            assertThat(ksher.getHttpClientConfigurer()).isNull();
        }
    }

    @Test
    void camelHttpAutowiresNeitherOption() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();

            assertThat(autowired(context.getComponent("http", HttpComponent.class)))
                    .doesNotContain("sslContextParameters", "httpClientConfigurer");
            assertThat(autowired(context.getComponent("ksher", KsherComponent.class)))
                    .isEmpty();
        }
    }

    private static List<String> autowired(Component component) {
        String[] names = ((PropertyConfigurerGetter) component.getComponentPropertyConfigurer()).getAutowiredNames();
        return names == null ? List.of() : List.of(names);
    }
}
