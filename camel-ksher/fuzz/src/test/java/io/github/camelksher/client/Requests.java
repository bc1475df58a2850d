/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

/** What the component would say to a request. */
public final class Requests {

    private Requests() {}

    /** Null if it would be sent. */
    public static String problem(OrderRequest request) {
        return request.problem();
    }
}
