/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A Ksher on localhost. Thread-safe. Methods that name an order throw {@link NoSuchElementException} if it was never opened,
 * {@link IllegalStateException} if its state does not allow what is asked.
 */
public final class KsherSimulator implements AutoCloseable {

    private static final long IDLE_MILLIS = 600_000;

    private final String host;
    private final int portNumber;
    private final String appId;
    private final KeyPair merchantKey;
    private final KsherKeys keys;
    private final InstantSource clock;
    private final OrderTable orders;
    private final Faults faults = new Faults();
    private final Journal journal;
    private final RequestCheck check;
    private final CallHandler handler;
    private final Port listener;
    private final ScheduledExecutorService scheduler;
    private final Server server;

    KsherSimulator(KsherSimulatorBuilder setup) throws IOException {
        this.host = setup.host;
        this.appId = setup.appId;
        this.clock = setup.clock;
        this.merchantKey = setup.merchantKey != null ? setup.merchantKey : RsaPem.generate(1024);
        this.keys = setup.ksherKeys != null ? setup.ksherKeys : KsherKeys.generate();
        this.orders = new OrderTable(setup.sharedOrders);
        this.journal = new Journal(setup.journalSize);
        Map<String, PublicKey> merchants = new HashMap<>();
        merchants.put(appId, merchantKey.getPublic());
        merchants.putAll(setup.merchants);
        this.check = new RequestCheck(merchants);
        this.scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "ksher-simulator-timer");
            thread.setDaemon(true);
            return thread;
        });
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
        Answers answers = new Answers(orders, setup.queryInterval, clock);
        ReplyWriter writer = new ReplyWriter(keys, clock);
        this.handler = new CallHandler(check, answers, writer, faults, journal, listener, scheduler, clock);
        server.setHandler(new Handler.Sequence(handler, new ControlHandler(this)));
        start();
        this.portNumber = listener.connector().getLocalPort();
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

    /** The default merchant's private key, PKCS#1 PEM. */
    public String merchantKey() {
        return RsaPem.write(merchantKey.getPrivate());
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
        return RsaPem.write(merchantKey.getPublic());
    }

    /**
     * Opens an order; answers it with the numbers that were made up for it.
     *
     * @throws IllegalArgumentException if one of its numbers belongs to an open order already
     */
    public KsherOrder open(KsherOrder order) {
        return orders.open(order, clock.instant());
    }

    /** The customer chooses the wallet of this channel on the payment page of a gateway order, which is USERPAYING then. */
    public void chooseWallet(String mchOrderNo, @Nullable String channel) {
        orders.get(mchOrderNo).chooseWallet(channel, clock.instant());
    }

    /** As {@link #chooseWallet(String, String)}, with the channel the order was opened with. */
    public void chooseWallet(String mchOrderNo) {
        chooseWallet(mchOrderNo, null);
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

    /** Snapshots of all orders, in no particular order. */
    public List<KsherOrder> orders() {
        return orders.all(clock.instant());
    }

    /** The journal, in the order in which the calls were answered. */
    public List<Call> calls() {
        return journal.after(0).calls();
    }

    Journal journal() {
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

    /** Forgets orders, faults, latency, journal and nonces. Keys and port stay. */
    public void reset() {
        faults.clear();
        orders.clear();
        journal.clear();
        check.reset();
        handler.reset();
    }

    /** Stops it and frees the port. */
    @Override
    public void close() {
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
