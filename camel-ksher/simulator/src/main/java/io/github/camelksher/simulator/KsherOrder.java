/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order: what to open it with, or a snapshot of how it stands. Immutable; every method that sets something answers a
 * changed copy.
 *
 * <p>An order of KsherPay ({@link #of}) is made with its channel and is known to {@code orderQuery} and {@code orderClose}.
 * An order of the gateway ({@link #gateway}) is a payment page and is known to {@code gatewayQuery} and {@code
 * gatewayCancel}; KsherPay knows it by its {@link #payMchOrderNo} only, from the moment the customer chose a wallet.
 */
public final class KsherOrder implements Cloneable {

    /** Where an order stands. {@link #SUCCESS}, {@link #CLOSED} and {@link #REFUND} are final, but see {@link #paysAfterCancel}. */
    public enum State {
        NOTPAY,
        USERPAYING,
        PENDING,
        PAYERROR,
        NOTSURE,
        SUCCESS,
        CLOSED,
        REFUND;

        boolean isOpen() {
            return compareTo(SUCCESS) < 0;
        }

        boolean wasPaid() {
            return this == SUCCESS || this == REFUND;
        }
    }

    /** For the counters below: the behaviour is off. */
    static final int NEVER = -1;

    final String mchOrderNo;
    final boolean gateway;
    boolean walletChosen;
    String ksherOrderNo = "";
    String channelOrderNo = "";
    String payMchOrderNo = "";
    String channel = "wechat";
    long amount = 100;
    String currency = "THB";
    String attach = "";
    String operatorId = "";
    String openid = "";
    String merchantRemark = "";
    State state = State.NOTPAY;

    @Nullable
    Instant expiresAt;

    @Nullable
    Instant paidAt;

    @Nullable
    URI notifyUrl;

    int paysAfterCancel = NEVER;
    int paysAfterQueries = NEVER;
    int otpCode;

    private KsherOrder(String mchOrderNo, boolean gateway) {
        this.mchOrderNo = checkNumber("mch_order_no", mchOrderNo, 32);
        this.gateway = gateway;
    }

    /**
     * An unpaid WeChat order of 1.00 THB, made by one of KsherPay's own calls (native, quick, app, mini pay).
     *
     * @param mchOrderNo the merchant's order number, 1 to 32 characters
     * @throws IllegalArgumentException if it is empty or longer
     */
    public static KsherOrder of(String mchOrderNo) {
        return new KsherOrder(mchOrderNo, false);
    }

    /**
     * An order of 1.00 THB made as a payment page ({@code gateway_pay}). It is NOTSURE until the customer chooses a wallet.
     * One that is opened in another open state, or paid, has had its wallet chosen.
     *
     * @param mchOrderNo the merchant's order number, 1 to 32 characters
     * @throws IllegalArgumentException if it is empty or longer
     */
    public static KsherOrder gateway(String mchOrderNo) {
        return new KsherOrder(mchOrderNo, true).state(State.NOTSURE);
    }

    /** The amount in the currency's minor unit (12_300 THB is 123.00 baht), at least 0. */
    public KsherOrder amount(long minorUnits, String currency) {
        if (minorUnits < 0) {
            throw new IllegalArgumentException("amount must not be negative: " + minorUnits);
        }
        KsherOrder order = copy();
        order.amount = minorUnits;
        order.currency = currency;
        return order;
    }

    /**
     * The channel the customer pays with: {@code wechat}, {@code alipay}, {@code promptpay}, {@code card}, … Of a gateway
     * order the one that the customer will choose.
     */
    public KsherOrder channel(String channel) {
        KsherOrder order = copy();
        order.channel = channel;
        return order;
    }

    /** Ksher's number of the order; without it one is made up. */
    public KsherOrder ksherOrderNo(String number) {
        KsherOrder order = copy();
        order.ksherOrderNo = checkNumber("ksher_order_no", number, 32);
        return order;
    }

    /** The channel's number of the order, up to 64 characters; without it one is made up. */
    public KsherOrder channelOrderNo(String number) {
        KsherOrder order = copy();
        order.channelOrderNo = checkNumber("channel_order_no", number, 64);
        return order;
    }

    /**
     * The number by which KsherPay knows an order of the gateway; without it one is made up.
     *
     * @throws IllegalArgumentException if this is an order of KsherPay, which has no such number
     */
    public KsherOrder payMchOrderNo(String number) {
        if (!gateway) {
            throw new IllegalArgumentException("only an order of the gateway has a pay_mch_order_no");
        }
        KsherOrder order = copy();
        order.payMchOrderNo = checkNumber("pay_mch_order_no", number, 32);
        return order;
    }

    /** The customer has chosen a wallet on the payment page; an order of KsherPay has one from the beginning. */
    public KsherOrder walletChosen() {
        KsherOrder order = copy();
        order.walletChosen = true;
        return order;
    }

    /** The merchant's own text, echoed in query replies. */
    public KsherOrder attach(String text) {
        KsherOrder order = copy();
        order.attach = text;
        return order;
    }

    /** The operator, echoed by {@code orderQuery}. */
    public KsherOrder operatorId(String text) {
        KsherOrder order = copy();
        order.operatorId = text;
        return order;
    }

    /** The payer, shown once the order is paid. With Ksher it can be a card number and a holder's name. */
    public KsherOrder openid(String text) {
        KsherOrder order = copy();
        order.openid = text;
        return order;
    }

    /** The merchant's remark, echoed by {@code orderQuery}. */
    public KsherOrder merchantRemark(String text) {
        KsherOrder order = copy();
        order.merchantRemark = text;
        return order;
    }

    /** The state to open the order in. */
    public KsherOrder state(State state) {
        KsherOrder order = copy();
        order.state = state;
        return order;
    }

    /** When an order that is still unpaid becomes CLOSED. */
    public KsherOrder expiresAt(Instant instant) {
        KsherOrder order = copy();
        order.expiresAt = instant;
        return order;
    }

    /** The customer saved the QR code: a successful cancel or close leaves the order CLOSED, and the very next query finds it paid. */
    public KsherOrder paysAfterCancel() {
        return paysAfterCancel(0);
    }

    /** As {@link #paysAfterCancel()}, after {@code queries} (0 or more) queries that still answer CLOSED. */
    public KsherOrder paysAfterCancel(int queries) {
        KsherOrder order = copy();
        order.paysAfterCancel = atLeast(0, queries);
        return order;
    }

    /** The customer pays right after the {@code queries}th (1 or more) query was answered: between query and command. */
    public KsherOrder paysAfterQueries(int queries) {
        KsherOrder order = copy();
        order.paysAfterQueries = atLeast(1, queries);
        return order;
    }

    /** A card payment in its one-time-password step: cancel is refused with -6, close with PAYMENT_IN_PROCESS. */
    public KsherOrder otp() {
        return otp(-6);
    }

    /** As {@link #otp()}, with the code cancel is refused with: -4 or -6. */
    public KsherOrder otp(int cancelCode) {
        if (cancelCode != -4 && cancelCode != -6) {
            throw new IllegalArgumentException("otp answers cancel with -4 or -6, not " + cancelCode);
        }
        KsherOrder order = copy();
        order.otpCode = cancelCode;
        return order.channel("card").state(State.USERPAYING);
    }

    /**
     * Where the merchant is told that the order was paid: an http or https URL.
     *
     * @throws IllegalArgumentException if it is none; the message does not show it
     */
    public KsherOrder notifyUrl(String url) {
        KsherOrder order = copy();
        order.notifyUrl = Notifier.url(url);
        return order;
    }

    /** The merchant's order number. */
    public String mchOrderNo() {
        return mchOrderNo;
    }

    /** Ksher's order number; empty before the order is opened. */
    public String ksherOrderNo() {
        return ksherOrderNo;
    }

    /** The channel's order number; empty before the order is opened. */
    public String channelOrderNo() {
        return channelOrderNo;
    }

    /** The number by which KsherPay knows an order of the gateway; empty before the order is opened, and for other orders. */
    public String payMchOrderNo() {
        return gateway ? payMchOrderNo : "";
    }

    /** Whether this is an order of the gateway. */
    public boolean isGateway() {
        return gateway;
    }

    /** Whether the customer has chosen a wallet; true for every order of KsherPay. */
    public boolean isWalletChosen() {
        return !gateway || walletChosen || (state != State.NOTSURE && state != State.CLOSED);
    }

    /** Where the order stood when this snapshot was taken. */
    public State state() {
        return state;
    }

    /** The amount in the currency's minor unit. */
    public long amount() {
        return amount;
    }

    @Override
    public String toString() {
        return "Order " + mchOrderNo + " " + state;
    }

    KsherOrder copy() {
        try {
            return (KsherOrder) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static String checkNumber(String name, String value, int longest) {
        if (value.isBlank() || value.codePointCount(0, value.length()) > longest) {
            throw new IllegalArgumentException(name + " must have 1 to " + longest + " characters: '" + value + "'");
        }
        return value;
    }

    private static int atLeast(int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException("number of queries must be at least " + least + ": " + value);
        }
        return value;
    }
}
