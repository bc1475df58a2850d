/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The control API's JSON. Whatever is not understood is an {@link IllegalArgumentException} that names it. */
final class ControlJson {

    private static final Set<String> FAULT_FIELDS = Set.of(
            "kind",
            "millis",
            "status",
            "code",
            "errCode",
            "result",
            "retryAfter",
            "carriedOut",
            "order",
            "operation",
            "times",
            "rate",
            "seed");
    private static final Set<String> LATENCY_FIELDS = Set.of("min", "max", "seed");

    /** An order to be opened, and the merchant whose it is; null if the JSON names none. */
    record Asked(@Nullable String appId, KsherOrder order) {}

    private ControlJson() {}

    static List<Asked> orders(JsonNode list) {
        List<Asked> orders = new ArrayList<>();
        list.forEach(node -> orders.add(order(node)));
        return orders;
    }

    static Asked order(JsonNode node) {
        String number = text(node, "mch_order_no", "");
        KsherOrder order =
                switch (text(node, "api", "ksherpay")) {
                    case "ksherpay" -> KsherOrder.of(number);
                    case "gateway" -> KsherOrder.gateway(number);
                    default ->
                        throw new IllegalArgumentException("api must be ksherpay or gateway: " + node.get("api"));
                };
        order = order.amount(whole(node, "amount", 100), text(node, "currency", "THB"));
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            JsonNode value = field.getValue();
            String text = value.asText();
            order = switch (field.getKey()) {
                case "appid", "api", "mch_order_no", "amount", "currency", "state", "channel" -> order;
                case "ksher_order_no" -> order.ksherOrderNo(text);
                case "channel_order_no" -> order.channelOrderNo(text);
                case "pay_mch_order_no" -> order.payMchOrderNo(text);
                case "wallet_chosen" -> flag(node, field.getKey()) ? order.walletChosen() : order;
                case "notify_url" -> order.notifyUrl(text);
                case "attach" -> order.attach(text);
                case "operator_id" -> order.operatorId(text);
                case "openid" -> order.openid(text);
                case "merchant_remark" -> order.merchantRemark(text);
                case "expires_at" -> order.expiresAt(instant(text));
                case "pays_after_cancel" -> order.paysAfterCancel(number(node, field.getKey(), 0));
                case "pays_after_queries" -> order.paysAfterQueries(number(node, field.getKey(), 0));
                case "otp" -> order.otp(number(node, field.getKey(), 0));
                default -> throw new IllegalArgumentException("unknown field of an order: " + field.getKey());
            };
        }
        // After otp, which brings a channel and a state of its own.
        order = node.has("channel") ? order.channel(text(node, "channel", "")) : order;
        order = node.has("state") ? order.state(constant(KsherOrder.State.class, text(node, "state", ""))) : order;
        return new Asked(node.has("appid") ? text(node, "appid", "") : null, order);
    }

    static ObjectNode write(KsherMerchant merchant, KsherOrder order) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("appid", merchant.appId())
                .put("api", order.gateway ? "gateway" : "ksherpay")
                .put("mch_order_no", order.mchOrderNo)
                .put("pay_mch_order_no", order.payMchOrderNo())
                .put("ksher_order_no", order.ksherOrderNo)
                .put("channel_order_no", order.channelOrderNo)
                .put("channel", order.channel)
                .put("amount", order.amount)
                .put("currency", order.currency)
                .put("wallet_chosen", order.isWalletChosen())
                .put("state", order.state.name());
    }

    static ObjectNode write(Call call) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("arrived", call.arrived().toString())
                .put("time", call.time().toString())
                .put("appid", call.appId())
                .put("operation", call.operation())
                .put("order", call.order())
                .put("stateBefore", name(call.stateBefore()))
                .put("stateAfter", name(call.stateAfter()))
                .put("code", call.code())
                .put("result", call.result())
                .put("error", call.error())
                .put("fault", name(call.fault()))
                .put("carriedOut", call.carriedOut());
    }

    static ObjectNode write(Notification attempt) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("time", attempt.time().toString())
                .put("appid", attempt.appId())
                .put("order", attempt.order())
                .put("url", attempt.url())
                .put("attempt", attempt.attempt())
                .put("status", attempt.status())
                .put("error", attempt.error())
                .put("accepted", attempt.accepted())
                .put("fault", name(attempt.fault()));
    }

    static void arm(Faults faults, JsonNode node) {
        refuseUnknown(node, FAULT_FIELDS, "a fault");
        Fault fault = fault(node);
        if (node.has("rate")) {
            faults.rate(node.get("rate").asDouble(-1), whole(node, "seed", 0), fault);
            return;
        }
        String order = node.has("order") ? text(node, "order", "") : null;
        String operation = node.has("operation") ? text(node, "operation", "") : null;
        faults.arm(fault, order, operation, number(node, "times", 1));
    }

    static void chooseWallet(KsherMerchant merchant, String number, JsonNode node) {
        if (node.has("channel")) {
            merchant.chooseWallet(number, text(node, "channel", ""));
        } else {
            merchant.chooseWallet(number);
        }
    }

    static CompletableFuture<Notification> notifyNow(
            Notifier notifier, KsherMerchant merchant, String number, JsonNode node) {
        refuseUnknown(node, Set.of("appid", "url", "fault"), "notify");
        return notifier.send(
                merchant.appId(),
                merchant.table().get(number),
                node.has("url") ? Notifier.url(text(node, "url", "")) : null,
                node.has("fault") ? constant(Fault.Kind.class, text(node, "fault", "")) : null);
    }

    static void latency(Faults faults, JsonNode node) {
        refuseUnknown(node, LATENCY_FIELDS, "a latency");
        long min = whole(node, "min", -1);
        faults.latency(Duration.ofMillis(min), Duration.ofMillis(whole(node, "max", min)), whole(node, "seed", 0));
    }

    static void refuseUnknown(JsonNode node, Set<String> known, String what) {
        if (!node.isObject() && !node.isMissingNode()) {
            throw new IllegalArgumentException(what + " takes a JSON object: " + node);
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!known.contains(field.getKey())) {
                throw new IllegalArgumentException("unknown field of " + what + ": " + field.getKey());
            }
        }
    }

    private static Fault fault(JsonNode node) {
        Duration time = Duration.ofMillis(whole(node, "millis", 0));
        boolean carriedOut = node.path("carriedOut").asBoolean();
        Fault fault =
                switch (constant(Fault.Kind.class, text(node, "kind", ""))) {
                    case DELAY -> carriedOut ? Fault.delayReply(time) : Fault.delay(time);
                    case REFUSED -> Fault.refused(time);
                    case LOST_REQUEST -> Fault.lostRequest();
                    case LOST_REPLY -> Fault.lostReply();
                    case STATUS -> Fault.status(number(node, "status", 503));
                    case HTML -> Fault.html();
                    case TRUNCATED -> Fault.truncated();
                    case BAD_SIGNATURE -> Fault.badSignature();
                    case MISSING_SIGNATURE -> Fault.missingSignature();
                    case OTHER_ORDER -> Fault.otherOrder();
                    case OTHER_NONCE -> Fault.otherNonce();
                    case TRICKLE -> Fault.trickle(time);
                    case REFUSAL -> Fault.refusal(number(node, "code", 0));
                    case RESULT -> Fault.result(text(node, "errCode", "SYSTEMERROR"));
                    case STATE -> Fault.state(text(node, "result", "NOTSURE"));
                    case SINGLE_QUOTES -> Fault.singleQuotes();
                    case SIGNED_CANCEL -> Fault.signedCancel();
                };
        fault = carriedOut ? fault.afterCarryingOut() : fault;
        return node.has("retryAfter") ? fault.retryAfter(Duration.ofSeconds(whole(node, "retryAfter", 0))) : fault;
    }

    private static String text(JsonNode node, String name, String otherwise) {
        JsonNode value = node.get(name);
        return value == null ? otherwise : value.asText();
    }

    private static boolean flag(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(name + " must be true or false: " + value);
        }
        return value.booleanValue();
    }

    private static long whole(JsonNode node, String name, long otherwise) {
        JsonNode value = node.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + " must be a whole number: " + value);
        }
        return value.longValue();
    }

    private static int number(JsonNode node, String name, int otherwise) {
        long value = whole(node, name, otherwise);
        if (value != (int) value) {
            throw new IllegalArgumentException(name + " is too large: " + value);
        }
        return (int) value;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("expires_at must be like 2026-01-31T12:00:00Z: " + text, e);
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("unknown " + type.getSimpleName() + " '" + name + "'");
    }

    private static @Nullable String name(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name();
    }
}
