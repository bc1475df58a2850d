/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Ksher on localhost. Thread-safe. Methods that name an order throw {@link NoSuchElementException} if it was never opened,
 * {@link IllegalStateException} if its state does not allow what is asked.
 */
public final class KsherSimulator implements AutoCloseable {

    private static final long IDLE_MILLIS = 600_000;

    private final String host;
    private final int portNumber;
    private final String appId;
    private final KsherKeys keys;
    private final Map<String, KsherMerchant> merchants;
    private final Notifier notifier;
    private final Faults faults = new Faults();
    private final Journal<Call> journal;
    private final RequestCheck check;
    private final CallHandler handler;
    private final Port listener;
    private final ScheduledExecutorService scheduler;
    private final Server server;

    KsherSimulator(KsherSimulatorBuilder setup) throws IOException {
        this.host = setup.host;
        this.appId = setup.appId;
        Duration queryInterval = setup.queryInterval != null ? setup.queryInterval : Notifier.KSHERS_INTERVAL;
        this.keys = setup.ksherKeys != null ? setup.ksherKeys : KsherKeys.generate();
        this.journal = new Journal<>(setup.journalSize);
        this.scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "ksher-simulator-timer");
            thread.setDaemon(true);
            return thread;
        });
        ReplyWriter writer = new ReplyWriter(keys, setup.clock);
        this.notifier = new Notifier(writer, queryInterval, setup.notifyUrl, setup.clock, scheduler);
        this.merchants = merchants(setup);
        this.check = new RequestCheck(merchants, setup.strict);
        QueuedThreadPool threads = new QueuedThreadPool(64);
        threads.setName("ksher-simulator");
        threads.setDaemon(true);
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // An order number may have a slash; there are no files here that a path could escape to.
        http.setUriCompliance(UriCompliance.UNSAFE);
        this.listener = new Port(server, new HttpConnectionFactory(http), scheduler);
        listener.connector().setHost(host);
        listener.connector().setPort(setup.port);
        listener.connector().setIdleTimeout(IDLE_MILLIS);
        server.addConnector(listener.connector());
        Answers answers = new Answers(merchants, queryInterval, setup.signedCancels, setup.clock);
        this.handler = new CallHandler(check, answers, writer, faults, journal, listener, scheduler, setup.clock);
        server.setHandler(new Handler.Sequence(handler, new ControlHandler(this)));
        start();
        this.portNumber = listener.connector().getLocalPort();
    }

    private Map<String, KsherMerchant> merchants(KsherSimulatorBuilder setup) {
        Map<String, KsherMerchant.Key> all = new HashMap<>();
        all.put(appId, setup.merchantKey != null ? setup.merchantKey : KsherMerchant.Key.generate());
        all.putAll(setup.merchants);
        AtomicLong numbers = new AtomicLong();
        Map<String, KsherMerchant> made = new HashMap<>();
        all.forEach((name, key) ->
                made.put(name, new KsherMerchant(name, key, this, setup.sharedOrders, numbers, setup.clock, notifier)));
        return Map.copyOf(made);
    }

    private void start() throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw e instanceof IOException io ? io : new IOException("the simulator did not start", e);
        }
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
        return portNumber;
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

    Collection<KsherMerchant> merchants() {
        return merchants.values();
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
     * Opens an order; answers it with the numbers that were made up for it.
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
        return notifier.journal().after(0).entries();
    }

    Notifier notifier() {
        return notifier;
    }

    /** The journal of all merchants, in the order in which the calls were answered. */
    public List<Call> calls() {
        return journal.after(0).entries();
    }

    Journal<Call> journal() {
        return journal;
    }

    /** How many calls the journal has forgotten because it was full. */
    public long droppedCalls() {
        return journal.dropped();
    }

    /** How many connections callers hold open at this moment. */
    public int openConnections() {
        return listener.connector().getConnectedEndPoints().size();
    }

    /** The faults that are armed, and the latency. */
    public Faults faults() {
        return faults;
    }

    /** Forgets orders, faults, latency, journal, notifications and nonces. Merchants, keys and port stay. */
    public void reset() {
        faults.clear();
        notifier.reset();
        merchants.values().forEach(merchant -> merchant.table().clear());
        journal.clear();
        check.reset();
        handler.reset();
    }

    /** Stops it and frees the port. */
    @Override
    public void close() {
        notifier.close();
        scheduler.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException("the simulator did not stop", e));
        } finally {
            listener.stopped();
        }
    }

    void join() throws InterruptedException {
        server.join();
    }

    @Override
    public String toString() {
        return "KsherSimulator " + baseUrl();
    }

    private String baseUrl() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + portNumber;
    }
}
