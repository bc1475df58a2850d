/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The fields of a {@link KsherOrder} by name, while some of them are being set. */
final class KsherOrderBuilder {
    private final String mchOrderNo;
    private final boolean gateway;
    String ksherOrderNo = "";
    String channelOrderNo = "";
    String payNumber = "";
    String channel = "wechat";
    long amount = 100;
    String currency = "THB";
    String attach = "";
    String operatorId = "";
    String openid = "";
    String merchantRemark = "";
    KsherOrder.State state;
    boolean customerChoseWallet;

    @Nullable
    Instant expiresAt;

    @Nullable
    Instant paidAt;

    @Nullable
    URI notifyUrl;

    int closedQueriesUntilPaid = KsherOrder.NEVER;
    int queriesUntilPaid = KsherOrder.NEVER;
    int otpCode;

    KsherOrderBuilder(String mchOrderNo, boolean gateway) {
        this.mchOrderNo = mchOrderNo;
        this.gateway = gateway;
        this.state = gateway ? KsherOrder.State.NOTSURE : KsherOrder.State.NOTPAY;
    }

    KsherOrderBuilder(KsherOrder order) {
        mchOrderNo = order.mchOrderNo();
        gateway = order.isGateway();
        ksherOrderNo = order.ksherOrderNo();
        channelOrderNo = order.channelOrderNo();
        payNumber = order.payNumber();
        channel = order.channel();
        amount = order.amount();
        currency = order.currency();
        attach = order.attach();
        operatorId = order.operatorId();
        openid = order.openid();
        merchantRemark = order.merchantRemark();
        state = order.state();
        customerChoseWallet = order.customerChoseWallet();
        expiresAt = order.expiresAt();
        paidAt = order.paidAt();
        notifyUrl = order.notifyUrl();
        closedQueriesUntilPaid = order.closedQueriesUntilPaid();
        queriesUntilPaid = order.queriesUntilPaid();
        otpCode = order.otpCode();
    }

    KsherOrder build() {
        return new KsherOrder(
                mchOrderNo,
                gateway,
                ksherOrderNo,
                channelOrderNo,
                payNumber,
                channel,
                amount,
                currency,
                attach,
                operatorId,
                openid,
                merchantRemark,
                state,
                customerChoseWallet,
                expiresAt,
                paidAt,
                notifyUrl,
                closedQueriesUntilPaid,
                queriesUntilPaid,
                otpCode);
    }
}
