/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The four calls of Ksher's API. */
public enum ApiCall {
    ORDER_QUERY("orderQuery", "/KsherPay/order_query"),
    ORDER_CLOSE("orderClose", "/KsherPay/order_close"),
    GATEWAY_QUERY("gatewayQuery", "/api/gateway_order_query"),
    GATEWAY_CANCEL("gatewayCancel", "/api/cancel_order");

    private static final Map<String, ApiCall> BY_PATH =
            Arrays.stream(values()).collect(Collectors.toMap(call -> call.path, Function.identity()));

    /** The call as the component names it. */
    public final String operation;

    public final String path;

    ApiCall(String operation, String path) {
        this.operation = operation;
        this.path = path;
    }

    /** Whether this is a call of KsherPay, and not of the gateway. */
    public boolean isKsherPay() {
        return this == ORDER_QUERY || this == ORDER_CLOSE;
    }

    public boolean isQuery() {
        return this == ORDER_QUERY || this == GATEWAY_QUERY;
    }

    /** The call at this path; null if there is none. */
    public static @Nullable ApiCall ofPath(String path) {
        return BY_PATH.get(path);
    }

    /**
     * The call with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ApiCall ofOperation(String operation) {
        for (ApiCall call : values()) {
            if (call.operation.equals(operation)) {
                return call;
            }
        }
        throw new IllegalArgumentException("unknown operation '" + operation + "': one of "
                + Arrays.stream(values()).map(call -> call.operation).collect(Collectors.joining(", ")));
    }
}
