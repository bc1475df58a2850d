/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.util.List;

/** What a caller can say about a call. */
public enum Parameter {
    MCH_ORDER_NO("mch_order_no"),
    KSHER_ORDER_NO("ksher_order_no"),
    CHANNEL_ORDER_NO("channel_order_no"),
    CHANNEL("channel"),
    LANG("lang"),
    OPERATOR_ID("operator_id");

    /** In the order in which one of them names the order in messages. */
    static final List<Parameter> ORDER_NUMBERS = List.of(MCH_ORDER_NO, KSHER_ORDER_NO, CHANNEL_ORDER_NO);

    private final String wireName;

    Parameter(String wireName) {
        this.wireName = wireName;
    }

    /** Ksher's name for it. */
    public String wireName() {
        return wireName;
    }
}
