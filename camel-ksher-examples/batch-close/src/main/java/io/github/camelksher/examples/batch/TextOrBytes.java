/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.jms.support.converter.MessageConverter;

/** Reads texts and bytes, and nothing else of a message: least of all a Java object. */
final class TextOrBytes implements MessageConverter {

    @Override
    public @Nullable Object fromMessage(Message message) throws JMSException {
        if (message instanceof BytesMessage bytes) {
            byte[] all = new byte[Math.toIntExact(bytes.getBodyLength())];
            bytes.readBytes(all);
            return all;
        }
        return message instanceof TextMessage text ? text.getText() : null;
    }

    @Override
    public Message toMessage(Object body, Session session) {
        throw new UnsupportedOperationException("is for reading only");
    }
}
