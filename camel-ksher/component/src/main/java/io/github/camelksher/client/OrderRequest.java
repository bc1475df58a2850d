/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the calls, for one order, with its parameters. Validates itself. */
public final class OrderRequest {

    final KsherOperation operation;
    final Map<Parameter, String> values = new EnumMap<>(Parameter.class);
    private @Nullable String rejected;

    public OrderRequest(KsherOperation operation) {
        this.operation = operation;
    }

    /** Sets a value, unless it is blank or the operation does not take the parameter. */
    public OrderRequest with(Parameter parameter, @Nullable String value) {
        if (value != null && !isBlank(value) && operation.takes(parameter)) {
            values.put(parameter, value);
        }
        return this;
    }

    /** Whether nothing is visible, like a no-break or zero-width space or a byte order mark. */
    private static boolean isBlank(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c) && Character.getType(c) != Character.FORMAT) {
                return false;
            }
        }
        return true;
    }

    /** Makes the request invalid because a parameter that the operation takes has no plain text. */
    public void reject(Parameter parameter, String problem) {
        if (operation.takes(parameter)) {
            rejected = problem;
        }
    }

    /** The merchant's order number, else Ksher's, else the channel's; null if there is none. */
    public @Nullable String order() {
        for (Parameter number : Parameter.ORDER_NUMBERS) {
            String value = values.get(number);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Why this request cannot be sent, to follow the word "it" in a sentence; null if it can. */
    @Nullable
    String problem() {
        if (rejected != null) {
            return rejected;
        }
        if (order() == null) {
            return operation.takes(Parameter.KSHER_ORDER_NO)
                    ? "has no order number: set one of the headers CamelKsherMchOrderNo, CamelKsherKsherOrderNo,"
                            + " CamelKsherChannelOrderNo"
                    : "has no order number: set the header CamelKsherMchOrderNo, the only number that this call takes";
        }
        for (Map.Entry<Parameter, String> value : values.entrySet()) {
            Parameter parameter = value.getKey();
            String problem = ValueProblem.describe(parameter.wireName(), value.getValue(), parameter.maxLength());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** The operation alone: the values may be personal data. */
    @Override
    public String toString() {
        return "OrderRequest[" + operation + "]";
    }
}
