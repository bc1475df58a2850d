/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.reply.OrderState;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Converter;

/** Conversions for Camel's languages. A reply or state becomes text by its {@code toString()}. */
@Converter(generateLoader = true)
public final class KsherTypeConverters {

    private KsherTypeConverters() {}

    /** Without this Simple's {@code in}, which converts its right side, never matches. */
    @Converter
    public static OrderState toOrderState(String text) {
        return OrderState.of(text);
    }

    /** The reply's {@code toString()}, for {@code file:} and other endpoints that want bytes. */
    @Converter
    public static byte[] toBytes(KsherReply reply) {
        return reply.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The reply's {@code toString()}. */
    @Converter
    public static InputStream toInputStream(KsherReply reply) {
        return new ByteArrayInputStream(toBytes(reply));
    }
}
