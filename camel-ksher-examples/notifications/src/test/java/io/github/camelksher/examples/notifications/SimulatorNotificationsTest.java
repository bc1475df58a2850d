/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.examples.notifications.Shop.Dsl;
import io.github.camelksher.reply.QueryReply;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import io.github.camelksher.simulator.Notification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The notifications of the simulator, which repeats them as Ksher does, a hundred times faster. */
@Timeout(60)
class SimulatorNotificationsTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER =
            new KsherSimulatorExtension(KsherSimulator.builder().queryInterval(Duration.ofMillis(100)));

    @TempDir
    Path directory;

    private Shop shop(Dsl dsl, KsherSimulator ksher) throws Exception {
        return new Shop(dsl, directory.resolve("settled.txt"), ksher.componentProperties("camel.component.ksher."));
    }

    /** An order that the shop knows too. */
    private static void open(Shop shop, KsherSimulator ksher, KsherOrder order) {
        ksher.open(order.amount(12_300, "THB").notifyUrl(shop.url().toString()));
        shop.orders.add(order.mchOrderNo(), 12_300, "THB");
    }

    private static void awaitAccepted(KsherSimulator ksher) {
        while (ksher.notifications().stream().noneMatch(Notification::accepted)) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothKindsOfOrderAreDelivered(Dsl dsl, KsherSimulator ksher) throws Exception {
        try (Shop shop = shop(dsl, ksher)) {
            open(shop, ksher, KsherOrder.gateway("A-1"));
            ksher.pay("A-1");
            awaitAccepted(ksher);
            open(shop, ksher, KsherOrder.of("A-2"));
            ksher.pay("A-2");
            assertThat(ksher.notifyNow("A-2").accepted()).isTrue();
            assertThat(shop.deliveredOrders()).containsExactlyInAnyOrder("A-1", "A-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeliveryThatFailsIsRepeatedByKsherUntilItSucceeds(Dsl dsl, KsherSimulator ksher) throws Exception {
        try (Shop shop = shop(dsl, ksher)) {
            AtomicInteger attempts = new AtomicInteger();
            shop.delivery = paid -> {
                if (attempts.incrementAndGet() < 3) {
                    throw new IOException("out of stock");
                }
            };
            open(shop, ksher, KsherOrder.gateway("A-1"));
            ksher.pay("A-1");
            awaitAccepted(ksher);
            assertThat(ksher.notifications()).extracting(Notification::status).containsExactly(500, 500, 200);
            assertThat(shop.deliveredOrders()).containsExactly("A-1");
            assertThat(ksher.notifyNow("A-1").accepted()).isTrue();
            assertThat(shop.deliveredOrders()).containsExactly("A-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOrderThatAQueryFoundPaidIsNotDeliveredAgainByItsNotification(Dsl dsl, KsherSimulator ksher)
            throws Exception {
        try (Shop shop = shop(dsl, ksher)) {
            open(shop, ksher, KsherOrder.gateway("A-1").state(KsherOrder.State.SUCCESS));
            shop.query("A-1");
            assertThat(shop.deliveredOrders()).containsExactly("A-1");
            assertThat(ksher.notifyNow("A-1").accepted()).isTrue();
            assertThat(shop.deliveredOrders()).containsExactly("A-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void plusAndPercentArriveUntouched(Dsl dsl, KsherSimulator ksher) throws Exception {
        String attach = "1+1=2&x=%41%zz+ ซ";
        try (Shop shop = shop(dsl, ksher)) {
            open(shop, ksher, KsherOrder.gateway("A-1").attach(attach));
            ksher.pay("A-1");
            awaitAccepted(ksher);
            assertThat(shop.delivered).extracting(QueryReply::attach).containsExactly(attach);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForgedOneIsRefusedAndTheRealOneStillDelivers(Dsl dsl, KsherSimulator ksher) throws Exception {
        try (Shop shop = shop(dsl, ksher)) {
            // Paid before it is opened, so that nobody is notified before the forger.
            open(shop, ksher, KsherOrder.gateway("A-1").state(KsherOrder.State.SUCCESS));
            for (Fault fault : List.of(Fault.badSignature(), Fault.missingSignature(), Fault.truncated())) {
                assertThat(ksher.notifyNow("A-1", fault).status()).isEqualTo(400);
            }
            assertThat(shop.deliveredOrders()).isEmpty();
            assertThat(ksher.notifyNow("A-1").accepted()).isTrue();
            assertThat(shop.deliveredOrders()).containsExactly("A-1");
        }
    }
}
