/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A merchant of a {@link KsherSimulator}, with a number, a key and orders of its own. Thread-safe. Methods that name an order
 * throw {@link NoSuchElementException} if this merchant never opened it, {@link IllegalStateException} if its state does not
 * allow what is asked.
 */
public final class KsherMerchant {

    /** The public half of a merchant's key, and the private one where the simulator has it. */
    record Key(PublicKey open, @Nullable PrivateKey secret) {

        /** As PEM, public or private. */
        static Key read(String pem) {
            if (!pem.contains("PRIVATE KEY")) {
                return new Key(RsaPem.readPublic(pem), null);
            }
            var pair = RsaPem.readPrivate(pem);
            return new Key(pair.getPublic(), pair.getPrivate());
        }

        static Key generate() {
            var pair = RsaPem.generate(1024);
            return new Key(pair.getPublic(), pair.getPrivate());
        }

        @Override
        public String toString() {
            return "Key";
        }
    }

    private final String appId;
    private final Key key;
    private final KsherSimulator simulator;
    private final OrderTable orders;
    private final InstantSource clock;
    private final Notifier notifier;

    KsherMerchant(
            String appId,
            Key key,
            KsherSimulator simulator,
            boolean sharedOrders,
            AtomicLong numbers,
            InstantSource clock,
            Notifier notifier) {
        this.appId = appId;
        this.key = key;
        this.simulator = simulator;
        this.clock = clock;
        this.notifier = notifier;
        this.orders = new OrderTable(sharedOrders, numbers, order -> notifier.paid(appId, order));
    }

    /** The merchant's number. */
    public String appId() {
        return appId;
    }

    /**
     * The merchant's private key, PKCS#1 PEM.
     *
     * @throws IllegalStateException if the simulator was given the public key only
     */
    public String merchantKey() {
        if (key.secret == null) {
            throw new IllegalStateException("the simulator has only the public key of " + appId);
        }
        return RsaPem.write(key.secret);
    }

    /** The merchant's public key, SPKI PEM. */
    public String merchantPublicKey() {
        return RsaPem.write(key.open);
    }

    /**
     * The options that let the component call the simulator as this merchant: {@code appId}, {@code privateKey}, {@code
     * apiUrl}, {@code gatewayUrl} and {@code ksherPublicKey}.
     *
     * @param prefix what comes before each name, {@code camel.component.ksher.} for Camel's properties
     * @throws IllegalStateException if the simulator was given the public key only
     */
    public Map<String, String> componentProperties(String prefix) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(prefix + "appId", appId);
        properties.put(prefix + "privateKey", merchantKey());
        properties.put(prefix + "apiUrl", simulator.apiUrl());
        properties.put(prefix + "gatewayUrl", simulator.gatewayUrl());
        properties.put(prefix + "ksherPublicKey", simulator.publicKey());
        return properties;
    }

    /**
     * Opens an order; answers it with the numbers that were made up for it.
     *
     * @throws IllegalArgumentException if one of its numbers belongs to another order of this merchant already
     */
    public KsherOrder open(KsherOrder order) {
        return orders.open(order, clock.instant());
    }

    /** As {@link #chooseWallet(String, String)}, with the channel the order was opened with. */
    public void chooseWallet(String mchOrderNo) {
        orders.get(mchOrderNo).chooseWallet(null, clock.instant());
    }

    /** The customer chooses the wallet of this channel on the payment page of a gateway order, which is USERPAYING then. */
    public void chooseWallet(String mchOrderNo, String channel) {
        orders.get(mchOrderNo).chooseWallet(channel, clock.instant());
    }

    /** The customer pays, also if the order is closed (a saved QR code). This chooses a wallet if none was. */
    public void pay(String mchOrderNo) {
        orders.get(mchOrderNo).pay(clock.instant());
    }

    /** Refunds a paid order. */
    public void refund(String mchOrderNo) {
        orders.get(mchOrderNo).refund(clock.instant());
    }

    /** Closes an unpaid order, as someone else might. */
    public void close(String mchOrderNo) {
        orders.get(mchOrderNo).close(clock.instant());
    }

    /** Lets an unpaid order expire now. */
    public void expire(String mchOrderNo) {
        close(mchOrderNo);
    }

    /** A snapshot of the order. */
    public KsherOrder order(String mchOrderNo) {
        return orders.get(mchOrderNo).snapshot(clock.instant());
    }

    /** Snapshots of all the merchant's orders, in no particular order. */
    public List<KsherOrder> orders() {
        return orders.all(clock.instant());
    }

    /**
     * Sends the notification of a paid order now, once, and waits for the answer to it. The bytes are those of every earlier
     * notification of the order.
     *
     * @throws IllegalStateException if the order is not paid, or has no {@code notifyUrl}
     */
    public Notification notifyNow(String mchOrderNo) {
        return notifier.send(appId, orders.get(mchOrderNo), null, null).join();
    }

    /**
     * As {@link #notifyNow(String)}, but forged: with {@link Fault#badSignature}, {@link Fault#missingSignature}, {@link
     * Fault#otherOrder} or {@link Fault#truncated}.
     *
     * @throws IllegalArgumentException if the fault is of another kind
     */
    public Notification notifyNow(String mchOrderNo, Fault fault) {
        return notifier.send(appId, orders.get(mchOrderNo), null, fault.kind()).join();
    }

    @Override
    public String toString() {
        return "KsherMerchant " + appId;
    }

    PublicKey publicKey() {
        return key.open;
    }

    OrderTable table() {
        return orders;
    }
}
