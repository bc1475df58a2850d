/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.batch;

import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.Order;
import io.github.camelksher.simulator.Order.State;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** A Ksher on localhost with an order for every way that a close can end. */
final class Demo {

    static final String FILE = "sample-orders.csv";
    /** Ksher asks for 10 s; the demo shortens it on both sides, to be over soon. */
    static final Duration QUERY_INTERVAL = Duration.ofMillis(200);

    private Demo() {}

    static KsherSimulator start() throws IOException {
        KsherSimulator ksher =
                KsherSimulator.builder().port(0).queryInterval(QUERY_INTERVAL).start();
        open(ksher);
        return ksher;
    }

    static Settings settings(KsherSimulator ksher) {
        return new Settings(Map.of(
                "camel.component.ksher.app-id", ksher.appId(),
                "camel.component.ksher.private-key", ksher.merchantKey(),
                "camel.component.ksher.ksher-public-key", ksher.publicKey(),
                "camel.component.ksher.api-url", ksher.apiUrl(),
                "camel.component.ksher.gateway-url", ksher.gatewayUrl(),
                "batch.query-interval", QUERY_INTERVAL.toMillis() + "ms",
                "batch.give-up-after", "3s"));
    }

    static byte[] orders() throws IOException {
        try (InputStream in = Objects.requireNonNull(Demo.class.getResourceAsStream(FILE), FILE)) {
            return in.readAllBytes();
        }
    }

    private static void open(KsherSimulator ksher) {
        ksher.open(unpaid("SHOP-1001"));
        ksher.open(unpaid("SHOP-1002").ksherOrderNo("90020201123100000001002"));
        ksher.open(unpaid("SHOP-1003").channel("promptpay"));
        ksher.open(unpaid("SHOP-1004").state(State.USERPAYING));
        ksher.open(unpaid("SHOP-1005").state(State.PAYERROR));
        ksher.open(unpaid("SHOP-1006").state(State.SUCCESS).openid("not-for-reports"));
        ksher.open(unpaid("SHOP-1007").state(State.CLOSED));
        ksher.open(unpaid("SHOP-1008").state(State.REFUND));
        // The customer pays between our query and our command.
        ksher.open(unpaid("SHOP-1009").paysAfterQueries(1));
        ksher.open(unpaid("SHOP-1010").paysAfterQueries(1));
        // A card payment waits for its one-time password: refused for good, refused for now, and for now until it is
        // paid.
        ksher.open(unpaid("SHOP-1011").otp(-4));
        ksher.open(unpaid("SHOP-1012").otp());
        ksher.open(unpaid("SHOP-1013").otp().paysAfterQueries(3));
        // The customer saved the QR code and pays after we cancelled.
        ksher.open(unpaid("SHOP-1014").paysAfterCancel());
        ksher.open(unpaid("SHOP-1015").state(State.NOTSURE).paysAfterQueries(2));
        ksher.open(unpaid("SHOP-1016"));
        ksher.faults().forOrder("SHOP-1016", Fault.lostReply(), "orderClose", 1);
        ksher.open(unpaid("SHOP-1017"));
        ksher.faults().forOrder("SHOP-1017", Fault.lostRequest(), "gatewayCancel", 1);
        ksher.open(unpaid("SHOP-1018"));
        ksher.faults().forOrder("SHOP-1018", Fault.badSignature(), "orderQuery", 1);
        ksher.open(unpaid("SHOP-1019"));
        ksher.faults().forOrder("SHOP-1019", Fault.badSignature(), "orderClose", 1);
        ksher.open(unpaid("SHOP-1020"));
        ksher.faults().forOrder("SHOP-1020", Fault.status(503), "gatewayQuery", 2);
    }

    private static Order unpaid(String number) {
        return Order.of(number).amount(12_300, "THB");
    }
}
