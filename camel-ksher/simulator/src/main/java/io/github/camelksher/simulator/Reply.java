/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a call is answered with, before it is signed and written.
 *
 * @param code Ksher's code
 * @param msg Ksher's message
 * @param data the signed fields; null for a refusal and for a cancel that succeeded
 * @param text {@code data} of a cancel that succeeded; null otherwise
 */
record Reply(Operation operation, int code, String msg, @Nullable Map<String, Object> data, @Nullable String text) {

    static Reply signed(Operation operation, Map<String, Object> data) {
        return new Reply(operation, 0, operation.isOrderCall() ? "ok" : "操作成功", data, null);
    }

    static Reply cancelled() {
        return new Reply(Operation.GATEWAY_CANCEL, 0, "操作成功", null, "取消成功");
    }

    static Reply refused(Operation operation, int code) {
        boolean cancel = operation == Operation.GATEWAY_CANCEL;
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
        return new Reply(operation, code, msg, null, null);
    }

    /** This reply with another {@code result}; itself if it has none. */
    Reply withResult(String result) {
        if (data == null) {
            return this;
        }
        Map<String, Object> other = new TreeMap<>(data);
        other.put("result", result);
        return new Reply(operation, code, msg, other, text);
    }

    @Nullable
    String result() {
        return data == null ? null : (String) data.get("result");
    }

    @Nullable
    String error() {
        return data == null ? null : (String) data.get("err_code");
    }
}
