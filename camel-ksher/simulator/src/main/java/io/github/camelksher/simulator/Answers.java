/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.LiveOrder.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Carries out a call that passed the checks: what Ksher would answer, given the order. */
final class Answers {

    /** The reply, and the order's state around it (null if there is no such order). */
    record Answer(Reply reply, @Nullable State before, @Nullable State after) {}

    private final Map<String, KsherMerchant> merchants;
    private final Duration queryInterval;
    private final boolean signedCancels;
    private final InstantSource clock;

    Answers(Map<String, KsherMerchant> merchants, Duration queryInterval, boolean signedCancels, InstantSource clock) {
        this.merchants = merchants;
        this.queryInterval = queryInterval;
        this.signedCancels = signedCancels;
        this.clock = clock;
    }

    /** Whether this fault can change anything about a call of this operation. */
    boolean concerns(Fault fault, Operation operation) {
        return switch (fault.kind) {
            // An unsigned cancel cannot fail with a signed result.
            case RESULT -> operation != Operation.GATEWAY_CANCEL || signedCancels;
            case STATE -> operation.isQuery();
            case SIGNED_CANCEL -> operation == Operation.GATEWAY_CANCEL;
            default -> true;
        };
    }

    @Nullable
    LiveOrder find(Operation operation, Map<String, String> form) {
        KsherMerchant merchant = merchants.get(form.getOrDefault("appid", ""));
        if (merchant == null) {
            return null;
        }
        OrderTable orders = merchant.table();
        String mch = form.getOrDefault("mch_order_no", "");
        return operation.isOrderCall()
                ? orders.findForKsherPay(
                        mch, form.getOrDefault("ksher_order_no", ""), form.getOrDefault("channel_order_no", ""))
                : orders.findForGateway(mch);
    }

    Answer answer(Operation operation, Map<String, String> form) {
        LiveOrder order = find(operation, form);
        if (order == null) {
            return new Answer(notFound(operation, form), null, null);
        }
        if (operation.isQuery()) {
            return query(operation, form, order);
        }
        Step step = order.command(clock.instant());
        Reply reply = operation == Operation.ORDER_CLOSE
                ? closeReply(step.seen(), ksherPayName(order, form), form)
                : cancelReply(step.seen(), form);
        return new Answer(reply, step.before(), step.after());
    }

    private Answer query(Operation operation, Map<String, String> form, LiveOrder order) {
        Step step = order.query(clock.instant(), queryInterval);
        if (step == null) {
            State state = order.snapshot(clock.instant()).state();
            Reply tooOften = operation.isOrderCall()
                    ? fail(operation, "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS", "too many requests for this order", form)
                    : Reply.refused(operation, -100);
            return new Answer(tooOften, state, state);
        }
        String appId = form.getOrDefault("appid", "");
        Map<String, Object> data = operation.isOrderCall()
                ? ReplyFields.orderQuery(step.seen(), ksherPayName(order, form), appId, nonce(form))
                : ReplyFields.gatewayQuery(step.seen(), appId);
        return new Answer(Reply.signed(operation, data), step.before(), step.after());
    }

    private String ksherPayName(LiveOrder order, Map<String, String> form) {
        KsherMerchant merchant = Objects.requireNonNull(merchants.get(form.get("appid")));
        return merchant.table().ksherPayName(order, form.get("mch_order_no"));
    }

    private static Reply closeReply(KsherOrder order, String mchOrderNo, Map<String, String> form) {
        Operation close = Operation.ORDER_CLOSE;
        if (order.state.wasPaid()) {
            return fail(close, "KSHER_ORDER_PAID", "this order has been paid", form);
        }
        if (order.state.isOpen() && order.otpCode != 0) {
            return fail(close, "PAYMENT_IN_PROCESS", "the payment of this order is in process", form);
        }
        String result = order.state == State.CLOSED ? "CLOSED" : "SUCCESS";
        String appId = form.getOrDefault("appid", "");
        return Reply.signed(close, ReplyFields.closed(result, mchOrderNo, appId, nonce(form)));
    }

    private Reply cancelReply(KsherOrder order, Map<String, String> form) {
        if (order.state.wasPaid()) {
            return Reply.refused(Operation.GATEWAY_CANCEL, -4);
        }
        if (order.state == State.CLOSED) {
            return Reply.refused(Operation.GATEWAY_CANCEL, -5);
        }
        if (order.otpCode != 0) {
            return Reply.refused(Operation.GATEWAY_CANCEL, order.otpCode);
        }
        return signedCancels ? signedCancel(form) : Reply.cancelled();
    }

    private static Reply signedCancel(Map<String, String> form) {
        String mchOrderNo = form.getOrDefault("mch_order_no", "");
        String appId = form.getOrDefault("appid", "");
        return Reply.signed(
                Operation.GATEWAY_CANCEL, ReplyFields.closed("SUCCESS", mchOrderNo, appId, ReplyFields.nonce()));
    }

    private static Reply notFound(Operation operation, Map<String, String> form) {
        if (!operation.isOrderCall()) {
            return Reply.refused(operation, -3);
        }
        String message = "failed to find this order no ('mch_order_no:" + form.getOrDefault("mch_order_no", "")
                + ",ksher_order_no:" + form.getOrDefault("ksher_order_no", "")
                + ",channel_order_no:" + form.getOrDefault("channel_order_no", "") + ",').";
        return fail(operation, "KSHER_INVALID_ORDER_NO", message, form);
    }

    /** What a fault lets Ksher say in place of the truth, or the truth itself; null if neither is there. */
    static @Nullable Reply told(
            Operation operation, Map<String, String> form, @Nullable Reply truth, @Nullable Fault fault) {
        if (fault == null) {
            return truth;
        }
        return switch (fault.kind) {
            case REFUSAL -> Reply.refused(operation, fault.code);
            case RESULT -> fail(operation, fault.text, "simulated " + fault.text, form);
            case STATE -> truth == null ? null : truth.withResult(fault.text);
            case SIGNED_CANCEL -> truth == null || truth.text() == null ? truth : signedCancel(form);
            default -> truth;
        };
    }

    private static Reply fail(Operation operation, String code, String message, Map<String, String> form) {
        // Only the order calls echo the request's.
        String nonce = operation.isOrderCall() ? nonce(form) : ReplyFields.nonce();
        return Reply.signed(operation, ReplyFields.fail(code, message, nonce));
    }

    private static String nonce(Map<String, String> form) {
        return form.getOrDefault("nonce_str", "");
    }
}
