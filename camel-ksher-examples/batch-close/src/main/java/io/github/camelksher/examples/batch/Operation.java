/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

/** What a row asks for, and the two calls that carry it out. */
enum Operation {
    CLOSE("orderQuery", "orderClose"),
    CANCEL("gatewayQuery", "gatewayCancel");

    final String query;
    final String command;

    Operation(String query, String command) {
        this.query = query;
        this.command = command;
    }
}
