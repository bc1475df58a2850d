/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextReloadFailureEvent;
import org.apache.camel.spi.CamelEvent.CamelContextReloadedEvent;
import org.apache.camel.spi.CamelEvent.CamelContextReloadingEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a component's keys again from the properties that they came from, such as
 * {@code camel.component.ksher.private-key={{vault:ksher}}}, whenever Camel's context is reloaded.
 * Camel itself reads the properties of a component only once, so a key that was rotated in a vault
 * would not reach the endpoints that a reload creates.
 */
final class ReloadedKeys extends SimpleEventNotifierSupport {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedKeys.class);

    private record Option(
            String name,
            Function<KsherConfiguration, @Nullable String> getter,
            BiConsumer<KsherConfiguration, String> setter) {}

    private static final List<Option> KEYS = List.of(
            new Option("private-key", KsherConfiguration::getPrivateKey, KsherConfiguration::setPrivateKey),
            new Option(
                    "private-key-password",
                    KsherConfiguration::getPrivateKeyPassword,
                    KsherConfiguration::setPrivateKeyPassword),
            new Option(
                    "ksher-public-key", KsherConfiguration::getKsherPublicKey, KsherConfiguration::setKsherPublicKey));

    private final KsherComponent component;
    private final CamelContext context;
    /** The property that each of these options came from. No value is kept here. */
    private final Map<Option, String> properties = new LinkedHashMap<>();

    private volatile boolean reloading;
    private final AtomicInteger reloads = new AtomicInteger();

    /** Finds out which keys came from properties: a key that a program has set stays as it is. */
    ReloadedKeys(KsherComponent component, CamelContext context) {
        this.component = component;
        this.context = context;
        // The events of exchanges, routes and services stay ignored: they would cost each call.
        setIgnoreCamelContextEvents(false);
        for (Option option : KEYS) {
            String value = option.getter().apply(component.getConfiguration());
            String property = value == null ? null : propertyWith(option, value);
            if (property != null) {
                properties.put(option, property);
            }
        }
    }

    private @Nullable String propertyWith(Option option, String value) {
        for (String property : spellings(option)) {
            try {
                if (value.equals(resolved(option, property))) {
                    return property;
                }
            } catch (RuntimeException e) {
                // A vault that is away now did answer when the option was set, so it is looked for
                // in the other spellings only.
                LOG.debug("Property {} cannot be resolved", property);
            }
        }
        return null;
    }

    /** As Camel takes them. A context may have several components, each under its own name. */
    private List<String> spellings(Option option) {
        List<String> spellings = new ArrayList<>();
        for (String name : context.getComponentNames()) {
            if (context.hasComponent(name) == component) {
                for (String prefix : List.of("", "configuration.")) {
                    String text = "camel.component." + name + "." + prefix;
                    spellings.add(text + option.name());
                    spellings.add(text + camelCase(option.name()));
                }
            }
        }
        return spellings;
    }

    private static String camelCase(String name) {
        return Pattern.compile("-(.)").matcher(name).replaceAll(match -> match.group(1)
                .toUpperCase(Locale.ROOT));
    }

    /** Read as the option's setter would, without the blanks around a key. */
    private @Nullable String resolved(Option option, String property) {
        String value =
                context.getPropertiesComponent().resolveProperty(property).orElse(null);
        if (value == null) {
            return null;
        }
        KsherConfiguration read = new KsherConfiguration();
        option.setter().accept(read, value);
        return option.getter().apply(read);
    }

    int reloads() {
        return reloads.get();
    }

    /** Called before an endpoint is created: those of a reload begin with the keys of now. */
    void beforeEndpoint() {
        if (reloading) {
            readAgain();
        }
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof CamelContextReloadingEvent) {
            // The properties are reloaded after this event, and the routes after them.
            reloading = true;
            reloads.incrementAndGet();
        } else if (event instanceof CamelContextReloadedEvent || event instanceof CamelContextReloadFailureEvent) {
            reloading = false;
            readAgain();
            // An endpoint that a call created just before the properties were read again is old, too.
            reloads.incrementAndGet();
        }
    }

    private void readAgain() {
        KsherConfiguration configuration = component.getConfiguration();
        properties.forEach((option, property) -> {
            try {
                String value = resolved(option, property);
                if (value == null) {
                    warn(property, "it has no value");
                } else if (!value.equals(option.getter().apply(configuration))) {
                    option.setter().accept(configuration, value);
                    LOG.info("Property {} has changed: endpoints created from now on use it", property);
                }
            } catch (RuntimeException e) {
                // A vault's own client may throw anything. Without the exception, whose message may
                // quote what the vault answered.
                warn(property, e.getClass().getSimpleName());
            }
        });
    }

    private static void warn(String property, String reason) {
        LOG.warn(
                "Property {} cannot be read again ({}): calls go on with the value that was read before",
                property,
                reason);
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelContextReloadingEvent
                || event instanceof CamelContextReloadedEvent
                || event instanceof CamelContextReloadFailureEvent;
    }
}
