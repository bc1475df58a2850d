/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a call is answered with, before it is signed and written.
 *
 * @param call the call
 * @param code Ksher's code
 * @param msg Ksher's message
 * @param data the fields to sign; null for a refusal and for a cancel that succeeded
 * @param text {@code data} of a cancel that succeeded; null otherwise
 */
public record UnsignedReply(
        ApiCall call, int code, String msg, @Nullable Map<String, Object> data, @Nullable String text) {

    /** A code 0 with fields. */
    public static UnsignedReply success(ApiCall call, Map<String, Object> data) {
        return new UnsignedReply(call, 0, call.isKsherPay() ? "ok" : "操作成功", data, null);
    }

    /** A code 0 whose fields say FAIL. */
    public static UnsignedReply failure(ApiRequest request, String errCode, String errMsg) {
        return success(request.call(), ReplyFields.fail(errCode, errMsg, request.replyNonce()));
    }

    /** A cancel that succeeded, as Ksher's page prints it. */
    static UnsignedReply cancelled() {
        return new UnsignedReply(ApiCall.GATEWAY_CANCEL, 0, "操作成功", null, "取消成功");
    }

    /** A cancel that succeeded, as Ksher's SDKs expect it. */
    public static UnsignedReply signedCancel(ApiRequest request) {
        return success(request.call(), ReplyFields.closed("SUCCESS", request.mchOrderNo(), request));
    }

    public static UnsignedReply refused(ApiCall call, int code) {
        boolean cancel = call == ApiCall.GATEWAY_CANCEL;
        String msg =
                switch (code) {
                    case -1 -> "商户信息错误";
                    case -2 -> "验证商户签名失败";
                    case -3 -> "该订单不存在";
                    case -4 -> cancel ? "该订单已支付成功,不能进行此操作" : "该订单号不唯一";
                    case -5 -> "该订单已被取消,不能重复进行此操作";
                    case -6 -> "取消订单失败";
                    case -100 -> "查询失败";
                    default -> "操作失败";
                };
        return new UnsignedReply(call, code, msg, null, null);
    }

    /** This reply with another {@code result}; itself if it has none. */
    public UnsignedReply withResult(String result) {
        if (data == null) {
            return this;
        }
        Map<String, Object> other = new TreeMap<>(data);
        other.put("result", result);
        return new UnsignedReply(call, code, msg, other, text);
    }

    public boolean isRefusal() {
        return code != 0;
    }

    /** Whether a signature belongs to it. */
    public boolean isSigned() {
        return data != null;
    }

    public boolean namesOrder() {
        return data != null && data.containsKey("mch_order_no");
    }

    public @Nullable String result() {
        return data == null ? null : (String) data.get("result");
    }

    public @Nullable String error() {
        return data == null ? null : (String) data.get("err_code");
    }

    /** Shows no field: {@code openid} is one of them. */
    @Override
    public String toString() {
        return "UnsignedReply " + call + " " + code;
    }
}
