/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator.protocol;

import java.util.Map;

/**
 * A request that has been read.
 *
 * @param call the call that it is for
 * @param form its fields
 * @param withV2 whether its reply is to be signed with Ksher's second key
 */
public record ApiRequest(ApiCall call, Map<String, String> form, boolean withV2) {

    /** The field's value; empty if the request does not have it. */
    public String field(String name) {
        return form.getOrDefault(name, "");
    }

    public String appId() {
        return field("appid");
    }

    public String mchOrderNo() {
        return field("mch_order_no");
    }

    /** The first of its three order numbers that is not empty; empty if none is. */
    public String orderNumber() {
        for (String name : new String[] {"mch_order_no", "ksher_order_no", "channel_order_no"}) {
            if (!field(name).isEmpty()) {
                return field(name);
            }
        }
        return "";
    }

    /** The nonce of its reply: KsherPay's calls echo the request's, the gateway's do not. */
    String replyNonce() {
        return call.isKsherPay() ? field("nonce_str") : ReplyFields.nonce();
    }

    /** Shows no field: some are personal data. */
    @Override
    public String toString() {
        return "ApiRequest " + call;
    }
}
