/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import io.github.camelksher.reply.GatewayCancelReply;
import io.github.camelksher.reply.GatewayQueryReply;
import io.github.camelksher.reply.KsherReply;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.reply.OrderQueryReply;
import io.github.camelksher.reply.PaymentNotification;
import io.github.camelksher.wire.VerifiedData;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The operations: four calls, and the verification of a notification. In lower camel case, so that
 * the endpoint URI, Camel's catalog and the code have the same names.
 */
public enum KsherOperation {
    /** Asks for an order's state at KsherPay. */
    orderQuery("order_query", Api.KSHER_PAY, false, OrderQueryReply::new, Parameter.CHANNEL),
    /** Closes an unpaid order at KsherPay. */
    orderClose("order_close", Api.KSHER_PAY, true, OrderCloseReply::new, Parameter.CHANNEL, Parameter.OPERATOR_ID),
    /** Asks for an order's state at the gateway. */
    gatewayQuery("gateway_order_query", Api.GATEWAY, false, GatewayQueryReply::new),
    /** Cancels an unpaid order at the gateway; the only call whose success need not be signed. */
    gatewayCancel("cancel_order", Api.GATEWAY, true, GatewayCancelReply::new, Parameter.LANG),
    /** Verifies a payment notification. Makes no call. */
    verifyNotification("", Api.NOTIFICATION, false, PaymentNotification::new);

    /** The service that is called. Each has its own base URL, numbers and codes. */
    public enum Api {
        /** Knows the orders that KsherPay's own calls created: native, quick, app, mini pay. */
        KSHER_PAY,
        /** Knows the orders that were created as a payment page. */
        GATEWAY,
        /** None: Ksher calls the merchant. */
        NOTIFICATION
    }

    private final String path;
    private final Api api;
    private final boolean command;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor reference
    private final Function<VerifiedData, KsherReply> reply;

    @SuppressWarnings("ImmutableEnumChecker") // not modified after construction
    private final Set<Parameter> takes;

    KsherOperation(
            String path, Api api, boolean command, Function<VerifiedData, KsherReply> reply, Parameter... alsoTakes) {
        this.path = path;
        this.api = api;
        this.command = command;
        this.reply = reply;
        this.takes = EnumSet.of(Parameter.MCH_ORDER_NO, alsoTakes);
        if (api == Api.KSHER_PAY) {
            takes.add(Parameter.KSHER_ORDER_NO);
            takes.add(Parameter.CHANNEL_ORDER_NO);
        }
    }

    /** The operations that send a request. */
    public static List<KsherOperation> calls() {
        return Arrays.stream(values()).filter(KsherOperation::isCall).toList();
    }

    /** Whether it sends a request; false for {@link #verifyNotification}. */
    public boolean isCall() {
        return api != Api.NOTIFICATION;
    }

    /** The last part of the call's URL; empty if it is no call. */
    public String path() {
        return path;
    }

    public Api api() {
        return api;
    }

    /** Whether it changes the order: after a lost reply its outcome is unknown. */
    public boolean isCommand() {
        return command;
    }

    /** Whether {@code data} may be an unsigned string instead of a signed object. */
    boolean mayBeUnsigned() {
        return this == gatewayCancel;
    }

    boolean takes(Parameter parameter) {
        return takes.contains(parameter);
    }

    KsherReply reply(VerifiedData data) {
        return reply.apply(data);
    }
}
