/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The four calls, named as the component names them. */
enum Operation {
    ORDER_QUERY("orderQuery", "/KsherPay/order_query"),
    ORDER_CLOSE("orderClose", "/KsherPay/order_close"),
    GATEWAY_QUERY("gatewayQuery", "/api/gateway_order_query"),
    GATEWAY_CANCEL("gatewayCancel", "/api/cancel_order");

    private static final Map<String, Operation> BY_PATH =
            Arrays.stream(values()).collect(Collectors.toMap(o -> o.path, Function.identity()));

    final String text;
    final String path;

    Operation(String text, String path) {
        this.text = text;
        this.path = path;
    }

    boolean isOrderCall() {
        return this == ORDER_QUERY || this == ORDER_CLOSE;
    }

    boolean isQuery() {
        return this == ORDER_QUERY || this == GATEWAY_QUERY;
    }

    static @Nullable Operation ofPath(String path) {
        return BY_PATH.get(path);
    }

    static Operation ofText(String text) {
        for (Operation operation : values()) {
            if (operation.text.equals(text)) {
                return operation;
            }
        }
        throw new IllegalArgumentException("unknown operation '" + text + "': one of "
                + Arrays.stream(values()).map(o -> o.text).collect(Collectors.joining(", ")));
    }
}
