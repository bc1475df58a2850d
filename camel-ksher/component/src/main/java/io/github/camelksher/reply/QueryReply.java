/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.camelksher.wire.VerifiedData;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The common part of the replies to both queries and a payment notification. */
public abstract sealed class QueryReply extends BaseReply permits KsherPayReply, GatewayQueryReply {

    QueryReply(VerifiedData data) {
        super(data);
    }

    /** The order's state; never null. */
    @JsonProperty
    public OrderState result() {
        // Never null: a query's reply without a result is refused.
        String text = text("result");
        return OrderState.of(text == null ? "" : text);
    }

    /** Ksher's order number. Null if absent or empty. */
    @JsonProperty
    public @Nullable String ksherOrderNo() {
        return text("ksher_order_no");
    }

    /** The payment channel's order number. Null if absent or empty. */
    @JsonProperty
    public @Nullable String channelOrderNo() {
        return text("channel_order_no");
    }

    /** The channel of the payment, such as {@code wechat}; an open set. Null if absent or empty. */
    @JsonProperty
    public @Nullable String channel() {
        return text("channel");
    }

    /** The order's amount in the minor unit of {@link #feeType()}. Null if absent or empty. */
    @JsonProperty
    public @Nullable Long totalFee() {
        return amount("total_fee");
    }

    /** ISO 4217 currency of the order: THB, MYR, JPY, AED. Null if absent or empty. */
    @JsonProperty
    public @Nullable String feeType() {
        return text("fee_type");
    }

    /** The amount paid, in the minor unit of {@link #cashFeeType()}. Null if absent or empty. */
    @JsonProperty
    public @Nullable Long cashFee() {
        return amount("cash_fee");
    }

    /** ISO 4217 currency of the payment. Null if absent or empty. */
    @JsonProperty
    public @Nullable String cashFeeType() {
        return text("cash_fee_type");
    }

    /** Exchange rate to RMB, with all its digits. Null if absent or empty. */
    @JsonProperty
    public @Nullable BigDecimal rate() {
        return decimal("rate");
    }

    /** When it was paid, in the merchant's local time. Null if absent or empty. */
    public @Nullable LocalDateTime timeEnd() {
        return time("time_end");
    }

    // Jackson's default mapper, which Camel uses, does not know LocalDateTime.
    @JsonProperty("timeEnd")
    private @Nullable String timeEndText() {
        LocalDateTime time = timeEnd();
        return time == null ? null : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }

    /** What the merchant attached when the order was made. Null if absent or empty. */
    @JsonProperty
    public @Nullable String attach() {
        return text("attach");
    }

    /**
     * The customer in the wallet. <b>Personal data</b>: may hold a card number and a name. Null if
     * absent or empty.
     */
    @JsonProperty
    public @Nullable String openid() {
        return text("openid");
    }
}
