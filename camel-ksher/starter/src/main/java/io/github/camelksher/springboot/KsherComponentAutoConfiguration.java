/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.springboot;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.component.KsherConfiguration;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.ComponentConfigurationProperties;
import org.apache.camel.spring.boot.util.CamelPropertiesHelper;
import org.apache.camel.spring.boot.util.ConditionalOnCamelContextAndAutoConfigurationBeans;
import org.apache.camel.spring.boot.util.ConditionalOnHierarchicalProperties;
import org.apache.camel.spring.boot.util.HierarchicalPropertiesEvaluator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.convert.converter.GenericConverter;

/** Gives the ksher component its {@code camel.component.ksher.*} properties, under the conditions of Camel's own starters. */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@Conditional(ConditionalOnCamelContextAndAutoConfigurationBeans.class)
@ConditionalOnHierarchicalProperties({"camel.component", "camel.component.ksher"})
@EnableConfigurationProperties({ComponentConfigurationProperties.class, KsherComponentConfiguration.class})
public class KsherComponentAutoConfiguration {

    /** Nothing but a placeholder: what is wrong with it may be said. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^{}]+}}");

    /** Static, for it must be there before the properties are bound. */
    @Bean
    @ConfigurationPropertiesBinding
    static GenericConverter ksherComponentConverter(ApplicationContext applicationContext) {
        return new KsherComponentConverter(applicationContext);
    }

    /** Camel calls it for every component that it creates or finds in the registry. */
    @Lazy
    @Bean
    public ComponentCustomizer configureKsherComponent(
            ApplicationContext applicationContext,
            CamelContext camelContext,
            KsherComponentConfiguration configuration) {
        return new ComponentCustomizer() {
            @Override
            public void configure(String name, Component target) {
                Map<String, Object> options = CamelPropertiesHelper.getNonNullProperties(camelContext, configuration);
                // First, for it would undo the single options: those are set in no particular order.
                if (options.remove("configuration") instanceof KsherConfiguration base) {
                    ((KsherComponent) target).setConfiguration(base.copy());
                }
                options.forEach((option, value) -> refuseUnresolvable(camelContext, option, value));
                try {
                    CamelPropertiesHelper.setCamelProperties(camelContext, target, options, false);
                } catch (PropertyBindingException e) {
                    if (e.getValue() instanceof String value && value.startsWith("#")) {
                        // Without e, which repeats the value: it may be a password.
                        throw new IllegalArgumentException("Option " + e.getPropertyName()
                                + " begins with # and so stands for a bean, but there is none of that name");
                    }
                    throw e;
                }
            }

            @Override
            public boolean isEnabled(String name, Component target) {
                return target instanceof KsherComponent
                        && HierarchicalPropertiesEvaluator.evaluate(
                                applicationContext, "camel.component.customizer", "camel.component.ksher.customizer");
            }
        };
    }

    /** A password may have braces of its own: Camel takes them for a placeholder, and its failure repeats the whole value. */
    private static void refuseUnresolvable(CamelContext camelContext, String option, Object value) {
        if (KsherComponentConfiguration.SECRETS.contains(option)
                && value instanceof String text
                && text.contains("{{")
                && !PLACEHOLDER.matcher(text).matches()) {
            try {
                camelContext.resolvePropertyPlaceholders(text);
            } catch (RuntimeException e) {
                // Without e, as above.
                throw new IllegalArgumentException("Option " + option
                        + " has {{ in it, which stands for a placeholder, but it cannot be resolved");
            }
        }
    }
}
