/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.CallOutcome;
import io.github.camelksher.client.NotificationVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StreamCache;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Reads, verifies and maps the notification in the body. Makes no call. */
final class NotificationProducer extends DefaultProducer {

    private final KsherEndpoint created;

    NotificationProducer(KsherEndpoint endpoint) {
        super(endpoint);
        this.created = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        ExchangeMapping.clearForNotification(message);
        KsherEndpoint endpoint = created.current();
        NotificationVerifier verifier = endpoint.notifications();
        CallOutcome outcome = verify(verifier, exchange);
        endpoint.calls.add(outcome);
        ExchangeMapping.applyNotification(outcome, message);
        if (outcome.failure() != null) {
            throw outcome.failure();
        }
    }

    private CallOutcome verify(NotificationVerifier verifier, Exchange exchange) {
        try {
            byte[] body = bytes(exchange);
            return body == null
                    ? verifier.unreadable("is neither bytes nor a stream nor text: the HTTP consumer must hand over"
                            + " the request's body as it came, without reading a form from it")
                    : verifier.verify(body);
        } catch (IOException | RuntimeCamelException e) {
            // RuntimeCamelException: a stream cache whose file was deleted.
            return verifier.unreadable("could not be read to its end");
        }
    }

    /** Null if the body has no bytes. Replaces a stream or reader by one that can be read. */
    private byte @Nullable [] bytes(Exchange exchange) throws IOException {
        Object body = exchange.getMessage().getBody();
        if (body == null) {
            return new byte[0];
        }
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        if (body instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (body instanceof StreamCache cache) {
            cache.reset();
            try {
                InputStream stream = stream(exchange, body);
                return stream == null ? null : stream.readNBytes(limit());
            } finally {
                cache.reset();
            }
        }
        InputStream stream = stream(exchange, body);
        if (stream == null) {
            return null;
        }
        byte[] bytes = stream.readNBytes(limit());
        if (body instanceof InputStream || body instanceof Reader) {
            exchange.getMessage()
                    .setBody(
                            bytes.length < limit()
                                    ? bytes
                                    : new SequenceInputStream(new ByteArrayInputStream(bytes), stream));
        }
        return bytes;
    }

    /** One byte more than allowed, so that the verifier finds the body too large. */
    private int limit() {
        return (int) Math.min(Integer.MAX_VALUE, created.getConfiguration().getMaxReplySize() + 1L);
    }

    static @Nullable InputStream stream(Exchange exchange, Object body) {
        return body instanceof InputStream in
                ? in
                : exchange.getContext().getTypeConverter().tryConvertTo(InputStream.class, exchange, body);
    }
}
