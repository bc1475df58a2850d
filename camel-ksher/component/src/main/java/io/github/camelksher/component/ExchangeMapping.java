/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.OrderRequest;
import io.github.camelksher.client.Outcome;
import io.github.camelksher.client.Parameter;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** The exchange on one side, the call on the other; the one place where a header beats an option. */
final class ExchangeMapping {

    private static final List<String> OUT_HEADERS = List.of(
            KsherConstants.CODE,
            KsherConstants.MESSAGE,
            KsherConstants.RESULT,
            KsherConstants.ERROR_CODE,
            KsherConstants.ERROR_MESSAGE,
            KsherConstants.SIGNED);

    private static final Map<Parameter, String> IN_HEADERS = new EnumMap<>(Map.of(
            Parameter.MCH_ORDER_NO, KsherConstants.MCH_ORDER_NO,
            Parameter.KSHER_ORDER_NO, KsherConstants.KSHER_ORDER_NO,
            Parameter.CHANNEL_ORDER_NO, KsherConstants.CHANNEL_ORDER_NO,
            Parameter.CHANNEL, KsherConstants.CHANNEL,
            Parameter.LANG, KsherConstants.LANG,
            Parameter.OPERATOR_ID, KsherConstants.OPERATOR_ID));

    private ExchangeMapping() {}

    static OrderRequest request(KsherOperation operation, KsherConfiguration options, Exchange exchange) {
        OrderRequest request = new OrderRequest(operation)
                .with(Parameter.CHANNEL, options.getChannel())
                .with(Parameter.LANG, options.getLang())
                .with(Parameter.OPERATOR_ID, options.getOperatorId());
        IN_HEADERS.forEach((parameter, name) -> {
            Object value = exchange.getMessage().getHeader(name);
            if (value != null) {
                String text = text(value, exchange);
                request.with(parameter, text);
                if (text == null) {
                    request.reject(
                            parameter,
                            "has a " + value.getClass().getSimpleName() + " in the header " + name
                                    + ": set a text or a number");
                }
            }
        });
        return request;
    }

    /** Null if the value has no text that could name an order: a list's or an object's own toString would name another. */
    private static @Nullable String text(Object value, Exchange exchange) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Collection
                || value instanceof Map
                || value instanceof Optional
                || value instanceof Object[]) {
            return null;
        }
        String text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, value);
        String identity = value.getClass().getName() + "@" + Integer.toHexString(value.hashCode());
        return identity.equals(text) ? null : text;
    }

    static void clear(Message message) {
        OUT_HEADERS.forEach(message::removeHeader);
    }

    static void apply(Outcome outcome, Message message) {
        set(message, KsherConstants.CODE, outcome.code());
        set(message, KsherConstants.MESSAGE, outcome.message());
        set(message, KsherConstants.RESULT, outcome.result());
        set(message, KsherConstants.ERROR_CODE, outcome.errorCode());
        set(message, KsherConstants.ERROR_MESSAGE, outcome.errorMessage());
        set(message, KsherConstants.SIGNED, outcome.signed());
        if (outcome.reply() != null) {
            message.setBody(outcome.reply());
        }
    }

    private static void set(Message message, String name, @Nullable Object value) {
        if (value != null) {
            message.setHeader(name, value);
        }
    }
}
