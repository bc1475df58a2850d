/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a call that its caller sets. */
public enum Parameter {
    MCH_ORDER_NO("mch_order_no"),
    KSHER_ORDER_NO("ksher_order_no"),
    /** Ksher's page says String(32), but the numbers of real card payments have 46 characters. */
    CHANNEL_ORDER_NO("channel_order_no", 64),
    CHANNEL("channel"),
    LANG("lang"),
    OPERATOR_ID("operator_id");

    /** The first of them that is set names the order in messages. */
    static final List<Parameter> ORDER_NUMBERS = List.of(MCH_ORDER_NO, KSHER_ORDER_NO, CHANNEL_ORDER_NO);

    /** Ksher's limit for nearly every value, String(32), in code points. */
    public static final int USUAL_LENGTH = 32;

    private final String wireName;
    private final int maxLength;

    Parameter(String wireName) {
        this(wireName, USUAL_LENGTH);
    }

    Parameter(String wireName, int maxLength) {
        this.wireName = wireName;
        this.maxLength = maxLength;
    }

    /** Ksher's name for it. */
    public String wireName() {
        return wireName;
    }

    /** The length of the longest value, in code points. */
    public int maxLength() {
        return maxLength;
    }

    /** Why Ksher does not take a value; null if it does. */
    public @Nullable ValueProblem problem(String value) {
        return ValueProblem.of(value, maxLength);
    }
}
