/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.reply.OrderState;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

    /** The same text as the reply's {@code toString()}, for {@code file:} and other endpoints that want bytes. */
    @Converter
    public static byte[] toBytes(KsherReply reply) {
        return reply.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The same text as the reply's {@code toString()}. */
    @Converter
    public static InputStream toInputStream(KsherReply reply) {
        return new ByteArrayInputStream(toBytes(reply));
    }
}
