/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.http.Notifier;
import io.github.camelksher.simulator.protocol.RsaPem;
import io.github.camelksher.simulator.protocol.Signatures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which notifications merchants get of payments, and how often. */
@Timeout(60)
class NotificationsTest {

    private static final String OK = "{ \"result\" : \"SUCCESS\",\n \"msg\" : \"OK\" }";

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension();

    /** What arrived. */
    private record Posted(String method, String type, String body) {
        JsonNode json() throws IOException {
            return Merchant.JSON.readTree(body);
        }
    }

    private final KsherSimulator ksher = KSHER.simulator();
    private final Merchant merchant = new Merchant(ksher);
    private final BlockingQueue<Posted> posted = new ArrayBlockingQueue<>(100);
    private volatile int status = 200;
    private volatile String answer = OK;
    private HttpServer shop;
    private String url;

    @BeforeEach
    void openShop() throws IOException {
        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            posted.add(new Posted(
                    exchange.getRequestMethod(), exchange.getRequestHeaders().getFirst("Content-Type"), body));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        shop.start();
        url = "http://127.0.0.1:" + shop.getAddress().getPort() + "/paid";
    }

    @AfterEach
    void closeShop() {
        shop.stop(0);
    }

    @Test
    void aPaidOrderOfTheGatewayIsToldInTheFormOfTheRealNotification() throws Exception {
        ksher.open(KsherOrder.gateway("G1").channel("airpay").notifyUrl(url));
        ksher.pay("G1");
        Posted told = next();
        assertThat(told.method()).isEqualTo("POST");
        assertThat(told.type()).isEqualTo("text/plain;charset=utf-8");
        JsonNode real = Merchant.JSON.readTree(Merchant.sample("notification-gateway-airpay.json"));
        assertThat(names(told.json())).isEqualTo(names(real));
        assertThat(names(told.json().get("data"))).isEqualTo(names(real.get("data")));
        assertThat(told.json().at("/data/mch_order_no").asText()).isEqualTo("G1");
        assertThat(told.json().at("/data/channel").asText()).isEqualTo("airpay");
        assertThat(verifies(told)).isTrue();
        Notification attempt = untilNotified(1).get(0);
        assertThat(attempt.accepted()).isTrue();
        assertThat(attempt.status()).isEqualTo(200);
        assertThat(attempt.attempt()).isEqualTo(1);
        assertThat(attempt.url()).isEqualTo(url);
    }

    @Test
    void aPaidOrderOfKsherPayIsToldInTheFormOfItsQuery() throws Exception {
        ksher.open(KsherOrder.of("A1").merchantRemark("测试 +%").notifyUrl(url));
        ksher.pay("A1");
        Posted told = next();
        JsonNode real = Merchant.JSON.readTree(Merchant.sample("seed-order-query-success.json"));
        assertThat(names(told.json())).isEqualTo(names(real));
        assertThat(names(told.json().get("data"))).isEqualTo(names(real.get("data")));
        assertThat(verifies(told)).isTrue();
    }

    @Test
    void theNonceIsNotThatOfARequest() throws Exception {
        ksher.open(KsherOrder.of("A1").paysAfterQueries(1).notifyUrl(url));
        Merchant.Received query = merchant.orderQuery("A1");
        assertThat(next().json().at("/data/nonce_str").asText())
                .hasSize(32)
                .isNotEqualTo(query.data().get("nonce_str"));
    }

    @Test
    void aSavedQrCodeIsToldOnceItIsPaid() throws Exception {
        ksher.open(KsherOrder.gateway("G1").paysAfterCancel().notifyUrl(url));
        merchant.gatewayCancel("G1");
        assertThat(posted).isEmpty();
        assertThat(merchant.gatewayQuery("G1").result()).isEqualTo("SUCCESS");
        assertThat(next().json().at("/data/result").asText()).isEqualTo("SUCCESS");
    }

