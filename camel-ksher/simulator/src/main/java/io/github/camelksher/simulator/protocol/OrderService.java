/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.order.LiveOrder;
import io.github.camelksher.simulator.order.LiveOrder.Step;
import io.github.camelksher.simulator.protocol.Accounts.Account;
import io.github.camelksher.simulator.protocol.RequestValidator.Refusal;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a request, and carries it out on the order that it names. */
public record OrderService(
        Accounts accounts, RequestValidator validator, Duration queryInterval, boolean signedCancels) {

    /**
     * What came of a request.
     *
     * @param reply the reply
     * @param before the order's state before the call; null if there is no such order, or the
     *     request was refused
     * @param after its state after the call; null as above
     * @param refusal why the request was refused, in words for the log; null if it was in order
     */
    public record Execution(
            UnsignedReply reply, @Nullable State before, @Nullable State after, @Nullable String refusal) {}

    /** Whether a reply to this call can carry signed fields. */
    public boolean signs(ApiCall call) {
        return call != ApiCall.GATEWAY_CANCEL || signedCancels;
    }

    /** The order that the request names; null if there is none. */
    public @Nullable LiveOrder find(ApiRequest request) {
        Account account = accounts.find(request);
        if (account == null) {
            return null;
        }
        return request.call().isKsherPay()
                ? account.orders()
                        .findForKsherPay(
                                request.mchOrderNo(),
                                request.field("ksher_order_no"),
                                request.field("channel_order_no"))
                : account.orders().findForGateway(request.mchOrderNo());
    }

    /** The merchant's number, the same object for each call: the log keeps a million of them. */
    public String appId(ApiRequest request) {
        Account account = accounts.find(request);
        return account == null ? request.appId() : account.appId();
    }

    public Execution execute(ApiRequest request) {
        Refusal refusal = validator.refusal(request);
        if (refusal != null) {
            return new Execution(UnsignedReply.refused(request.call(), refusal.code()), null, null, refusal.reason());
        }
        LiveOrder order = find(request);
        if (order == null) {
            return new Execution(notFound(request), null, null, null);
        }
        if (request.call().isQuery()) {
            return query(request, order);
        }
        Step step = order.command();
        UnsignedReply reply =
                request.call() == ApiCall.ORDER_CLOSE ? close(request, step.seen()) : cancel(request, step.seen());
        return new Execution(reply, step.before(), step.after(), null);
    }

    private Execution query(ApiRequest request, LiveOrder order) {
        Step step = order.query(queryInterval);
        if (step == null) {
            State state = order.snapshot().state();
            UnsignedReply tooOften = request.call().isKsherPay()
                    ? UnsignedReply.failure(
                            request, "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS", "too many requests for this order")
                    : UnsignedReply.refused(request.call(), -100);
            return new Execution(tooOften, state, state, null);
        }
        Map<String, Object> data = request.call().isKsherPay()
                ? ReplyFields.orderQuery(
                        step.seen(), ksherPayName(request, step.seen()), request.appId(), request.replyNonce())
                : ReplyFields.gatewayQuery(step.seen(), request.appId());
        return new Execution(UnsignedReply.success(request.call(), data), step.before(), step.after(), null);
    }

    private String ksherPayName(ApiRequest request, KsherOrder order) {
        return accounts.get(request.appId()).orders().ksherPayName(order, request.mchOrderNo());
    }

    private UnsignedReply close(ApiRequest request, KsherOrder order) {
        if (order.state().wasPaid()) {
            return UnsignedReply.failure(request, "KSHER_ORDER_PAID", "this order has been paid");
        }
        if (order.state().isOpen() && order.otpCode() != 0) {
            return UnsignedReply.failure(request, "PAYMENT_IN_PROCESS", "the payment of this order is in process");
        }
        String result = order.state() == State.CLOSED ? "CLOSED" : "SUCCESS";
        return UnsignedReply.success(request.call(), ReplyFields.closed(result, ksherPayName(request, order), request));
    }

    private UnsignedReply cancel(ApiRequest request, KsherOrder order) {
        if (order.state().wasPaid()) {
            return UnsignedReply.refused(request.call(), -4);
        }
        if (order.state() == State.CLOSED) {
            return UnsignedReply.refused(request.call(), -5);
        }
        if (order.otpCode() != 0) {
            return UnsignedReply.refused(request.call(), order.otpCode());
        }
        return signedCancels ? UnsignedReply.signedCancel(request) : UnsignedReply.cancelled();
    }

    private static UnsignedReply notFound(ApiRequest request) {
        if (!request.call().isKsherPay()) {
            return UnsignedReply.refused(request.call(), -3);
        }
        String message = "failed to find this order no ('mch_order_no:" + request.mchOrderNo()
                + ",ksher_order_no:" + request.field("ksher_order_no")
                + ",channel_order_no:" + request.field("channel_order_no") + ",').";
        return UnsignedReply.failure(request, "KSHER_INVALID_ORDER_NO", message);
    }
}
