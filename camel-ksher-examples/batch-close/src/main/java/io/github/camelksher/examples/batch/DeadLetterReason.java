/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.batch.KsherBatchRoutes;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.jms.MessageCreatedStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Writes on a dead letter why it is one. A received message
 * takes no new property until all that it has are cleared.
 */
final class DeadLetterReason implements MessageCreatedStrategy {

    @Override
    public void onMessageCreated(
            Message message, Session session, @Nullable Exchange exchange, @Nullable Throwable cause) {
        String reason =
                exchange == null ? null : exchange.getMessage().getHeader(KsherBatchRoutes.REASON, String.class);
        if (reason == null) {
            return;
        }
        try {
            Map<String, Object> properties = new HashMap<>();
            for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements(); ) {
                String property = String.valueOf(names.nextElement());
                if (!property.startsWith("JMSX") && !property.equalsIgnoreCase(KsherBatchRoutes.REASON)) {
                    properties.put(property, message.getObjectProperty(property));
                }
            }
            message.clearProperties();
            for (Map.Entry<String, Object> property : properties.entrySet()) {
                message.setObjectProperty(property.getKey(), property.getValue());
            }
            message.setStringProperty(KsherBatchRoutes.REASON, reason);
        } catch (JMSException e) {
            throw new IllegalStateException("the reason for a dead letter cannot be written on it", e);
        }
    }
}
