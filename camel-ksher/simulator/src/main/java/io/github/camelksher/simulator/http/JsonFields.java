/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelksher.simulator.fault.FaultKind.Parameters;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object of the control API. A wrong field is an {@link IllegalArgumentException}. */
record JsonFields(JsonNode node) implements Parameters {

    /** Refuses other JSON and other fields; {@code what} names the object in the message. */
    JsonFields only(Set<String> known, String what) {
        if (!node.isObject() && !node.isMissingNode()) {
            throw new IllegalArgumentException(what + " takes a JSON object: " + node);
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown field of " + what + ": " + name);
            }
        });
        return this;
    }

    boolean has(String name) {
        return node.has(name);
    }

    @Override
    public String text(String name, String otherwise) {
        JsonNode value = node.get(name);
        return value == null ? otherwise : value.asText();
    }

    /** The field's text, null without the field. */
    @Nullable
    String text(String name) {
        JsonNode value = node.get(name);
        return value == null ? null : value.asText();
    }

    <E extends Enum<E>> E constant(Class<E> type, String name) {
        String text = text(name, "");
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown " + name + " '" + text + "': one of " + Arrays.toString(type.getEnumConstants())));
    }

    boolean flag(String name) {
        JsonNode value = node.path(name);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(name + " must be true or false: " + value);
        }
        return value.booleanValue();
    }

    double fraction(String name) {
        JsonNode value = node.path(name);
        if (!value.isNumber()) {
            throw new IllegalArgumentException(name + " must be a number: " + value);
        }
        return value.doubleValue();
    }

    long whole(String name, long otherwise) {
        JsonNode value = node.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + " must be a whole number: " + value);
        }
        return value.longValue();
    }

    @Override
    public int number(String name, int otherwise) {
        long value = whole(name, otherwise);
        if (value != (int) value) {
            throw new IllegalArgumentException(name + " is too large: " + value);
        }
        return (int) value;
    }

    @Override
    public Duration millis(String name) {
        return Duration.ofMillis(whole(name, 0));
    }
}
