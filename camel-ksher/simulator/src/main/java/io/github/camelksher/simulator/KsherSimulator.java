/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.http.BoundedLog;
import io.github.camelksher.simulator.http.CallProcess;
import io.github.camelksher.simulator.http.ControlHandler;
import io.github.camelksher.simulator.http.Notifier;
import io.github.camelksher.simulator.http.SimulatorServer;
import io.github.camelksher.simulator.order.OrderTable;
import io.github.camelksher.simulator.protocol.Account;
import io.github.camelksher.simulator.protocol.Accounts;
import io.github.camelksher.simulator.protocol.KsherKeys;
import io.github.camelksher.simulator.protocol.MerchantKey;
import io.github.camelksher.simulator.protocol.OrderService;
import io.github.camelksher.simulator.protocol.ReplyWriter;
import io.github.camelksher.simulator.protocol.RequestValidator;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Ksher on localhost. Thread-safe. Methods that name an order throw {@link NoSuchElementException} if it was never opened,
 * {@link IllegalStateException} if its state does not allow what is asked.
 */
public final class KsherSimulator implements AutoCloseable {

    private final String host;
    private final String appId;
    private final KsherKeys keys;
    private final Map<String, KsherMerchant> merchants = new HashMap<>();
    private final Notifier notifier;
    private final Faults faults = new Faults();
    private final BoundedLog<CallRecord> calls;
    private final RequestValidator validator;
    private final CallProcess process;
    private final SimulatorServer server;

    KsherSimulator(KsherSimulatorBuilder setup) throws IOException {
        this.host = setup.host;
        this.appId = setup.appId;
        this.keys = setup.ksherKeys != null ? setup.ksherKeys : KsherKeys.generate();
        this.calls = new BoundedLog<>(setup.callLogSize);
        Duration queryInterval = setup.queryInterval != null ? setup.queryInterval : Notifier.KSHERS_INTERVAL;
        ReplyWriter writer = new ReplyWriter(keys, setup.clock);
        this.server = new SimulatorServer(setup.host, setup.port);
        this.notifier = new Notifier(writer, queryInterval, setup.notifyUrl, setup.clock, server.scheduler());
        Accounts accounts = accounts(setup);
        this.validator = new RequestValidator(accounts, setup.strict);
        OrderService service = new OrderService(accounts, validator, queryInterval, setup.signedCancels);
        this.process = new CallProcess(service, writer, faults.armed, calls, setup.clock);
        server.start(
                validator, process, new ControlHandler(accounts, keys, faults.armed, calls, notifier, this::reset));
    }

    private Accounts accounts(KsherSimulatorBuilder setup) {
        Map<String, MerchantKey> all = new HashMap<>();
        all.put(appId, setup.merchantKey != null ? setup.merchantKey : MerchantKey.generate());
        all.putAll(setup.merchants);
        AtomicLong numbers = new AtomicLong();
        Map<String, Account> made = new HashMap<>();
        all.forEach((appId, key) -> {
            OrderTable orders =
                    new OrderTable(setup.sharedOrders, numbers, setup.clock, order -> notifier.paid(appId, order));
            Account account = new Account(appId, key, orders);
            made.put(appId, account);
            merchants.put(appId, new KsherMerchant(account, this, notifier));
        });
        return new Accounts(appId, made);
    }

    /** Free port, generated keys, ten seconds between queries, unless told otherwise. */
    public static KsherSimulatorBuilder builder() {
        return new KsherSimulatorBuilder();
    }

    /** Base URL of the two order calls, for the component's {@code apiUrl}. */
    public String apiUrl() {
        return baseUrl() + "/KsherPay";
    }

    /** Base URL of the two gateway calls, for the component's {@code gatewayUrl}. */
    public String gatewayUrl() {
        return baseUrl() + "/api";
    }

