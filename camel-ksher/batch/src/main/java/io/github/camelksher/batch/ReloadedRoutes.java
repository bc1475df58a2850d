/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteTemplateContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextReloadFailureEvent;
import org.apache.camel.spi.CamelEvent.CamelContextReloadedEvent;
import org.apache.camel.spi.CamelEvent.CamelContextReloadingEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the templates' routes again after a reload of the context, such as a vault asks for when a
 * secret was rotated. Camel removes every route that was made from a template, and keeps the rest.
 */
final class ReloadedRoutes extends SimpleEventNotifierSupport {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedRoutes.class);

    private record Made(String id, String template, Map<String, Object> parameters) {}

    private final CamelContext context;
    /** Each route's template; only a route's definition holds the key. */
    private final Map<RouteTemplateContext, RouteTemplateDefinition> templates = new WeakHashMap<>();

    private List<Made> removed = List.of();

    ReloadedRoutes(CamelContext context) {
        this.context = context;
        // All others are ignored by default.
        setIgnoreCamelContextEvents(false);
    }

    /** Takes care of the routes that are made from this template. */
    void follow(RouteTemplateDefinition template) {
        template.configure(made -> {
            synchronized (this) {
                templates.put(made, template);
            }
        });
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelContextReloadingEvent
                || event instanceof CamelContextReloadedEvent
                || event instanceof CamelContextReloadFailureEvent;
    }

    @Override
    public synchronized void notify(CamelEvent event) {
        if (event instanceof CamelContextReloadingEvent) {
            removed = made();
        } else {
            removed.forEach(this::addAgain);
            removed = List.of();
        }
    }

    private List<Made> made() {
        List<Made> made = new ArrayList<>();
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            RouteTemplateContext from = route.getRouteTemplateContext();
            RouteTemplateDefinition template = from == null ? null : templates.get(from);
            if (template != null) {
                Map<String, Object> parameters = new HashMap<>(from.getParameters());
                // Camel adds the names of the route's beans, which the new route has of its own.
                parameters.keySet().retainAll(names(template));
                made.add(new Made(route.getRouteId(), template.getId(), parameters));
            }
        }
        return made;
    }

    private static Set<String> names(RouteTemplateDefinition template) {
        return Set.copyOf(template.getTemplateParameters().stream()
                .map(RouteTemplateParameterDefinition::getName)
                .toList());
    }

    private void addAgain(Made route) {
        // A reload that failed may have left it.
        if (context.getRoute(route.id()) != null || context.isStopping()) {
            return;
        }
        try {
            context.addRouteFromTemplate(route.id(), route.template(), route.parameters());
        } catch (Exception e) {
            LOG.error("The route {} could not be added again after the context was reloaded", route.id(), e);
            KsherBatch batch = context.getRegistry().findSingleByType(KsherBatch.class);
            if (batch != null && batch.isStarted()) {
                // Otherwise it would seem to work, and nothing would come in.
                batch.worker()
                        .fail("the route " + route.id() + " could not be started again ("
                                + e.getClass().getSimpleName() + ") after the context was reloaded: start this again.");
            }
        }
    }
}