    @Test
    void theSameBytesAreRepeatedAsOftenAsKsherDoesUnlessTheAnswerIsTheOneWanted() throws Exception {
        Duration interval = Duration.ofNanos(100_000);
        try (KsherSimulator quick =
                KsherSimulator.builder().queryInterval(interval).notifyUrl(url).start()) {
            status = 500;
            quick.open(KsherOrder.of("A1"));
            quick.pay("A1");
            Posted first = next();
            for (int repetition = 1; repetition <= 12; repetition++) {
                assertThat(next()).isEqualTo(first);
            }
            List<Notification> attempts = untilNotified(quick, 13);
            assertThat(attempts)
                    .extracting(Notification::attempt)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 13).boxed().toList());
            for (int i = 0; i < 12; i++) {
                Duration pause = Notifier.PAUSES.get(i).dividedBy(100_000);
                Duration waited = Duration.between(
                        attempts.get(i).time(), attempts.get(i + 1).time());
                // The simulator's clock is not the timer's: they may differ a little.
                assertThat(waited.plusMillis(2)).isGreaterThanOrEqualTo(pause);
            }
        }
    }

    @Test
    void thePausesAreThoseOfKsher() {
        assertThat(Notifier.PAUSES)
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 2L, 10L, 30L, 60L, 600L, 3600L, 10800L, 18000L, 28800L, 43200L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "201 | {\"result\":\"SUCCESS\",\"msg\":\"OK\"} | status is not 200",
                "200 | {\"result\":\"SUCCESS\"}                | answer is not",
                "200 | {\"result\":\"success\",\"msg\":\"OK\"} | answer is not",
                "200 | {\"result\":\"SUCCESS\",\"msg\":\"OK\"} and more | answer is not",
                "200 | OK                                      | answer is not",
                "200 | ''                                      | answer is not",
                "302 | {\"result\":\"SUCCESS\",\"msg\":\"OK\"} | status is not 200",
            })
    void anyOtherAnswerIsNotAccepted(int status, String answer, String error) throws Exception {
        this.status = status;
        this.answer = answer;
        ksher.open(KsherOrder.of("A1").notifyUrl(url).state(KsherOrder.State.SUCCESS));
        Notification attempt = ksher.notifyNow("A1");
        assertThat(attempt.accepted()).isFalse();
        assertThat(attempt.status()).isEqualTo(status);
        assertThat(attempt.error()).startsWith(error);
    }

    @Test
    void aShopThatIsNotThereIsAFailedAttempt() throws Exception {
        shop.stop(0);
        ksher.open(KsherOrder.of("A1").notifyUrl(url).state(KsherOrder.State.SUCCESS));
        Notification attempt = ksher.notifyNow("A1");
        assertThat(attempt.accepted()).isFalse();
        assertThat(attempt.status()).isNull();
        assertThat(attempt.error()).startsWith("no answer");
    }

    @Test
    void askedForItIsSentAtOnceAgainAndAgainWithTheSameBytes() throws Exception {
        ksher.open(KsherOrder.gateway("G1").notifyUrl(url));
        ksher.pay("G1");
        Posted first = next();
        assertThat(ksher.notifyNow("G1").attempt()).isEqualTo(2);
        assertThat(next()).isEqualTo(first);
        ksher.refund("G1");
        JsonNode attempt = control("POST", "/orders/G1/notify", "", 200);
        assertThat(attempt.get("attempt").asInt()).isEqualTo(3);
        assertThat(attempt.get("accepted").asBoolean()).isTrue();
        assertThat(next()).isEqualTo(first);
    }

    @Test
    void aForgedOneDoesNotVerifyAndAnotherOrdersDoes() throws Exception {
        ksher.open(KsherOrder.gateway("G1").notifyUrl(url).state(KsherOrder.State.SUCCESS));
        assertThat(ksher.notifyNow("G1", Fault.badSignature()).fault()).isEqualTo(FaultKind.BAD_SIGNATURE);
        assertThat(verifies(next())).isFalse();
        control("POST", "/orders/G1/notify", "{\"fault\":\"MISSING_SIGNATURE\"}", 200);
        assertThat(next().json().has("sign")).isFalse();
        control("POST", "/orders/G1/notify", "{\"fault\":\"OTHER_ORDER\"}", 200);
        Posted other = next();
        assertThat(verifies(other)).isTrue();
        assertThat(other.json().at("/data/mch_order_no").asText()).isNotEqualTo("G1");
        control("POST", "/orders/G1/notify", "{\"fault\":\"TRUNCATED\"}", 200);
        assertThat(next().body()).doesNotEndWith("}");
        assertThatThrownBy(() -> ksher.notifyNow("G1", Fault.html())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeSentIsRefused() throws Exception {
        ksher.open(KsherOrder.of("A1").notifyUrl(url));
        ksher.open(KsherOrder.of("B1").state(KsherOrder.State.SUCCESS));
        assertThatThrownBy(() -> ksher.notifyNow("A1")).hasMessageContaining("NOTPAY");
        assertThatThrownBy(() -> ksher.notifyNow("B1")).hasMessageContaining("notify_url");
        control("POST", "/orders/A1/notify", "", 400);
        control("POST", "/orders/none/notify", "", 404);
        control("POST", "/orders/B1/notify", "{\"url\":\"" + url + "\"}", 200);
        control("POST", "/orders/B1/notify", "{\"url\":\"ftp://h/\"}", 400);
        control("POST", "/orders/B1/notify", "{\"ulr\":\"" + url + "\"}", 400);
        control("POST", "/orders/B1/notify", "{\"fault\":\"HTML\"}", 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "paid", "ftp://user:secret@host/", "http:///secret", "http://user:secret@ho st/"})
    void aUrlThatIsNoneIsRefusedWithoutBeingShown(String wrong) {
        assertThatThrownBy(() -> KsherOrder.of("A1").notifyUrl(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http")
                .message()
                .doesNotContain("secret");
        assertThatThrownBy(() -> KsherSimulator.builder().notifyUrl(wrong)).hasMessageContaining("http");
    }

    @Test
    void attemptsAreShownWithoutCredentials() throws Exception {
        String secret = url.replace("127.0.0.1", "user:secret@127.0.0.1") + "?token=secret";
        control("POST", "/orders", "{\"mch_order_no\":\"A1\",\"notify_url\":\"" + secret + "\"}", 200);
        control("POST", "/orders/A1/pay", "", 200);
        untilNotified(1);
        Merchant.Received shown = merchant.control("GET", "/notifications?order=A1&appid=mch10001", "");
        assertThat(shown.text()).doesNotContain("secret");
        assertThat(shown.json().at("/notifications/0/url").asText()).isEqualTo(url);
        assertThat(shown.json().get("last").asInt()).isEqualTo(1);
        assertThat(ksher.notifications().toString()).doesNotContain("secret");
        assertThat(merchant.control("GET", "/orders/A1", "").text()).doesNotContain("secret");
        assertThat(control("GET", "/notifications?order=none", "", 200).get("notifications"))
                .isEmpty();
    }

    @Test
    void aResetEndsWhoeverWaitsForAnAnswer() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        shop.removeContext("/");
        shop.createContext("/", exchange -> {
            posted.add(new Posted("", "", ""));
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        ksher.open(KsherOrder.of("A1").state(KsherOrder.State.SUCCESS).notifyUrl(url));
        CompletableFuture<Notification> waiting = CompletableFuture.supplyAsync(() -> ksher.notifyNow("A1"));
        next();
        ksher.reset();
        assertThat(waiting).failsWithin(Duration.ofSeconds(30));
        assertThat(ksher.notifications()).isEmpty();
        held.countDown();
    }

    @Test
    void aResetEndsRepetitions() throws Exception {
        try (KsherSimulator quick = KsherSimulator.builder()
                .queryInterval(Duration.ofMillis(500))
                .notifyUrl(url)
                .start()) {
            status = 500;
            quick.open(KsherOrder.of("A1"));
            quick.pay("A1");
            next();
            untilNotified(quick, 1);
            quick.reset();
            quick.open(KsherOrder.of("B1"));
            quick.pay("B1");
            // The second repetition of B1 comes long after the first one of A1 would have come.
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThat(next().json().at("/data/mch_order_no").asText()).isEqualTo("B1");
            }
        }
    }

    @Test
    void nobodyIsToldWithoutAUrlNorOfAnOrderThatIsNotPaid() throws Exception {
        ksher.open(KsherOrder.of("A1"));
        ksher.pay("A1");
        ksher.open(KsherOrder.of("B1").notifyUrl(url));
        ksher.close("B1");
        ksher.open(KsherOrder.of("C1").notifyUrl(url));
        ksher.pay("C1");
        ksher.pay("C1");
        assertThat(next().json().at("/data/mch_order_no").asText()).isEqualTo("C1");
        untilNotified(1);
        assertThat(ksher.notifyNow("C1").attempt()).isEqualTo(2);
        assertThat(ksher.notifications()).extracting(Notification::order).containsOnly("C1");
    }

    private Posted next() throws InterruptedException {
        Posted next = posted.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private List<Notification> untilNotified(int times) {
        return untilNotified(ksher, times);
    }

    private static List<Notification> untilNotified(KsherSimulator simulator, int times) {
        while (simulator.notifications().size() < times) {
            Thread.onSpinWait();
        }
        return simulator.notifications();
    }

    private JsonNode control(String method, String path, String body, int expected) throws Exception {
        Merchant.Received reply = merchant.control(method, path, body);
        assertThat(reply.http().statusCode()).as(reply.text()).isEqualTo(expected);
        return reply.json();
    }

    private boolean verifies(Posted told) throws IOException {
        Map<String, Object> data =
                Merchant.JSON.convertValue(told.json().get("data"), new TypeReference<Map<String, Object>>() {});
        String sign = told.json().path("sign").asText();
        return Signatures.verifies(Signatures.canonical(data), sign, RsaPem.readPublic(ksher.publicKey()));
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).sorted().toList();
    }
}
