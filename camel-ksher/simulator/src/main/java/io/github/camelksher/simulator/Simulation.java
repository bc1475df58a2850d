/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import io.github.camelksher.simulator.http.BoundedLog;
import io.github.camelksher.simulator.http.CallPipeline;
import io.github.camelksher.simulator.http.ControlHandler;
import io.github.camelksher.simulator.http.Notifier;
import io.github.camelksher.simulator.http.SimulatorServer;
import io.github.camelksher.simulator.order.OrderTable;
import io.github.camelksher.simulator.protocol.Accounts;
import io.github.camelksher.simulator.protocol.Accounts.Account;
import io.github.camelksher.simulator.protocol.KsherKeys;
import io.github.camelksher.simulator.protocol.OrderService;
import io.github.camelksher.simulator.protocol.ReplyWriter;
import io.github.camelksher.simulator.protocol.RequestValidator;
import io.github.camelksher.simulator.protocol.RsaPem;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The parts of a running simulator, and how they belong together. */
final class Simulation {

    final KsherKeys keys;
    final Accounts accounts;
    final Faults faults = new Faults();
    final BoundedLog<CallRecord> calls;
    final Notifier notifier;
    final SimulatorServer server;
    private final String host;
    private final RequestValidator validator;
    private final CallPipeline pipeline;

    Simulation(KsherSimulatorBuilder setup) throws IOException {
        this.host = setup.host;
        this.keys = setup.ksherKeys != null ? setup.ksherKeys : KsherKeys.generate();
        this.calls = new BoundedLog<>(setup.callLogSize);
        Duration queryInterval = setup.queryInterval != null ? setup.queryInterval : Notifier.KSHERS_INTERVAL;
        ReplyWriter writer = new ReplyWriter(keys, setup.clock);
        this.server = new SimulatorServer(setup.host, setup.port);
        this.notifier = new Notifier(writer, queryInterval, setup.notifyUrl, setup.clock, server.scheduler());
        this.accounts = accounts(setup);
        this.validator = new RequestValidator(accounts, setup.strict);
        OrderService service = new OrderService(accounts, validator, queryInterval, setup.signedCancels);
        this.pipeline = new CallPipeline(service, writer, faults, calls, setup.clock);
        server.start(validator, pipeline, new ControlHandler(accounts, keys, faults, calls, notifier, this::reset));
    }

    private Accounts accounts(KsherSimulatorBuilder setup) {
        Map<String, KeyPair> keysByAppId = new HashMap<>();
        keysByAppId.put(setup.appId, setup.merchantKey != null ? setup.merchantKey : RsaPem.generate(1024));
        keysByAppId.putAll(setup.merchants);
        AtomicLong numbers = new AtomicLong();
        Map<String, Account> made = new HashMap<>();
        keysByAppId.forEach((appId, key) -> {
            OrderTable orders =
                    new OrderTable(setup.sharedOrders, numbers, setup.clock, order -> notifier.paid(appId, order));
            made.put(appId, new Account(appId, key, orders));
        });
        return new Accounts(setup.appId, made);
    }

    String baseUrl() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
    }

    void reset() {
        faults.clear();
        notifier.reset();
        accounts.all().forEach(account -> account.orders().clear());
        calls.clear();
        validator.reset();
        pipeline.reset();
    }

    void close() {
        notifier.close();
        server.close();
    }
}
