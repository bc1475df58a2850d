/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.protocol.Accounts.Account;
import io.github.camelksher.simulator.protocol.RsaPem;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A merchant of a {@link KsherSimulator}, with a number, a key and orders of its own. Thread-safe.
 * Methods that name an order throw {@link NoSuchElementException} if this merchant never opened it,
 * {@link IllegalStateException} if its state does not allow what is asked.
 */
public sealed class KsherMerchant permits KsherSimulator {

    private final Account account;
    final Simulation simulation;

    KsherMerchant(Account account, Simulation simulation) {
        this.account = account;
        this.simulation = simulation;
    }

    /** The merchant's number. */
    public String appId() {
        return account.appId();
    }

    /**
     * The merchant's private key, PKCS#1 PEM.
     *
     * @throws IllegalStateException if the simulator was given the public key only
     */
    public String merchantKey() {
        PrivateKey secret = account.key().getPrivate();
        if (secret == null) {
            throw new IllegalStateException("the simulator has only the public key of " + appId());
        }
        return RsaPem.write(secret);
    }

    /** The merchant's public key, SPKI PEM. */
    public String merchantPublicKey() {
        return RsaPem.write(account.key().getPublic());
    }

    /** Base URL of the two order calls, for the component's {@code apiUrl}. */
    public String apiUrl() {
        return simulation.baseUrl() + "/KsherPay";
    }

    /** Base URL of the two gateway calls, for the component's {@code gatewayUrl}. */
    public String gatewayUrl() {
        return simulation.baseUrl() + "/api";
    }

    /** The key that verifies the replies, SPKI PEM, 512 bits. */
    public String publicKey() {
        return simulation.keys.publicV1();
    }

    /**
     * The options that let the component call the simulator as this merchant: {@code appId},
     * {@code privateKey}, {@code apiUrl}, {@code gatewayUrl} and {@code ksherPublicKey}.
     *
     * @param prefix what comes before each name, {@code camel.component.ksher.} for Camel's
     *     properties
     * @throws IllegalStateException if the simulator was given the public key only
     */
    public Map<String, String> componentProperties(String prefix) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(prefix + "appId", appId());
        properties.put(prefix + "privateKey", merchantKey());
        properties.put(prefix + "apiUrl", apiUrl());
        properties.put(prefix + "gatewayUrl", gatewayUrl());
        properties.put(prefix + "ksherPublicKey", publicKey());
        return properties;
    }

    /**
     * Opens an order, and returns it with the numbers that were made up for it.
     *
     * @throws IllegalArgumentException if one of its numbers belongs to another order of this
     *     merchant already
     */
    public KsherOrder open(KsherOrder order) {
        return account.orders().open(order);
    }

    /** As {@link #chooseWallet(String, String)}, with the channel the order was opened with. */
    public void chooseWallet(String mchOrderNo) {
        account.orders().get(mchOrderNo).chooseWallet(null);
    }

    /** The customer chooses this channel's wallet on the payment page: USERPAYING. */
    public void chooseWallet(String mchOrderNo, String channel) {
        account.orders().get(mchOrderNo).chooseWallet(channel);
    }

    /** The customer pays, even a closed order (a saved QR code); this chooses a wallet. */
    public void pay(String mchOrderNo) {
        account.orders().get(mchOrderNo).pay();
    }

    /** Refunds a paid order. */
    public void refund(String mchOrderNo) {
        account.orders().get(mchOrderNo).refund();
    }

    /** Closes an unpaid order, as someone else might. */
    public void close(String mchOrderNo) {
        account.orders().get(mchOrderNo).close();
    }

    /** Lets an unpaid order expire now. */
    public void expire(String mchOrderNo) {
        close(mchOrderNo);
    }

    /** A snapshot of the order. */
    public KsherOrder order(String mchOrderNo) {
        return account.orders().get(mchOrderNo).snapshot();
    }

    /** Snapshots of all the merchant's orders, in no particular order. */
    public List<KsherOrder> orders() {
        return account.orders().all();
    }

    /**
     * Sends the notification of a paid order now, once, and waits for the answer to it. The bytes
     * are those of every earlier notification of the order.
     *
     * @throws IllegalStateException if the order is not paid, or has no {@code notifyUrl}
     */
    public Notification notifyNow(String mchOrderNo) {
        return simulation
                .notifier
                .send(appId(), account.orders().get(mchOrderNo), null, null)
                .join();
    }

    /**
     * As {@link #notifyNow(String)}, but forged: with {@link Fault#badSignature},
     * {@link Fault#missingSignature}, {@link Fault#otherOrder} or {@link Fault#truncated}.
     *
     * @throws IllegalArgumentException if the fault is of another kind
     */
    public Notification notifyNow(String mchOrderNo, Fault fault) {
        return simulation
                .notifier
                .send(appId(), account.orders().get(mchOrderNo), null, fault.kind())
                .join();
    }

    @Override
    public String toString() {
        return "KsherMerchant " + appId();
    }
}
