/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import io.github.camelksher.simulator.KsherOrder;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of {@code data} as in Ksher's samples, with empty strings where those have them. */
public final class ReplyFields {

    /** {@code time_end} is the merchant's local time, in the samples that of Thailand. */
    private static final DateTimeFormatter TIME_END =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.ofHours(7));

    private static final SecureRandom RANDOM = new SecureRandom();

    private ReplyFields() {}

    /** {@code mchOrderNo} is the number by which the caller knows the order. */
    public static Map<String, Object> orderQuery(KsherOrder order, String mchOrderNo, String appId, String nonce) {
        boolean paid = order.state().wasPaid();
        Map<String, Object> data = common(order, mchOrderNo, appId, nonce);
        data.put("cash_fee", paid ? (Object) order.amount() : "");
        data.put("cash_fee_type", paid ? order.currency() : "");
        data.put("channel", order.channel());
        data.put("ksher_order_no", order.ksherOrderNo());
        data.put("consumer_remark", "");
        data.put("device_id", "");
        data.put("merchant_remark", order.merchantRemark());
        data.put("operation", "ORDER-QUERY");
        data.put("operator_id", order.operatorId());
        data.put("raw_total_fee", order.amount());
        return data;
    }

    public static Map<String, Object> gatewayQuery(KsherOrder order, String appId) {
        boolean paid = order.state().wasPaid();
        Map<String, Object> data = common(order, order.mchOrderNo(), appId, paid ? nonce() : "");
        // All signed samples of the gateway leave these two empty.
        data.put("cash_fee", "");
        data.put("cash_fee_type", "");
        boolean walletKnown = paid || (order.state().isOpen() && order.isWalletChosen());
        data.put("channel", walletKnown ? order.channel() : "");
        data.put("ksher_order_no", walletKnown ? order.ksherOrderNo() : "");
        data.put("pay_mch_order_no", order.payNumber());
        return data;
    }

    static Map<String, Object> closed(String result, String mchOrderNo, ApiRequest request) {
        Map<String, Object> data = new TreeMap<>();
        data.put("appid", request.appId());
        data.put("mch_order_no", mchOrderNo);
        data.put("nonce_str", request.replyNonce());
        data.put("result", result);
        return data;
    }

    static Map<String, Object> fail(String code, String message, String nonce) {
        Map<String, Object> data = new TreeMap<>();
        data.put("err_code", code);
        data.put("err_msg", message);
        data.put("nonce_str", nonce);
        data.put("result", "FAIL");
        return data;
    }

    public static String nonce() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static Map<String, Object> common(KsherOrder order, String mchOrderNo, String appId, String nonce) {
        boolean paid = order.state().wasPaid();
        Map<String, Object> data = new TreeMap<>();
        data.put("appid", appId);
        data.put("attach", order.attach());
        data.put("channel_order_no", paid ? order.channelOrderNo() : "");
        data.put("fee_type", order.currency());
        data.put("mch_order_no", mchOrderNo);
        data.put("nonce_str", nonce);
        data.put("openid", paid ? order.openid() : "");
        data.put("rate", paid ? "1.000000" : "");
        data.put("result", order.state().name());
        data.put("time_end", paid ? timeEnd(order.paidAt()) : "");
        data.put("total_fee", order.amount());
        return data;
    }

    private static String timeEnd(@Nullable Instant paidAt) {
        return paidAt == null ? "" : TIME_END.format(paidAt);
    }
}
