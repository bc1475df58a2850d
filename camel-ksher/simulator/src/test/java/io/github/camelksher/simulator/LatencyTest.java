/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.simulator.fault.FaultKind;
import io.github.camelksher.simulator.fault.FaultKind.Wait;
import io.github.camelksher.simulator.protocol.ApiCall;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LatencyTest {

    private static final Duration MIN = Duration.ofMillis(20);
    private static final Duration MAX = Duration.ofMillis(300);

    private final Semaphore clockReadings = new Semaphore(0);

    @Test
    void theSameCallsWaitTheSameTimesOnEveryRunWithTheSameSeed() {
        assertThat(waits(7)).isEqualTo(waits(7)).isNotEqualTo(waits(8)).doesNotHaveDuplicates();
    }

    @Test
    void timesAreSpreadBetweenTheTwoAndHalfOfTheCallsWaitBeforeTheyAreCarriedOut() {
        List<Wait> waits = waits(7);
        assertThat(waits).allMatch(wait -> wait.before() == 0 || wait.after() == 0);
        assertThat(waits).allMatch(wait -> nanos(wait) >= MIN.toNanos() && nanos(wait) <= MAX.toNanos());
        assertThat(waits.stream().filter(wait -> wait.before() > 0).count()).isBetween(450L, 550L);
        assertThat(waits.stream().mapToLong(LatencyTest::nanos).average().orElseThrow())
                .isBetween(150e6, 170e6);
    }

    @Test
    void whetherACallMeetsAFaultDoesNotDependOnHowLongItWaits() {
        Faults faults = new Faults();
        faults.rate(0.5, 7, Fault.html());
        faults.latency(MIN, MAX, 7);
        double faulty = IntStream.range(0, 1000)
                .filter(i -> faults.pick(ApiCall.ORDER_CLOSE, "A1", i) != null)
                .mapToLong(i -> nanos(faults.pickWait(ApiCall.ORDER_CLOSE, "A1", i)))
                .average()
                .orElseThrow();
        assertThat(faulty).isBetween(145e6, 175e6);
    }

    @Test
    void everyCallTakesItsTimeWhateverElseBecomesOfIt() throws Exception {
        try (KsherSimulator ksher =
                KsherSimulator.builder().queryInterval(Duration.ZERO).start()) {
            ksher.open(KsherOrder.of("A1"));
            ksher.faults().latency(MIN, MIN, 7);
            Merchant merchant = new Merchant(ksher);
            for (int i = 0; i < 5; i++) {
                merchant.orderQuery("A1");
                ksher.faults().next(Fault.status(503));
                merchant.orderQuery("A1");
                ksher.faults().next(Fault.badSignature());
                merchant.orderQuery("A1");
                ksher.faults().next(Fault.delayReply(MIN));
                merchant.orderQuery("A1");
            }
            assertThat(ksher.calls())
                    .hasSize(20)
                    .allMatch(call -> took(call, MIN))
                    .filteredOn(call -> call.fault() == FaultKind.DELAY)
                    .hasSize(5)
                    .allMatch(call -> took(call, MIN.multipliedBy(2)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallWhoseCallerIsGoneIsCarriedOutAllTheSame(boolean reset) throws Exception {
        try (KsherSimulator ksher = simulator()) {
            ksher.open(KsherOrder.of("A1"));
            ksher.faults().latency(MAX, MAX, seedThatWaitsBefore("A1"));
            Merchant merchant = new Merchant(ksher);
            clockReadings.drainPermits();
            try (Socket socket = new Socket("127.0.0.1", ksher.port())) {
                String body = Merchant.encode(merchant.signed(merchant.form("A1")));
                String head = "POST /KsherPay/order_close HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + body.length() + "\r\n\r\n";
                socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
                clockReadings.acquire();
                // The system of a killed process does one or the other: reset or close.
                socket.setSoLinger(reset, 0);
            }
            while (ksher.calls().isEmpty()) {
                Thread.onSpinWait();
            }
            CallRecord call = ksher.calls().get(0);
            assertThat(call.carriedOut()).isTrue();
            assertThat(call.code()).isZero();
            assertThat(took(call, MAX)).isTrue();
            assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.CLOSED);
            ksher.faults().clear();
            assertThat(merchant.orderClose("A1").result()).isEqualTo("CLOSED");
        }
    }

    @Test
    void moreCallsWaitThanThereAreThreadsAndNoneHoldsUpTheEnd() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> replies;
        try (KsherSimulator ksher = simulator()) {
            ksher.faults().latency(Duration.ofHours(1), Duration.ofHours(1), 7);
            Merchant merchant = new Merchant(ksher);
            clockReadings.drainPermits();
            replies = IntStream.range(0, 256)
                    .mapToObj(i -> merchant.request("orderQuery", merchant.signed(merchant.form("A" + i))))
                    .map(request -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                    .toList();
            clockReadings.acquire(256);
            // All have arrived, and the control API answers as quickly as ever.
            assertThat(merchant.control("GET", "/health", "").http().statusCode())
                    .isEqualTo(200);
            assertThat(ksher.calls()).isEmpty();
        }
        assertThat(replies).allSatisfy(reply -> assertThat(reply).failsWithin(Duration.ofSeconds(30)));
    }

    /** Its clock tells when it has read a request: it reads the clock then. */
    private KsherSimulator simulator() throws IOException {
        return KsherSimulator.builder()
                .clock(() -> {
                    clockReadings.release();
                    return Instant.now();
                })
                .start();
    }

    private static long seedThatWaitsBefore(String order) {
        Faults faults = new Faults();
        for (long seed = 0; ; seed++) {
            faults.latency(MAX, MAX, seed);
            if (faults.pickWait(ApiCall.ORDER_CLOSE, order, 0).before() > 0) {
                return seed;
            }
        }
    }

    private static List<Wait> waits(long seed) {
        Faults faults = new Faults();
        faults.latency(MIN, MAX, seed);
        return IntStream.range(0, 1000)
                .mapToObj(i -> faults.pickWait(ApiCall.ORDER_CLOSE, "A1", i))
                .toList();
    }

    private static long nanos(Wait wait) {
        return wait.before() + wait.after();
    }

    /** Or a little less: the simulator's clock differs from the timer's. */
    private static boolean took(CallRecord call, Duration atLeast) {
        return Duration.between(call.arrived(), call.time()).plusMillis(2).compareTo(atLeast) >= 0;
    }
}
