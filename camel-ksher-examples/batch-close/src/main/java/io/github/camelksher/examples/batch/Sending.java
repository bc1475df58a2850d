/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.ProducerTemplate;

/** Sends many at once: the broker writes each to its disk, and several together as fast as one. */
final class Sending {

    private static final int AT_ONCE = 500;

    private final ProducerTemplate template;
    private final String to;
    private final List<CompletableFuture<Object>> underWay = new ArrayList<>();

    Sending(ProducerTemplate template, String to) {
        this.template = template;
        this.to = to;
    }

    void send(String body) {
        if (underWay.size() == AT_ONCE) {
            await();
        }
        underWay.add(template.asyncSendBody(to, body));
    }

    /** Returns when the broker has all of them. */
    void await() {
        underWay.forEach(CompletableFuture::join);
        underWay.clear();
    }
}
