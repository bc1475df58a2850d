/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs a reply and writes it as Ksher does, or with a distortion. */
public record ReplyWriter(KsherKeys keys, InstantSource clock) {

    /** What a fault changes while a reply is written: nothing, unless a method is overridden. */
    public interface Distortion {

        Distortion NONE = new Distortion() {};

        /** The fields, before they are signed. */
        default Map<String, Object> data(Map<String, Object> data) {
            return data;
        }

        /** The signature, null for none. */
        default @Nullable String sign(String sign) {
            return sign;
        }

        /** The bytes of the whole reply. */
        default byte[] bytes(UnsignedReply reply, byte[] json) {
            return json;
        }
    }

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.ofHours(8));
    private static final JsonFactory JSON = new JsonFactory();

    public byte[] write(UnsignedReply reply, boolean withV2, Distortion distortion) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            if (reply.call().isKsherPay()) {
                // Ksher escapes on this API, and does not on the gateway.
                json.enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());
            }
            json.writeStartObject();
            json.writeNumberField("code", reply.code());
            writeData(json, reply, withV2, distortion);
            writeEnvelope(json, reply);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return distortion.bytes(reply, bytes.toByteArray());
    }

    private void writeData(JsonGenerator json, UnsignedReply reply, boolean withV2, Distortion distortion)
            throws IOException {
        if (reply.text() != null) {
            json.writeStringField("data", reply.text());
        }
        if (reply.data() == null) {
            return;
        }
        Map<String, Object> data = distortion.data(reply.data());
        json.writeObjectFieldStart("data");
        for (Map.Entry<String, Object> field : data.entrySet()) {
            if (field.getValue() instanceof Long number) {
                json.writeNumberField(field.getKey(), number);
            } else {
                json.writeStringField(field.getKey(), field.getValue().toString());
            }
        }
        json.writeEndObject();
        String sign = distortion.sign(keys.sign(Signatures.canonical(data), withV2));
        if (sign != null) {
            json.writeStringField("sign", sign);
        }
    }

    private void writeEnvelope(JsonGenerator json, UnsignedReply reply) throws IOException {
        json.writeStringField("msg", reply.msg());
        if (reply.call().isKsherPay()) {
            json.writeStringField("status_code", "");
            json.writeStringField("status_msg", "");
            json.writeStringField("time_stamp", TIME.format(clock.instant()));
            json.writeStringField("version", "3.0.0");
            return;
        }
        json.writeStringField("message", reply.msg());
        if (reply.call() == ApiCall.GATEWAY_QUERY && reply.code() != 0) {
            json.writeStringField("lang", "");
        }
    }
}
