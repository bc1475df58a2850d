/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.examples.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.component.KsherConstants;
import io.github.camelksher.examples.notifications.Shop.Dsl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The notification that Ksher signed for the merchant mch35005,
 * of the order 20210519 over 1.00 THB, over real HTTP.
 */
@Timeout(60)
class GenuineNotificationTest {

    private static final String ORDER = "20210519";

    @TempDir
    Path directory;

    private Shop shop(Dsl dsl) throws Exception {
        return new Shop(dsl, directory.resolve("settled.txt"), Map.of("camel.component.ksher.app-id", "mch35005"));
    }

    private Shop shopWithTheOrder(Dsl dsl) throws Exception {
        Shop shop = shop(dsl);
        shop.orders.add(ORDER, 100, "THB");
        return shop;
    }

    private static byte[] sample(String name) throws IOException {
        try (InputStream sample = GenuineNotificationTest.class.getResourceAsStream("/" + name)) {
            return sample.readAllBytes();
        }
    }

    private static byte[] genuine() throws IOException {
        return sample("notification-gateway-airpay.json");
    }

    private static byte[] forged() throws IOException {
        return new String(genuine(), StandardCharsets.UTF_8)
                .replace("\"total_fee\":100", "\"total_fee\":999")
                .getBytes(StandardCharsets.UTF_8);
    }

    private List<String> settled() throws IOException {
        Path file = directory.resolve("settled.txt");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static void assertOk(HttpResponse<String> answer) {
        assertThat(answer.body()).isEqualTo(KsherConstants.NOTIFICATION_OK);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().map()).doesNotContainKey("x-of-the-caller");
    }