    /** Base URL of the control API. */
    public String controlUrl() {
        return baseUrl() + "/simulator";
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** The default merchant's number. */
    public String appId() {
        return appId;
    }

    /** The merchant with this number; {@link #appId()} is the default one, whom this class's own methods mean. */
    public KsherMerchant merchant(String appId) {
        KsherMerchant merchant = merchants.get(appId);
        if (merchant == null) {
            throw new NoSuchElementException("no merchant " + appId);
        }
        return merchant;
    }

    private KsherMerchant merchant() {
        return merchant(appId);
    }

    /** The default merchant's private key, PKCS#1 PEM. */
    public String merchantKey() {
        return merchant().merchantKey();
    }

    /** The key that verifies its replies, SPKI PEM, 512 bits. */
    public String publicKey() {
        return keys.publicV1();
    }

    /** The key that verifies its replies to requests with {@code ksher-sign-version: V2}, PKCS#1 PEM, 2048 bits. */
    public String publicKeyV2() {
        return keys.publicV2();
    }

    /** The default merchant's public key, SPKI PEM. */
    public String merchantPublicKey() {
        return merchant().merchantPublicKey();
    }

    /** The options that let the component call it as the default merchant: see {@link KsherMerchant#componentProperties}. */
    public Map<String, String> componentProperties(String prefix) {
        return merchant().componentProperties(prefix);
    }

    /**
     * Opens an order, and returns it with the numbers that were made up for it.
     *
     * @throws IllegalArgumentException if one of its numbers belongs to another order of this merchant already
     */
    public KsherOrder open(KsherOrder order) {
        return merchant().open(order);
    }

    /** As {@link #chooseWallet(String, String)}, with the channel the order was opened with. */
    public void chooseWallet(String mchOrderNo) {
        merchant().chooseWallet(mchOrderNo);
    }

    /** The customer chooses the wallet of this channel on the payment page of a gateway order, which is USERPAYING then. */
    public void chooseWallet(String mchOrderNo, String channel) {
        merchant().chooseWallet(mchOrderNo, channel);
    }

    /** The customer pays, also if the order is closed (a saved QR code). This chooses a wallet if none was. */
    public void pay(String mchOrderNo) {
        merchant().pay(mchOrderNo);
    }

    /** Refunds a paid order. */
    public void refund(String mchOrderNo) {
        merchant().refund(mchOrderNo);
    }

    /** Closes an unpaid order, as someone else might. */
    public void close(String mchOrderNo) {
        merchant().close(mchOrderNo);
    }

    /** Lets an unpaid order expire now. */
    public void expire(String mchOrderNo) {
        merchant().expire(mchOrderNo);
    }

    /** A snapshot of the order. */
    public KsherOrder order(String mchOrderNo) {
        return merchant().order(mchOrderNo);
    }

    /** Snapshots of all the default merchant's orders, in no particular order. */
    public List<KsherOrder> orders() {
        return merchant().orders();
    }

    /** Sends the notification of a paid order now: see {@link KsherMerchant#notifyNow(String)}. */
    public Notification notifyNow(String mchOrderNo) {
        return merchant().notifyNow(mchOrderNo);
    }

    /** Sends a forged notification: see {@link KsherMerchant#notifyNow(String, Fault)}. */
    public Notification notifyNow(String mchOrderNo, Fault fault) {
        return merchant().notifyNow(mchOrderNo, fault);
    }

    /** The newest 100,000 attempts to notify a merchant, in the order in which they ended. */
    public List<Notification> notifications() {
        return notifier.log().after(0).entries();
    }

    /** The log of all merchants' calls, in the order in which they were answered. */
    public List<CallRecord> calls() {
        return calls.after(0).entries();
    }

    /** How many calls the log has forgotten because it was full. */
    public long droppedCalls() {
        return calls.dropped();
    }

    /** How many connections callers hold open at this moment. */
    public int openConnections() {
        return server.openConnections();
    }

    /** The faults that are faults.armed, and the latency. */
    public Faults faults() {
        return faults;
    }

    /** Forgets orders, faults, latency, calls, notifications and nonces. Merchants, keys and port stay. */
    public void reset() {
        faults.clear();
        notifier.reset();
        merchants.values().forEach(KsherMerchant::reset);
        calls.clear();
        validator.reset();
        process.reset();
    }

    /** Stops it and frees the port. */
    @Override
    public void close() {
        notifier.close();
        server.close();
    }

    void join() throws InterruptedException {
        server.join();
    }

    @Override
    public String toString() {
        return "KsherSimulator " + baseUrl();
    }

    private String baseUrl() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
    }
}
