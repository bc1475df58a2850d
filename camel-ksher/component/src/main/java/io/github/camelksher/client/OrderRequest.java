/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked for: one of the calls, about one order. Validates itself. */
public final class OrderRequest {

    private final KsherOperation operation;
    private final Map<Parameter, String> values = new EnumMap<>(Parameter.class);
    private @Nullable String rejected;

    public OrderRequest(KsherOperation operation) {
        this.operation = operation;
    }

    /** Sets a value, unless it is blank or the operation does not take it: then it is as if it were not there. */
    public OrderRequest with(Parameter parameter, @Nullable String value) {
        if (value != null && !isBlank(value) && operation.takes(parameter)) {
            values.put(parameter, value);
        }
        return this;
    }

    /** Whether a reader sees nothing: a no-break or zero-width space, a byte order mark are as blank as a space. */
    private static boolean isBlank(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c) && Character.getType(c) != Character.FORMAT) {
                return false;
            }
        }
        return true;
    }

    /** Keeps the request from being sent, if the operation takes the parameter: its value cannot be made a text. */
    public void reject(Parameter parameter, String problem) {
        if (operation.takes(parameter)) {
            rejected = problem;
        }
    }

    KsherOperation operation() {
        return operation;
    }

    Map<Parameter, String> values() {
        return values;
    }

    /** The number that names the order: the merchant's, else Ksher's, else the channel's; null if there is none. */
    public @Nullable String order() {
        for (Parameter number : Parameter.ORDER_NUMBERS) {
            String value = values.get(number);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** What keeps this request from being sent, as the rest of a sentence; null if nothing does. */
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
            String problem = problem(parameter.wireName(), value.getValue(), parameter.maxLength());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /**
     * What keeps a text from being sent in a field of Ksher's usual length, as the rest of a sentence; null if nothing does.
     *
     * @param name what the sentence calls it
     */
    public static @Nullable String problem(String name, String value) {
        return problem(name, value, Parameter.USUAL_LENGTH);
    }

    private static @Nullable String problem(String name, String value, int maxLength) {
        int length = value.codePointCount(0, value.length());
        if (length > maxLength) {
            return "has a " + name + " of " + length + " characters: Ksher takes " + maxLength + " at most";
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c)) {
                return "has a control character in its " + name + ": remove it (a line break or tab from a file?)";
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isSupplementaryCodePoint(value.codePointAt(i))) {
                    // Half a surrogate pair would be sent as '?', and so name another order.
                    return "has broken Unicode text in its " + name + ": it would reach Ksher as another value";
                }
                i++;
            }
        }
        return null;
    }

    /** The operation alone: values may be anybody's. */
    @Override
    public String toString() {
        return "OrderRequest[" + operation + "]";
    }
}
