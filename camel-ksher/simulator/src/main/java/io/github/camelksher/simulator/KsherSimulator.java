/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;

/** A Ksher on localhost; the methods of a merchant are its default merchant's. Thread-safe. */
public final class KsherSimulator extends KsherMerchant implements AutoCloseable {

    KsherSimulator(KsherSimulatorBuilder setup) throws IOException {
        this(new Simulation(setup));
    }

    private KsherSimulator(Simulation simulation) {
        super(simulation.accounts.get(null), simulation);
    }

    /** Free port, generated keys, ten seconds between queries, unless told otherwise. */
    public static KsherSimulatorBuilder builder() {
        return new KsherSimulatorBuilder();
    }

    /** Base URL of the control API. */
    public String controlUrl() {
        return simulation.baseUrl() + "/simulator";
    }

    /** The port it listens on. */
    public int port() {
        return simulation.server.port();
    }

    /**
     * The merchant with this number; {@link #appId()} is the default one.
     *
     * @throws NoSuchElementException if there is none
     */
    public KsherMerchant merchant(String appId) {
        return new KsherMerchant(simulation.accounts.get(appId), simulation);
    }

    /** The key that verifies replies to requests with {@code V2}, PKCS#1 PEM, 2048 bits. */
    public String publicKeyV2() {
        return simulation.keys.publicV2();
    }

    /** The newest 100,000 attempts to notify a merchant, in the order in which they ended. */
    public List<Notification> notifications() {
        return simulation.notifier.log().after(0).entries();
    }

    /** The call log of all merchants, in the order of the answers. */
    public List<CallRecord> calls() {
        return simulation.calls.after(0).entries();
    }

    /** How many calls the call log has forgotten because it was full. */
    public long droppedCalls() {
        return simulation.calls.dropped();
    }

    /** How many connections callers hold open at this moment. */
    public int openConnections() {
        return simulation.server.openConnections();
    }

    /** The faults that are armed, and the latency. */
    public Faults faults() {
        return simulation.faults;
    }

    /** Forgets orders, faults, latency, calls, notifications, nonces; merchants and keys stay. */
    public void reset() {
        simulation.reset();
    }

    /** Stops it and frees the port. */
    @Override
    public void close() {
        simulation.close();
    }

    void join() throws InterruptedException {
        simulation.server.join();
    }

    @Override
    public String toString() {
        return "KsherSimulator " + simulation.baseUrl();
    }
}
