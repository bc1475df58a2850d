/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.kamelets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.main.KameletMain;

/**
 * Runs routes in YAML as {@code camel run} does, by the same engine. It downloads nothing: all that
 * the Kamelets need is on the class path.
 */
final class CamelRun implements AutoCloseable {

    private final KameletMain main = new KameletMain("camel.jbang");

    CamelRun(Path folder, String routes, Map<String, String> properties) throws Exception {
        this(folder, routes, properties, Map.of());
    }

    CamelRun(Path folder, String routes, Map<String, String> properties, Map<String, Processor> beans)
            throws Exception {
        Path file = Files.writeString(folder.resolve("routes.yaml"), routes);
        main.setDownload(false);
        properties.forEach(main::addInitialProperty);
        beans.forEach(main::bind);
        main.configure().withRoutesIncludePattern("file:" + file);
        try {
            main.start();
        } catch (Exception e) {
            main.stop();
            throw e;
        }
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    Exchange send(String uri, Processor message) throws Exception {
        return main.getCamelTemplate().request(uri, message);
    }

    /** Sends a message whose body is the merchant's order number. */
    Exchange send(String uri, String order) throws Exception {
        return send(uri, exchange -> exchange.getMessage().setBody(order));
    }

    @Override
    public void close() {
        main.stop();
    }
}
