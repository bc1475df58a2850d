/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.order.NotifyUrl;
import java.net.URI;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An order: what to open it with, or a snapshot of how it stands. Every method that sets something
 * returns a changed copy.
 *
 * <p>An order of KsherPay ({@link #of}) is made with its channel and is known to {@code orderQuery}
 * and {@code orderClose}. An order of the gateway ({@link #gateway}) is a payment page and is known
 * to {@code gatewayQuery} and {@code gatewayCancel}; KsherPay knows it by its
 * {@link #payMchOrderNo} only, from the moment the customer chose a wallet.
 *
 * <p>The accessors are named as the methods that set something, but for these: {@code payNumber} is
 * {@code pay_mch_order_no} in a reply of the gateway, {@code customerChoseWallet} is a choice that
 * was seen ({@link #isWalletChosen} knows the state as well), and the two counts of queries until
 * the customer pays are {@link #NEVER} if nothing was said.
 */
public record KsherOrder(
        String mchOrderNo,
        boolean isGateway,
        String ksherOrderNo,
        String channelOrderNo,
        String payNumber,
        String channel,
        long amount,
        String currency,
        String attach,
        String operatorId,
        String openid,
        String merchantRemark,
        State state,
        boolean customerChoseWallet,
        @Nullable Instant expiresAt,
        @Nullable Instant paidAt,
        @Nullable URI notifyUrl,
        int closedQueriesUntilPaid,
        int queriesUntilPaid,
        int otpCode) {

    /** Where an order stands. The last three are final, but see {@link #paysAfterCancel}. */
    public enum State {
        NOTPAY,
        USERPAYING,
        PENDING,
        PAYERROR,
        NOTSURE,
        SUCCESS,
        CLOSED,
        REFUND;

        /** Whether the order can still be paid, so may be closed. */
        public boolean isOpen() {
            return compareTo(SUCCESS) < 0;
        }

        /** Whether the customer has paid, even if the money was given back. */
        public boolean wasPaid() {
            return this == SUCCESS || this == REFUND;
        }
    }

    /** The customer does not pay on a count of queries. */
    public static final int NEVER = -1;

    /** Checks the merchant's number; the methods below check what they set. */
    public KsherOrder {
        checkNumber("mch_order_no", mchOrderNo, 32);
    }

    /**
     * An unpaid WeChat order of 1.00 THB, made by one of KsherPay's own calls (native, quick, app,
     * mini pay).
     *
     * @param mchOrderNo the merchant's order number, 1 to 32 characters
     * @throws IllegalArgumentException if it is empty or longer
     */
    public static KsherOrder of(String mchOrderNo) {
        return new KsherOrderBuilder(mchOrderNo, false).build();
    }

    /**
     * An order of 1.00 THB made as a payment page ({@code gateway_pay}). It is NOTSURE until the
     * customer chooses a wallet. One that is opened in another open state, or paid, has had its
     * wallet chosen.
     *
     * @param mchOrderNo the merchant's order number, 1 to 32 characters
     * @throws IllegalArgumentException if it is empty or longer
     */
    public static KsherOrder gateway(String mchOrderNo) {
        return new KsherOrderBuilder(mchOrderNo, true).build();
    }

    /** The amount in the currency's minor unit (12_300 THB is 123.00 baht), at least 0. */
    public KsherOrder amount(long minorUnits, String currency) {
        if (minorUnits < 0) {
            throw new IllegalArgumentException("amount must not be negative: " + minorUnits);
        }
        return with(order -> {
            order.amount = minorUnits;
            order.currency = currency;
        });
    }

    /**
     * The channel the customer pays with: {@code wechat}, {@code alipay}, {@code promptpay},
     * {@code card}, … Of a gateway order the one that the customer will choose.
     */
    public KsherOrder channel(String channel) {
        return with(order -> order.channel = channel);
    }

    /** Ksher's number of the order; without it one is made up. */
    public KsherOrder ksherOrderNo(String number) {
        checkNumber("ksher_order_no", number, 32);
        return with(order -> order.ksherOrderNo = number);
    }

    /** The channel's number of the order, up to 64 characters; without it one is made up. */
    public KsherOrder channelOrderNo(String number) {
        checkNumber("channel_order_no", number, 64);
        return with(order -> order.channelOrderNo = number);
    }

    /**
     * The number by which KsherPay knows an order of the gateway; without it one is made up.
     *
     * @throws IllegalArgumentException if this is an order of KsherPay, which has no such number
     */
    public KsherOrder payMchOrderNo(String number) {
        if (!isGateway) {
            throw new IllegalArgumentException("only an order of the gateway has a pay_mch_order_no");
        }
        checkNumber("pay_mch_order_no", number, 32);
        return with(order -> order.payNumber = number);
    }

    /** Makes up the missing numbers; {@code unique} is different for each order. */
    public KsherOrder numbered(String unique) {
        // The channel's numbers of real card payments are far longer than the others.
        String prefix = channel.equals("card") ? "509109000000000000" : "";
        return with(order -> {
            order.ksherOrderNo = ksherOrderNo.isEmpty() ? "9002020112300" + unique : ksherOrderNo;
            order.channelOrderNo = channelOrderNo.isEmpty() ? prefix + "420000060720201123" + unique : channelOrderNo;
            order.payNumber = payNumber.isEmpty() ? "201123" + unique : payNumber;
        });
    }

    /** The customer has chosen a wallet on the payment page; KsherPay's orders always have one. */
    public KsherOrder walletChosen() {
        return with(order -> order.customerChoseWallet = true);
    }

    /** The merchant's own text, echoed in query replies. */
    public KsherOrder attach(String text) {
        return with(order -> order.attach = text);
    }

    /** The operator, echoed by {@code orderQuery}. */
    public KsherOrder operatorId(String text) {
        return with(order -> order.operatorId = text);
    }

    /** The payer, shown once the order is paid; with Ksher it can be a card's number and holder. */
    public KsherOrder openid(String text) {
        return with(order -> order.openid = text);
    }

    /** The merchant's remark, echoed by {@code orderQuery}. */
    public KsherOrder merchantRemark(String text) {
        return with(order -> order.merchantRemark = text);
    }

    /** The state to open the order in. */
    public KsherOrder state(State state) {
        return with(order -> order.state = state);
    }

    /** When the customer paid; opening a paid order sets it to that moment. */
    public KsherOrder paidAt(Instant instant) {
        return with(order -> order.paidAt = instant);
    }

    /** When an order that is still unpaid becomes CLOSED. */
    public KsherOrder expiresAt(Instant instant) {
        return with(order -> order.expiresAt = instant);
    }

    /** A saved QR code: a cancel leaves the order CLOSED, and the next query finds it paid. */
    public KsherOrder paysAfterCancel() {
        return paysAfterCancel(0);
    }

    /** As {@link #paysAfterCancel()}, after this many (0 or more) queries that answer CLOSED. */
    public KsherOrder paysAfterCancel(int queries) {
        checkCount(0, queries);
        return with(order -> order.closedQueriesUntilPaid = queries);
    }

    /** The customer pays right after this many (1 or more) queries: before the command. */
    public KsherOrder paysAfterQueries(int queries) {
        checkCount(1, queries);
        return with(order -> order.queriesUntilPaid = queries);
    }

    /** A card payment in its password step: cancel is -6, close is PAYMENT_IN_PROCESS. */
    public KsherOrder otp() {
        return otp(-6);
    }

    /** As {@link #otp()}, with the code cancel is refused with: -4 or -6. */
    public KsherOrder otp(int cancelCode) {
        if (cancelCode != -4 && cancelCode != -6) {
            throw new IllegalArgumentException("otp answers cancel with -4 or -6, not " + cancelCode);
        }
        return with(order -> {
            order.otpCode = cancelCode;
            order.channel = "card";
            order.state = State.USERPAYING;
        });
    }

    /**
     * Where the merchant is told that the order was paid: an http or https URL.
     *
     * @throws IllegalArgumentException if it is none; the message does not show it
     */
    public KsherOrder notifyUrl(String url) {
        URI parsed = NotifyUrl.parse(url);
        return with(order -> order.notifyUrl = parsed);
    }

    /** By this number KsherPay knows an open order of the gateway; empty for all others. */
    public String payMchOrderNo() {
        return isGateway ? payNumber : "";
    }

    /** Whether the customer has chosen a wallet; true for every order of KsherPay. */
    public boolean isWalletChosen() {
        return !isGateway || customerChoseWallet || (state != State.NOTSURE && state != State.CLOSED);
    }

    /** Number and state only: {@link #openid} can be personal data. */
    @Override
    public String toString() {
        return "Order " + mchOrderNo + " " + state;
    }

    private KsherOrder with(Consumer<KsherOrderBuilder> change) {
        KsherOrderBuilder builder = new KsherOrderBuilder(this);
        change.accept(builder);
        return builder.build();
    }

    private static void checkNumber(String name, String value, int longest) {
        if (value.isBlank() || value.codePointCount(0, value.length()) > longest) {
            throw new IllegalArgumentException(name + " must have 1 to " + longest + " characters: '" + value + "'");
        }
    }

    private static void checkCount(int least, int queries) {
        if (queries < least) {
            throw new IllegalArgumentException("number of queries must be at least " + least + ": " + queries);
        }
    }
}
