/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets up a {@link KsherSimulator}. Shows no key. */
public final class KsherSimulatorBuilder {

    String host = "127.0.0.1";
    int port;
    String appId = "mch10001";
    Duration queryInterval = Duration.ofSeconds(10);
    InstantSource clock = InstantSource.system();
    boolean sharedOrders;
    int journalSize = 1_000_000;
    final Map<String, PublicKey> merchants = new HashMap<>();

    @Nullable
    KeyPair merchantKey;

    @Nullable
    KsherKeys ksherKeys;

    KsherSimulatorBuilder() {}

    /** Where to listen; {@code 127.0.0.1} if not set. Anything else lets other machines in, to the control API too. */
    public KsherSimulatorBuilder host(String host) {
        this.host = host;
        return this;
    }

    /** The port, 0 (as if not set) for a free one. */
    public KsherSimulatorBuilder port(int port) {
        this.port = port;
        return this;
    }

    /** The default merchant's number; {@code mch10001} if not set. */
    public KsherSimulatorBuilder appId(String appId) {
        this.appId = appId;
        return this;
    }

    /** The least time between two queries of one order; 10 s if not set, zero for no limit. */
    public KsherSimulatorBuilder queryInterval(Duration interval) {
        this.queryInterval = interval;
        return this;
    }

    /** What tells the time for expiry, the query interval and the journal (delays take real time). */
    public KsherSimulatorBuilder clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Each of the four calls knows every order by all its numbers. If not set, {@code orderQuery} and {@code orderClose} know
     * the orders of KsherPay, {@code gatewayQuery} and {@code gatewayCancel} those of the gateway, as with Ksher.
     */
    public KsherSimulatorBuilder sharedOrders() {
        this.sharedOrders = true;
        return this;
    }

    /** How many calls the journal keeps; 1,000,000 if not set. */
    public KsherSimulatorBuilder journalSize(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("journalSize must be at least 1: " + calls);
        }
        this.journalSize = calls;
        return this;
    }

    /**
     * The default merchant's private key, RSA in unencrypted PEM (PKCS#1 or PKCS#8); a 1024-bit one is made if not set.
     *
     * @throws IllegalArgumentException if it cannot be read; the message does not show it
     */
    public KsherSimulatorBuilder merchantKey(String privatePem) {
        this.merchantKey = RsaPem.readPrivate(privatePem);
        return this;
    }

    /**
     * One more merchant, known by its public key (PEM). All merchants see the same orders.
     *
     * @throws IllegalArgumentException if the key cannot be read
     */
    public KsherSimulatorBuilder merchant(String appId, String publicKeyPem) {
        merchants.put(appId, RsaPem.readPublic(publicKeyPem));
        return this;
    }

    KsherSimulatorBuilder ksherKeys(KsherKeys keys) {
        this.ksherKeys = keys;
        return this;
    }

    /**
     * Starts it.
     *
     * @throws IOException if the port cannot be opened, for instance because it is in use
     */
    public KsherSimulator start() throws IOException {
        return new KsherSimulator(this);
    }
}
