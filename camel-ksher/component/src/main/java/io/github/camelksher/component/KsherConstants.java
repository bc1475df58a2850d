/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import org.apache.camel.spi.Metadata;

/** The headers that a route sets, and those that it finds after a call or a failure. */
public final class KsherConstants {

    @Metadata(
            label = "in",
            javaType = "String",
            description =
                    "(all) The merchant's order number. The gateway operations take no other. verifyNotification sets it.")
    public static final String MCH_ORDER_NO = "CamelKsherMchOrderNo";

    @Metadata(
            label = "in",
            javaType = "String",
            description = "(orderQuery, orderClose) Ksher's order number. verifyNotification sets it.")
    public static final String KSHER_ORDER_NO = "CamelKsherKsherOrderNo";

    @Metadata(
            label = "in",
            javaType = "String",
            description = "(orderQuery, orderClose) The payment channel's order number. verifyNotification sets it.")
    public static final String CHANNEL_ORDER_NO = "CamelKsherChannelOrderNo";

    @Metadata(
            label = "in",
            javaType = "String",
            description = "(orderQuery, orderClose) The payment channel, such as wechat or alipay. Beats the option.")
    public static final String CHANNEL = "CamelKsherChannel";

    @Metadata(
            label = "in",
            javaType = "String",
            description = "(gatewayCancel) Language of Ksher's message: en, cn or th. Beats the option.")
    public static final String LANG = "CamelKsherLang";

    @Metadata(label = "in", javaType = "String", description = "(orderClose) The merchant's cashier. Beats the option.")
    public static final String OPERATOR_ID = "CamelKsherOperatorId";

    @Metadata(
            label = "out",
            javaType = "Integer",
            description =
                    "(all) Ksher's code: 0 unless Ksher refused the call. How the call ended is in CamelKsherResult.")
    public static final String CODE = "CamelKsherCode";

    @Metadata(
            label = "out",
            javaType = "String",
            description =
                    "(all) Ksher's message, else its msg, fit for logs: without control characters and secrets, 200"
                            + " characters at most. Often Chinese.")
    public static final String MESSAGE = "CamelKsherMessage";

    @Metadata(
            label = "out",
            javaType = "String",
            description =
                    "(all) The result as sent, such as SUCCESS, CLOSED or FAIL. Absent if a cancel is answered with a string.")
    public static final String RESULT = "CamelKsherResult";

    @Metadata(label = "out", javaType = "String", description = "(all) Ksher's err_code.")
    public static final String ERROR_CODE = "CamelKsherErrorCode";

    @Metadata(label = "out", javaType = "String", description = "(all) Ksher's err_msg, fit for logs like the message.")
    public static final String ERROR_MESSAGE = "CamelKsherErrorMessage";

    @Metadata(
            label = "out",
            javaType = "Boolean",
            description =
                    "(all) Whether the signature was verified. A cancel that is answered with a string is not signed."
                            + " Absent without a reply.")
    public static final String SIGNED = "CamelKsherSigned";

    /** The response that a notification needs, with HTTP status 200: else Ksher sends it again. */
    public static final String NOTIFICATION_OK = "{\"result\":\"SUCCESS\",\"msg\":\"OK\"}";

    private KsherConstants() {}
}
