/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.order.NotifyUrl;
import io.github.camelksher.simulator.protocol.KsherKeys;
import io.github.camelksher.simulator.protocol.RsaPem;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
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
    InstantSource clock = InstantSource.system();
    boolean sharedOrders;
    int callLogSize = 1_000_000;
    boolean signedCancels;
    boolean strict;
    final Map<String, KeyPair> merchants = new HashMap<>();

    @Nullable
    Duration queryInterval;

    @Nullable
    URI notifyUrl;

    @Nullable
    KeyPair merchantKey;

    @Nullable
    KsherKeys ksherKeys;

    KsherSimulatorBuilder() {}

    /** Where to listen; {@code 127.0.0.1} if not set. Others let machines in, to control too. */
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
        this.appId = checkAppId(appId);
        return this;
    }

    /**
     * The least time between two queries of one order; 10 s if not set (none in a
     * {@link KsherSimulatorExtension}), zero for no limit. It is the simulator's clock: what Ksher
     * repeats after a second comes after a tenth of this.
     *
     * @throws IllegalArgumentException if it is negative, or longer than a day
     */
    public KsherSimulatorBuilder queryInterval(Duration interval) {
        if (interval.isNegative() || interval.compareTo(Fault.LONGEST) > 0) {
            throw new IllegalArgumentException("the query interval must be from 0 to a day: " + interval);
        }
        this.queryInterval = interval;
        return this;
    }

    KsherSimulatorBuilder queryIntervalIfNotSet(Duration interval) {
        return queryInterval == null ? queryInterval(interval) : this;
    }

    /** The clock of expiry, query interval and call log; delays take real time. */
    public KsherSimulatorBuilder clock(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Each of the four calls knows every order by all its numbers. If not set, {@code orderQuery}
     * and {@code orderClose} know the orders of KsherPay, {@code gatewayQuery} and
     * {@code gatewayCancel} those of the gateway, as with Ksher.
     */
    public KsherSimulatorBuilder sharedOrders() {
        this.sharedOrders = true;
        return this;
    }

    /** How many calls the log keeps; 1,000,000 if not set. */
    public KsherSimulatorBuilder callLogSize(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("callLogSize must be at least 1: " + calls);
        }
        this.callLogSize = calls;
        return this;
    }

    /**
     * The default merchant's private key, RSA in unencrypted PEM (PKCS#1 or PKCS#8); a 1024-bit one
     * is made if not set.
     *
     * @throws IllegalArgumentException if it cannot be read; the message does not show it
     */
    public KsherSimulatorBuilder merchantKey(String privatePem) {
        this.merchantKey = RsaPem.readPrivate(privatePem);
        return this;
    }

    /**
     * One more merchant, with a 1024-bit key that is made here and orders of its own: see
     * {@link KsherSimulator#merchant}.
     *
     * @throws IllegalArgumentException if {@code appId} does not have 1 to 32 characters
     */
    public KsherSimulatorBuilder merchant(String appId) {
        merchants.put(checkAppId(appId), RsaPem.generate(1024));
        return this;
    }

    /**
     * One more merchant, with this key and orders of its own; or the default one, known by its
     * public key.
     *
     * @param keyPem RSA in PEM, public or private (unencrypted)
     * @throws IllegalArgumentException if the key cannot be read; the message does not show it
     */
    public KsherSimulatorBuilder merchant(String appId, String keyPem) {
        merchants.put(checkAppId(appId), RsaPem.read(keyPem));
        return this;
    }

    /**
     * Where merchants are told of every order that is paid, unless the order has a
     * {@link KsherOrder#notifyUrl} of its own; nobody is told if neither is set.
     *
     * @throws IllegalArgumentException if it is not an http or https URL; the message does not show
     *     it
     */
    public KsherSimulatorBuilder notifyUrl(String url) {
        this.notifyUrl = NotifyUrl.parse(url);
        return this;
    }

    /** Answers a successful cancel with a signed object, as Ksher's SDKs expect, not a text. */
    public KsherSimulatorBuilder signedCancels() {
        this.signedCancels = true;
        return this;
    }

    /**
     * Takes only what Ksher's pages ask for: POST, a {@code time_stamp} in their form, each nonce
     * once, a signature with MD5 in lower-case hex. If not set, it takes all that Ksher's own
     * clients send.
     */
    public KsherSimulatorBuilder strict() {
        this.strict = true;
        return this;
    }

    private static String checkAppId(String appId) {
        if (appId.isBlank() || appId.codePointCount(0, appId.length()) > 32) {
            throw new IllegalArgumentException("appid must have 1 to 32 characters: '" + appId + "'");
        }
        return appId;
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
