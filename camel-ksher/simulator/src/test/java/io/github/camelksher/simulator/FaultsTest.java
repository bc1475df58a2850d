/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelksher.simulator.fault.FaultKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class FaultsTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension(
            KsherSimulator.builder().queryInterval(Duration.ZERO).sharedOrders());

    private final KsherSimulator ksher = KSHER.simulator();
    private final Faults faults = ksher.faults();
    private final Merchant merchant = new Merchant(ksher);

    @BeforeEach
    void open() {
        ksher.open(KsherOrder.of("A1"));
    }

    @Test
    void delayedCallsAreAnsweredInTheEnd() throws Exception {
        faults.next(Fault.delay(Duration.ofMillis(20)));
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("NOTPAY");
        faults.next(Fault.delayReply(Duration.ofMillis(20)));
        assertThat(merchant.orderClose("A1").result()).isEqualTo("SUCCESS");
        assertThat(ksher.calls()).extracting(CallRecord::fault).containsOnly(FaultKind.DELAY);
        assertThat(ksher.calls()).allMatch(CallRecord::carriedOut);
    }

    @Test
    void refusedReallyClosesThePortAndOpensItAgain() throws Exception {
        faults.next(Fault.refused(Duration.ofMillis(500)));
        assertThatThrownBy(() -> merchant.orderClose("A1")).isInstanceOf(IOException.class);
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.NOTPAY);
        while (!connects()) {
            Thread.onSpinWait();
        }
        assertThat(new Merchant(ksher).orderClose("A1").result()).isEqualTo("SUCCESS");
        CallRecord refused = ksher.calls().get(0);
        assertThat(refused.fault()).isEqualTo(FaultKind.REFUSED);
        assertThat(refused.carriedOut()).isFalse();
        assertThat(refused.code()).isNull();
    }

    @Test
    void aClosedPortCutsGetToo() throws Exception {
        try (Socket kept = new Socket("127.0.0.1", ksher.port())) {
            // Wait until the connection is served: the port is closed to new ones only.
            assertThat(get(kept)).startsWith("HTTP/1.1 200");
            faults.next(Fault.refused(Duration.ofMillis(500)));
            assertThatThrownBy(() -> merchant.orderClose("A1")).isInstanceOf(IOException.class);
            assertThat(get(kept)).isEmpty();
        }
        while (!connects()) {
            Thread.onSpinWait();
        }
    }

    /** The status line, or nothing. */
    private static String get(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /KsherPay/order_query HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = new byte[8192];
        try {
            int length = socket.getInputStream().read(bytes);
            return length < 0 ? "" : new String(bytes, 0, length, StandardCharsets.US_ASCII);
        } catch (SocketException e) {
            return "";
        }
    }

    @Test
    void refusedCanComeAgainAndAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            faults.next(Fault.refused(Duration.ofMillis(50)));
            assertThatThrownBy(() -> new Merchant(ksher).orderQuery("A1")).isInstanceOf(IOException.class);
            while (!connects()) {
                Thread.onSpinWait();
            }
        }
        assertThat(new Merchant(ksher).orderQuery("A1").result()).isEqualTo("NOTPAY");
    }

    @Test
    void aSimulatorCanBeStoppedWhileItsPortIsClosed() throws Exception {
        try (KsherSimulator stopped = KsherSimulator.builder().start()) {
            stopped.faults().next(Fault.refused(Duration.ofHours(1)));
            Merchant caller = new Merchant(stopped);
            assertThatThrownBy(() -> caller.orderQuery("A1")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLostRequestIsNotCarriedOutAndALostReplyIs() throws Exception {
        faults.next(Fault.lostRequest(), "gatewayCancel");
        assertThatThrownBy(() -> merchant.gatewayCancel("A1")).isInstanceOf(IOException.class);
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.NOTPAY);
        faults.next(Fault.lostReply(), "gatewayCancel");
        assertThatThrownBy(() -> merchant.gatewayCancel("A1")).isInstanceOf(IOException.class);
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.CLOSED);
        assertThat(ksher.calls()).extracting(CallRecord::carriedOut).containsExactly(false, true);
        assertThat(ksher.calls().get(1).code()).isZero();
        assertThat(merchant.gatewayCancel("A1").code()).isEqualTo(-5);
    }

    @Test
    void aStatusComesInsteadOfTheCallOrAfterIt() throws Exception {
        faults.next(Fault.status(503).retryAfter(Duration.ofSeconds(7)));
        Merchant.Received reply = merchant.orderClose("A1");
        assertThat(reply.http().statusCode()).isEqualTo(503);
        assertThat(reply.http().headers().firstValue("Retry-After")).hasValue("7");
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.NOTPAY);
        faults.next(Fault.status(502).afterCarryingOut());
        assertThat(merchant.orderClose("A1").http().statusCode()).isEqualTo(502);
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 304, 404, 429, 500})
    void everyKindOfStatusLeavesTheConnectionUsable(int status) throws Exception {
        faults.next(Fault.status(status));
        assertThat(merchant.orderQuery("A1").http().statusCode()).isEqualTo(status);
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("NOTPAY");
    }

    @Test
    void aWebPageComesWithStatus200() throws Exception {
        faults.next(Fault.html());
        Merchant.Received reply = merchant.orderClose("A1");
        assertThat(reply.http().statusCode()).isEqualTo(200);
        assertThat(reply.text()).startsWith("<html>");
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.NOTPAY);
    }

    @Test
    void aTruncatedReplyIsNoJsonAndWasCarriedOut() throws Exception {
        faults.next(Fault.truncated());
        assertThatThrownBy(merchant.orderClose("A1")::json).isInstanceOf(AssertionError.class);
        assertThat(ksher.order("A1").state()).isEqualTo(KsherOrder.State.CLOSED);
        faults.next(Fault.truncated());
        assertThat(merchant.gatewayQuery("none").text()).doesNotEndWith("}");
    }

    @Test
    void signaturesCanBeBadOrMissing() throws Exception {
        faults.next(Fault.badSignature());
        Merchant.Received bad = merchant.orderQuery("A1");
        assertThat(bad.json().get("sign").asText()).hasSize(128);
        assertThat(bad.verifies(ksher.publicKey())).isFalse();
        faults.next(Fault.missingSignature());
        assertThat(merchant.orderQuery("A1").json().has("sign")).isFalse();
    }

    @Test
    void anotherOrderOrNonceIsValidlySigned() throws Exception {
        faults.next(Fault.otherOrder());
        Merchant.Received order = merchant.gatewayQuery("A1");
        assertThat(order.verifies(ksher.publicKey())).isTrue();
        assertThat(order.data().get("mch_order_no")).isNotEqualTo("A1");
        faults.next(Fault.otherNonce());
        var form = merchant.signed(merchant.form("A1"));
        Merchant.Received nonce = merchant.post("orderQuery", form);
        assertThat(nonce.verifies(ksher.publicKey())).isTrue();
        assertThat(nonce.data().get("nonce_str")).isNotEqualTo(form.get("nonce_str"));
        assertThat(ksher.calls())
                .extracting(CallRecord::fault)
                .containsExactly(FaultKind.OTHER_ORDER, FaultKind.OTHER_NONCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orderQuery", "orderClose", "gatewayQuery", "gatewayCancel"})
    void aRefusalComesInsteadOfTheCallOrAfterIt(String operation) throws Exception {
        faults.next(Fault.refusal(-77));
        Merchant.Received instead = merchant.call(operation, "A1");
        assertThat(instead.code()).isEqualTo(-77);
        assertThat(instead.json().path("msg").asText()).isEqualTo("操作失败");
        assertThat(instead.json().has("sign")).isFalse();
        faults.next(Fault.refusal(-100).afterCarryingOut());
        assertThat(merchant.call(operation, "A1").json().path("msg").asText()).isEqualTo("查询失败");
        assertThat(ksher.calls()).extracting(CallRecord::code).containsExactly(-77, -100);
        assertThat(ksher.calls()).extracting(CallRecord::carriedOut).containsExactly(false, true);
        assertThat(ksher.calls()).extracting(CallRecord::stateBefore).containsExactly(null, KsherOrder.State.NOTPAY);
        assertThat(ksher.calls()).extracting(CallRecord::fault).containsOnly(FaultKind.REFUSAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gatewayQuery", "gatewayCancel"})
    void aRefusalIsJsonUnlessItIsToBeInSingleQuotes(String operation) throws Exception {
        assertThat(merchant.call(operation, "none").text())
                .contains("\"code\":-3")
                .doesNotContain("'");
        faults.next(Fault.singleQuotes());
        assertThat(merchant.call(operation, "none").text())
                .contains("'code': -3")
                .doesNotContain("\"");
        faults.next(Fault.singleQuotes());
        assertThat(merchant.call(operation, "A1").code()).isZero();
        assertThat(ksher.calls()).extracting(CallRecord::fault).containsExactly(null, FaultKind.SINGLE_QUOTES, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orderQuery", "orderClose", "gatewayQuery"})
    void aFailedResultIsValidlySignedAndComesInsteadOfTheCallOrAfterIt(String operation) throws Exception {
        for (Fault fault :
                List.of(Fault.result("SYSTEMERROR"), Fault.result("OTHER").afterCarryingOut())) {
            faults.next(fault);
            var form = merchant.signed(merchant.form("A1"));
            Merchant.Received reply = merchant.post(operation, form);
            assertThat(reply.code()).isZero();
            assertThat(reply.result()).isEqualTo("FAIL");
            assertThat(reply.verifies(ksher.publicKey())).isTrue();
            assertThat(form.get("nonce_str").equals(reply.data().get("nonce_str")))
                    .isEqualTo(operation.startsWith("order"));
        }
        assertThat(ksher.calls()).extracting(CallRecord::error).containsExactly("SYSTEMERROR", "OTHER");
        assertThat(ksher.calls()).extracting(CallRecord::carriedOut).containsExactly(false, true);
    }

    @Test
    void anUnknownStateIsValidlySigned() throws Exception {
        for (String operation : List.of("orderQuery", "gatewayQuery")) {
            faults.next(Fault.state("BRAND_NEW"));
            Merchant.Received reply = merchant.call(operation, "A1");
            assertThat(reply.result()).isEqualTo("BRAND_NEW");
            assertThat(reply.data()).containsEntry("mch_order_no", "A1");
            assertThat(reply.verifies(ksher.publicKey())).isTrue();
        }
        assertThat(ksher.calls())
                .allMatch(CallRecord::carriedOut)
                .extracting(CallRecord::result)
                .containsOnly("BRAND_NEW");
        assertThat(merchant.orderQuery("A1").result()).isEqualTo("NOTPAY");
    }

    @Test
    void whatCannotBeFaultyIsCarriedOutAsUsual() throws Exception {
        faults.next(Fault.result("SYSTEMERROR"));
        assertThat(merchant.gatewayCancel("A1").code()).isZero();
        faults.next(Fault.state("BRAND_NEW"));
        assertThat(merchant.orderClose("A1").result()).isEqualTo("CLOSED");
        faults.next(Fault.state("BRAND_NEW"));
        assertThat(merchant.orderQuery("none").result()).isEqualTo("FAIL");
        assertThat(ksher.calls()).extracting(CallRecord::fault).containsOnlyNulls();
    }

    @Test
    void aFaultThatCannotTouchAReplyIsNotInTheCallLog() throws Exception {
        faults.next(Fault.badSignature());
        assertThat(merchant.gatewayCancel("A1").code()).isZero();
        assertThat(ksher.calls().get(0).fault()).isNull();
    }

    @Test
    void aTricklingReplyIsWholeInTheEnd() throws Exception {
        faults.next(Fault.trickle(Duration.ofMillis(1)));
        assertThat(merchant.orderQuery("A1").verifies(ksher.publicKey())).isTrue();
        faults.next(Fault.trickle(Duration.ZERO));
        assertThat(merchant.orderQuery("A1").verifies(ksher.publicKey())).isTrue();
    }

    @Test
    void faultsMeetTheOrderOperationAndNumberOfCallsTheyAreArmedFor() throws Exception {
        ksher.open(KsherOrder.of("B1"));
        faults.forOrder("B1", Fault.status(500), "orderQuery", 2);
        List<Integer> statuses = new ArrayList<>();
        statuses.add(merchant.orderQuery("A1").http().statusCode());
        statuses.add(merchant.gatewayQuery("B1").http().statusCode());
        for (int i = 0; i < 3; i++) {
            statuses.add(merchant.orderQuery("B1").http().statusCode());
        }
        assertThat(statuses).containsExactly(200, 200, 500, 500, 200);
        faults.next(Fault.status(500), "orderQuery", Faults.ALWAYS);
        for (int i = 0; i < 3; i++) {
            assertThat(merchant.orderQuery("A1").http().statusCode()).isEqualTo(500);
        }
        faults.clear();
        assertThat(merchant.orderQuery("A1").http().statusCode()).isEqualTo(200);
    }

    @Test
    void aRateHitsTheSameCallsOnEveryRunWithTheSameSeed() throws Exception {
        List<Integer> first = run(7);
        assertThat(first).contains(200, 500, 503);
        assertThat(run(7)).isEqualTo(first);
        assertThat(run(8)).isNotEqualTo(first);
    }

    private List<Integer> run(long seed) throws Exception {
        ksher.reset();
        ksher.open(KsherOrder.of("A1"));
        faults.rate(0.5, seed, Fault.status(500), Fault.status(503));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            statuses.add(merchant.orderQuery("A1").http().statusCode());
            statuses.add(merchant.gatewayQuery("none").http().statusCode());
        }
        return statuses;
    }

    private boolean connects() {
        try {
            connect();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void connect() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", ksher.port()), 1000);
            // A socket that tries a closed port of the ephemeral range can connect to itself.
            if (socket.getLocalPort() == socket.getPort()) {
                throw new ConnectException("only met itself");
            }
        }
    }
}
