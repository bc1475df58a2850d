/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Signs a reply and writes it as Ksher does, or spoils it as a fault asks. */
final class ReplyWriter {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.ofHours(8));
    private static final JsonFactory JSON = new JsonFactory();

    private final KsherKeys keys;
    private final InstantSource clock;

    ReplyWriter(KsherKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** Whether the fault changes anything about this reply. */
    static boolean touches(Fault.Kind kind, Reply reply) {
        Map<String, Object> data = reply.data();
        return switch (kind) {
            case BAD_SIGNATURE, MISSING_SIGNATURE, OTHER_NONCE -> data != null;
            case OTHER_ORDER, STATE -> data != null && data.containsKey("mch_order_no");
            case SINGLE_QUOTES -> reply.code() != 0;
            // Answers has made another reply of it already.
            case SIGNED_CANCEL -> reply.text() != null;
            default -> true;
        };
    }

    byte[] write(Reply reply, boolean withV2, Fault.@Nullable Kind fault) {
        if (fault == Fault.Kind.SINGLE_QUOTES) {
            return singleQuoted(reply);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            if (reply.operation().isOrderCall()) {
                // Ksher escapes on this API, and does not on the gateway.
                json.enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());
            }
            json.writeStartObject();
            json.writeNumberField("code", reply.code());
            writeData(json, reply, withV2, fault);
            writeEnvelope(json, reply);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cut(bytes.toByteArray(), fault);
    }

    private static byte[] cut(byte[] whole, Fault.@Nullable Kind fault) {
        return fault == Fault.Kind.TRUNCATED ? Arrays.copyOf(whole, whole.length / 2) : whole;
    }

    private void writeData(JsonGenerator json, Reply reply, boolean withV2, Fault.@Nullable Kind fault)
            throws IOException {
        if (reply.text() != null) {
            json.writeStringField("data", reply.text());
        }
        if (reply.data() == null) {
            return;
        }
        Map<String, Object> data = fault == null ? reply.data() : spoiled(reply.data(), fault);
        json.writeObjectFieldStart("data");
        for (Map.Entry<String, Object> field : data.entrySet()) {
            if (field.getValue() instanceof Long number) {
                json.writeNumberField(field.getKey(), number);
            } else {
                json.writeStringField(field.getKey(), field.getValue().toString());
            }
        }
        json.writeEndObject();
        if (fault != Fault.Kind.MISSING_SIGNATURE) {
            String sign = keys.sign(Rsa.canonical(data), withV2);
            json.writeStringField("sign", fault == Fault.Kind.BAD_SIGNATURE ? otherSign(sign) : sign);
        }
    }

    private void writeEnvelope(JsonGenerator json, Reply reply) throws IOException {
        json.writeStringField("msg", reply.msg());
        if (reply.operation().isOrderCall()) {
            json.writeStringField("status_code", "");
            json.writeStringField("status_msg", "");
            json.writeStringField("time_stamp", TIME.format(clock.instant()));
            json.writeStringField("version", "3.0.0");
            return;
        }
        json.writeStringField("message", reply.msg());
        if (reply.operation() == Operation.GATEWAY_QUERY && reply.code() != 0) {
            json.writeStringField("lang", "");
        }
    }

    /** As a printed Python dict. */
    private static byte[] singleQuoted(Reply reply) {
        String msg = reply.msg();
        String text = "{'lang': '', 'code': " + reply.code() + ", 'msg': '" + msg + "', 'message': '" + msg + "'}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> spoiled(Map<String, Object> data, Fault.Kind fault) {
        Map<String, Object> other = new TreeMap<>(data);
        if (fault == Fault.Kind.OTHER_NONCE) {
            other.put("nonce_str", ReplyFields.nonce());
        } else if (fault == Fault.Kind.OTHER_ORDER) {
            for (String number : new String[] {"mch_order_no", "ksher_order_no", "channel_order_no"}) {
                other.computeIfPresent(
                        number,
                        (name, old) ->
                                "".equals(old) ? old : ReplyFields.nonce().substring(0, 24));
            }
        }
        return other;
    }

    private static String otherSign(String sign) {
        int last = sign.length() - 1;
        return sign.substring(0, last) + (sign.charAt(last) == '0' ? '1' : '0');
    }
}
