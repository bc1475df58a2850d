/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.protocol.Accounts.Account;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders as JSON. */
public final class OrderJson {

    /** An order to be opened, and the merchant whose it is; null if the JSON names none. */
    public record Asked(@Nullable String appId, KsherOrder order) {}

    private OrderJson() {}

    /**
     * Reads a list of orders.
     *
     * @throws IllegalArgumentException if one of them has a field that is not understood, which the
     *     message names
     */
    public static List<Asked> readAll(JsonNode list) {
        List<Asked> orders = new ArrayList<>();
        list.forEach(node -> orders.add(read(node)));
        return orders;
    }

    static Asked read(JsonNode node) {
        JsonFields fields = new JsonFields(node);
        String number = fields.text("mch_order_no", "");
        KsherOrder order =
                switch (fields.text("api", "ksherpay")) {
                    case "ksherpay" -> KsherOrder.of(number);
                    case "gateway" -> KsherOrder.gateway(number);
                    default ->
                        throw new IllegalArgumentException("api must be ksherpay or gateway: " + node.get("api"));
                };
        order = order.amount(fields.whole("amount", 100), fields.text("currency", "THB"));
        for (String name : (Iterable<String>) node::fieldNames) {
            String text = node.get(name).asText();
            order = switch (name) {
                case "appid", "api", "mch_order_no", "amount", "currency", "state", "channel" -> order;
                case "ksher_order_no" -> order.ksherOrderNo(text);
                case "channel_order_no" -> order.channelOrderNo(text);
                case "pay_mch_order_no" -> order.payMchOrderNo(text);
                case "wallet_chosen" -> fields.flag(name) ? order.walletChosen() : order;
                case "notify_url" -> order.notifyUrl(text);
                case "attach" -> order.attach(text);
                case "operator_id" -> order.operatorId(text);
                case "openid" -> order.openid(text);
                case "merchant_remark" -> order.merchantRemark(text);
                case "expires_at" -> order.expiresAt(instant(text));
                case "pays_after_cancel" -> order.paysAfterCancel(fields.number(name, 0));
                case "pays_after_queries" -> order.paysAfterQueries(fields.number(name, 0));
                case "otp" -> order.otp(fields.number(name, 0));
                default -> throw new IllegalArgumentException("unknown field of an order: " + name);
            };
        }
        // After otp, which sets channel and state too.
        order = fields.has("channel") ? order.channel(fields.text("channel", "")) : order;
        order = fields.has("state") ? order.state(fields.constant(State.class, "state")) : order;
        return new Asked(fields.text("appid"), order);
    }

    static ObjectNode write(Account account, KsherOrder order) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("appid", account.appId())
                .put("api", order.isGateway() ? "gateway" : "ksherpay")
                .put("mch_order_no", order.mchOrderNo())
                .put("pay_mch_order_no", order.payMchOrderNo())
                .put("ksher_order_no", order.ksherOrderNo())
                .put("channel_order_no", order.channelOrderNo())
                .put("channel", order.channel())
                .put("amount", order.amount())
                .put("currency", order.currency())
                .put("wallet_chosen", order.isWalletChosen())
                .put("state", order.state().name());
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("expires_at must be like 2026-01-31T12:00:00Z: " + text, e);
        }
    }
}
