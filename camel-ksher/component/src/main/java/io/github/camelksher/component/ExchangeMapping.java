/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.client.CallOutcome;
import io.github.camelksher.client.KsherOperation;
import io.github.camelksher.client.OrderRequest;
import io.github.camelksher.client.Parameter;
import io.github.camelksher.reply.PaymentNotification;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Maps an exchange to a call and back. The one place where a header beats an option. */
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
                try {
                    request.with(parameter, HeaderValue.text(value, exchange));
                } catch (HeaderValue.NoText e) {
                    String kind = value.getClass().getSimpleName();
                    request.reject(parameter, "has a " + kind + " in the header " + name + e.getMessage());
                }
            }
        });
        return request;
    }

    static void clear(Message message) {
        OUT_HEADERS.forEach(message::removeHeader);
    }

    static void apply(CallOutcome outcome, Message message) {
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

    /** The numbers of another order must not remain if the notification is refused. */
    static void clearForNotification(Message message) {
        clear(message);
        message.removeHeader(KsherConstants.MCH_ORDER_NO);
        message.removeHeader(KsherConstants.KSHER_ORDER_NO);
        message.removeHeader(KsherConstants.CHANNEL_ORDER_NO);
    }

    static void applyNotification(CallOutcome outcome, Message message) {
        apply(outcome, message);
        if (outcome.reply() instanceof PaymentNotification notification) {
            set(message, KsherConstants.MCH_ORDER_NO, notification.mchOrderNo());
            set(message, KsherConstants.KSHER_ORDER_NO, notification.ksherOrderNo());
            set(message, KsherConstants.CHANNEL_ORDER_NO, notification.channelOrderNo());
        }
    }

    private static void set(Message message, String name, @Nullable Object value) {
        if (value != null) {
            message.setHeader(name, value);
        }
    }
}