    /** With a status that says nothing of the reason to whoever sent it. */
    private static void assertNotOk(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().map()).doesNotContainKey("x-of-the-caller");
    }

    @ParameterizedTest
    @EnumSource
    void isDeliveredOnceHoweverOftenItComes(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            assertOk(shop.post(genuine()));
            assertOk(shop.post(genuine()));
            assertOk(shop.post(genuine()));
            assertThat(shop.deliveredOrders()).containsExactly(ORDER);
            assertThat(shop.tickets).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotDeliveredAgainAfterARestart(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            assertOk(shop.post(genuine()));
        }
        try (Shop shop = shopWithTheOrder(dsl)) {
            assertOk(shop.post(genuine()));
            assertThat(shop.deliveredOrders()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForgedOneIsRefusedAndNothingIsDelivered(Dsl dsl) throws Exception {
        try (Shop shop = shop(dsl)) {
            shop.orders.add(ORDER, 999, "THB");
            assertNotOk(shop.post(forged()), 400);
            assertNotOk(shop.post("result=SUCCESS".getBytes(StandardCharsets.UTF_8)), 400);
            assertNotOk(shop.post(new byte[0]), 400);
            assertThat(shop.deliveredOrders()).isEmpty();
            assertThat(shop.tickets).isEmpty();
        }
    }

    /**
     * A reply to a query is signed in the same way.
     * Remembered, it would keep the real notification out.
     */
    @ParameterizedTest
    @EnumSource
    void whatIsSignedButTellsOfNoPaymentIsRefusedAndNotRemembered(Dsl dsl) throws Exception {
        try (Shop shop = shop(dsl)) {
            shop.orders.add("2023-02-22-17-11-00", 100, "THB");
            assertNotOk(shop.post(sample("gateway-query-notsure.json")), 400);
            assertThat(shop.deliveredOrders()).isEmpty();
            assertThat(settled()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherAmountGoesToAPersonOnceAndIsNotDelivered(Dsl dsl) throws Exception {
        try (Shop shop = shop(dsl)) {
            shop.orders.add(ORDER, 101, "THB");
            assertOk(shop.post(genuine()));
            assertOk(shop.post(genuine()));
            assertThat(shop.deliveredOrders()).isEmpty();
            assertThat(shop.tickets).containsExactly(ORDER + " OTHER_AMOUNT");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherCurrencyGoesToAPerson(Dsl dsl) throws Exception {
        try (Shop shop = shop(dsl)) {
            shop.orders.add(ORDER, 100, "MYR");
            assertOk(shop.post(genuine()));
            assertThat(shop.deliveredOrders()).isEmpty();
            assertThat(shop.tickets).containsExactly(ORDER + " OTHER_AMOUNT");
        }
    }

    @ParameterizedTest
    @EnumSource
    void paidAfterItWasCancelledGoesToAPerson(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            shop.orders.cancel(ORDER);
            assertOk(shop.post(genuine()));
            assertThat(shop.deliveredOrders()).isEmpty();
            assertThat(shop.tickets).containsExactly(ORDER + " CANCELLED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownOrderIsToldToAPersonAndDeliveredOnceItIsKnown(Dsl dsl) throws Exception {
        try (Shop shop = shop(dsl)) {
            assertNotOk(shop.post(genuine()), 500);
            assertThat(shop.tickets).containsExactly(ORDER + " UNKNOWN");
            shop.orders.add(ORDER, 100, "THB");
            assertOk(shop.post(genuine()));
            assertThat(shop.deliveredOrders()).containsExactly(ORDER);
        }
    }

    /** Each repetition logs it again, so a stack trace would bury the rest. */
    @ParameterizedTest
    @EnumSource
    void anUnknownOrderIsOneLineOfTheLog(Dsl dsl) throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream stderr = System.err;
        try (Shop shop = shop(dsl)) {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            assertNotOk(shop.post(genuine()), 500);
        } finally {
            System.setErr(stderr);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .endsWith("Ksher has to send it again: There is no order " + ORDER);
    }

    @ParameterizedTest
    @EnumSource
    void aDeliveryThatFailedIsTriedAgainByTheNextCopy(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            shop.delivery = paid -> {
                throw new IOException("out of stock");
            };
            assertNotOk(shop.post(genuine()), 500);
            assertThat(settled()).isEmpty();
            shop.delivery = paid -> {};
            assertOk(shop.post(genuine()));
            assertThat(shop.deliveredOrders()).containsExactly(ORDER);
        }
    }

    /** So a process that is killed while it delivers has not forgotten the order. */
    @ParameterizedTest
    @EnumSource
    void isRememberedAfterTheDeliveryAndBeforeTheAnswer(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            shop.delivery = paid -> assertThat(settled()).isEmpty();
            assertOk(shop.post(genuine()));
            assertThat(settled()).containsExactly(ORDER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoAtOnceAreDeliveredOnceAndBothAreToldOk(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            CountDownLatch gate = new CountDownLatch(1);
            shop.delivery = paid -> gate.await();
            CompletableFuture<HttpResponse<String>> first = shop.postLater(genuine());
            CompletableFuture<HttpResponse<String>> second = shop.postLater(genuine());
            awaitBoth(shop);
            gate.countDown();
            assertOk(first.get());
            assertOk(second.get());
            assertThat(shop.deliveredOrders()).containsExactly(ORDER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSecondOfTwoAtOnceIsNotToldOkForADeliveryThatFails(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            CountDownLatch gate = new CountDownLatch(1);
            shop.delivery = paid -> {
                gate.await();
                throw new IOException("out of stock");
            };
            CompletableFuture<HttpResponse<String>> first = shop.postLater(genuine());
            CompletableFuture<HttpResponse<String>> second = shop.postLater(genuine());
            awaitBoth(shop);
            gate.countDown();
            assertNotOk(first.get(), 500);
            assertNotOk(second.get(), 500);
            assertThat(shop.deliveredOrders()).isEmpty();
        }
    }

    private static void awaitBoth(Shop shop) {
        while (shop.underWay() < 2) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyContentTypeWillDoButThatOfAForm(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            // Its body is read as a form before the route
            // begins, and is no longer what Ksher signed.
            assertNotOk(shop.post(genuine(), "application/x-www-form-urlencoded"), 400);
            assertThat(shop.deliveredOrders()).isEmpty();
            assertOk(shop.post(genuine(), "text/plain; charset=iso-8859-1"));
            assertOk(shop.post(genuine(), "application/json"));
            assertThat(shop.deliveredOrders()).containsExactly(ORDER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingButAPostIsTaken(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            assertThat(shop.get().statusCode()).isEqualTo(405);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTooLargeIsRefused(Dsl dsl) throws Exception {
        try (Shop shop = shopWithTheOrder(dsl)) {
            assertThat(shop.post(new byte[100_000]).statusCode()).isEqualTo(413);
            assertOk(shop.post(genuine()));
        }
    }
}
