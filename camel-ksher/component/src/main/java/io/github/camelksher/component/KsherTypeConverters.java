/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.reply.OrderState;
import org.apache.camel.Converter;

/** Conversions that Camel's languages ask for; the other way, a reply or state to text, is its {@code toString()}. */
@Converter(generateLoader = true)
public final class KsherTypeConverters {

    private KsherTypeConverters() {}

    /** Simple's {@code in} converts what is on the right to the type on the left: without this it never matches. */
    @Converter
    public static OrderState toOrderState(String text) {
        return OrderState.of(text);
    }
}
