/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.reply.PaymentNotification;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.InterceptSendToEndpoint;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.TagConstants;
import org.apache.camel.telemetry.decorators.AbstractSpanDecorator;
import org.jspecify.annotations.Nullable;

/**
 * Names the spans of camel-telemetry, such as those of camel-opentelemetry2, and tags them. Only
 * camel-telemetry loads this class, so the component works without it.
 */
public class KsherSpanDecorator extends AbstractSpanDecorator {

    private static final String COMPONENT = "ksher";

    /** What is no word is no result of Ksher's, and may be of any length. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** What Ksher takes as a number. A header can hold anything else, which nobody expects in a trace. */
    private static final Pattern ORDER_NUMBER = Pattern.compile("\\P{Cntrl}{1,64}");

    @Override
    public String getComponent() {
        return COMPONENT;
    }

    /** For a component of another name. */
    @Override
    public String getComponentClassName() {
        return KsherComponent.class.getName();
    }

    @Override
    public String getOperationName(Exchange exchange, Endpoint endpoint) {
        return stripSchemeAndOptions(endpoint);
    }

    /** Without its super method, which tags the options of the URI. */
    @Override
    public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
        String operation = stripSchemeAndOptions(endpoint);
        span.setComponent("camel-" + COMPONENT);
        span.setTag(TagConstants.URL_SCHEME, COMPONENT);
        span.setTag(TagConstants.URL_PATH, operation);
        span.setTag(TagConstants.EXCHANGE_ID, exchange.getExchangeId());
        span.setTag("camel.uri", COMPONENT + "://" + operation);
        span.setTag("ksher.operation", operation);
        Endpoint original =
                endpoint instanceof InterceptSendToEndpoint intercepted ? intercepted.getOriginalEndpoint() : endpoint;
        if (original instanceof KsherEndpoint ksher && ksher.getOperation().isCall()) {
            tag(span, TagConstants.SERVER_ADDRESS, ksher.getServiceUrl());
            tag(span, TagConstants.SERVER_PROTOCOL, ksher.getServiceProtocol());
            tagOrder(
                    span,
                    ExchangeMapping.request(ksher.getOperation(), ksher.getConfiguration(), exchange)
                            .order());
        }
    }

    @Override
    public void afterTracingEvent(Span span, Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure != null) {
            span.setError(true);
            span.setTag("error.type", failure.getClass().getSimpleName());
        }
        if (failure == null || failure instanceof KsherException) {
            Message message = exchange.getMessage();
            tag(span, "ksher.code", message.getHeader(KsherConstants.CODE));
            String result = message.getHeader(KsherConstants.RESULT, String.class);
            tag(span, "ksher.result", result != null && WORD.matcher(result).matches() ? result : null);
            if (message.getBody() instanceof PaymentNotification notification) {
                tagOrder(span, order(notification));
            }
        }
    }

    private static @Nullable String order(PaymentNotification notification) {
        if (notification.mchOrderNo() != null) {
            return notification.mchOrderNo();
        }
        return notification.ksherOrderNo() == null ? notification.channelOrderNo() : notification.ksherOrderNo();
    }

    private static void tagOrder(Span span, @Nullable String order) {
        if (order != null && ORDER_NUMBER.matcher(order).matches()) {
            span.setTag("ksher.order", order);
        }
    }

    private static void tag(Span span, String name, @Nullable Object value) {
        if (value != null) {
            span.setTag(name, value.toString());
        }
    }
}
