/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.support.KsherStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which event a reply is, and what it makes of an order in every phase. */
class EventsTest extends EventsCase {

    // ---- what a query is answered ----

    /** What each kind of event leads to in each of {@link #QUERIED}. */
    private static final Map<String, String> AFTER_QUERY = Map.ofEntries(
            Map.entry("open", "C C A1 REFUSED C NOT_CLOSED"),
            Map.entry("notsure", "A1 C A1 REFUSED C NOT_CLOSED"),
            Map.entry("paid", "PAID PAID PAID PAID PAID PAID"),
            Map.entry("closed", "ALREADY_CLOSED CLOSED CLOSED CLOSED CLOSED CLOSED"),
            Map.entry("refunded", "REFUNDED REFUNDED REFUNDED REFUNDED REFUNDED REFUNDED"),
            Map.entry("strangeState", "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
            Map.entry("NoSuchOrder", "NOT_FOUND UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
            Map.entry("NotVerified", "UNTRUSTED UNTRUSTED UNTRUSTED UNTRUSTED UNTRUSTED UNTRUSTED"),
            Map.entry("QueryFailed", "A1 N1 N1 N1 A1 N1"),
            Map.entry("QueryRefused", "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
            Map.entry("NotKsher", "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
            Map.entry("CredentialsRejected", "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"));

    /** @param code the code in the details, -99 for none */
    record Reply(
            String name,
            String operation,
            Fault fault,
            String expected,
            int code,
            String errorCode,
            Duration retryAfter) {

        @Override
        public String toString() {
            return operation + ": " + name;
        }
    }

    private static final int NONE = -99;

    private static final class Replies {

        private final List<Reply> all = new ArrayList<>();

        void add(Fault fault, String close, String cancel, int code, String errorCode) {
            all.add(new Reply(fault.toString(), "close", fault, close, code, errorCode, Duration.ZERO));
            all.add(new Reply(fault.toString(), "cancel", fault, cancel, code, errorCode, Duration.ZERO));
        }

        void add(Fault fault, String both, int code) {
            add(fault, both, both, code, null);
        }

        void wait(Fault fault, Duration retryAfter, String both) {
            for (String operation : List.of("close", "cancel")) {
                all.add(new Reply(fault + " Retry-After", operation, fault, both, NONE, null, retryAfter));
            }
        }
    }

    static Stream<Reply> queries() {
        Replies r = new Replies();
        for (String state : List.of("NOTPAY", "PAYERROR", "PENDING", "USERPAYING")) {
            r.add(Fault.state(state), "open", 0);
        }
        r.add(Fault.state("NOTSURE"), "notsure", 0);
        r.add(Fault.state("SUCCESS"), "paid", 0);
        r.add(Fault.state("CLOSED"), "closed", 0);
        r.add(Fault.state("REFUND"), "refunded", 0);
        for (String state : List.of("BRAND_NEW", "success", "NOTPAY ", "PAID")) {
            r.add(Fault.state(state), "strangeState", 0);
        }
        r.add(Fault.refusal(-1), "CredentialsRejected", -1);
        r.add(Fault.refusal(-2), "CredentialsRejected", -2);
        r.add(Fault.refusal(-3), "QueryFailed", "NoSuchOrder", -3, null);
        r.add(Fault.refusal(-4), "QueryFailed", "QueryRefused", -4, null);
        r.add(Fault.refusal(-5), "QueryFailed", "QueryRefused", -5, null);
        r.add(Fault.refusal(-6), "QueryFailed", -6);
        r.add(Fault.refusal(-100), "QueryFailed", -100);
        for (int code : new int[] {1, 7, 99_999, -7}) {
            r.add(Fault.refusal(code), "QueryFailed", "QueryRefused", code, null);
        }
        for (String error : List.of("SYSTEMERROR", "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS", "PAYMENT_IN_PROCESS")) {
            r.add(Fault.result(error), "QueryFailed", "QueryFailed", 0, error);
        }
        r.add(Fault.result("KSHER_INVALID_ORDER_NO"), "NoSuchOrder", "NoSuchOrder", 0, "KSHER_INVALID_ORDER_NO");
        r.add(Fault.result("KSHER_ORDER_PAID"), "QueryRefused", "QueryRefused", 0, "KSHER_ORDER_PAID");
        r.add(Fault.result("BRAND_NEW_ERROR"), "QueryRefused", "QueryRefused", 0, "BRAND_NEW_ERROR");
        r.add(Fault.result("a text, and no code"), "QueryRefused", 0);
        for (int status : new int[] {201, 202, 204, 301, 302, 307, 308, 400, 401, 403, 404, 410}) {
            r.add(Fault.status(status), "NotKsher", NONE);
        }
        for (int status : new int[] {429, 500, 502, 503, 599}) {
            r.add(Fault.status(status), "QueryFailed", NONE);
            r.wait(Fault.status(status).retryAfter(Duration.ofSeconds(7)), Duration.ofSeconds(7), "QueryFailed");
        }
        r.wait(Fault.status(503).retryAfter(Duration.ofDays(1000)), Duration.ofDays(1000), "QueryFailed");
        r.add(Fault.html(), "QueryFailed", NONE);
        r.add(Fault.truncated(), "QueryFailed", NONE);
        r.add(Fault.lostReply(), "QueryFailed", NONE);
        r.add(Fault.lostRequest(), "QueryFailed", NONE);
        r.add(Fault.badSignature(), "NotVerified", 0);
        r.add(Fault.missingSignature(), "NotVerified", 0);
        r.add(Fault.otherOrder(), "NotVerified", 0);
        // The gateway echoes no nonce.
        r.add(Fault.otherNonce(), "NotVerified", "open", 0, null);
        return r.all.stream();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void whatAQueryIsAnsweredInEveryPhase(Reply reply) {
        KSHER.simulator().open(KsherOrder.of("A-1").openid("MARKER card 4111"));
        KSHER.simulator().faults().next(reply.fault(), query(reply.operation()));

        Event event = rig.calls.query(Rig.row(reply.operation(), "A-1"));

        assertThat(KSHER.simulator().calls()).hasSize(1).allMatch(call -> call.operation()
                .equals(query(reply.operation())));
        boolean seen = Set.of("open", "notsure", "paid", "closed", "refunded", "strangeState")
                .contains(reply.expected());
        assertThat(kind(event)).isEqualTo(seen ? "Seen" : reply.expected());
        assertFacts(event, reply);
        String[] expected =
                Objects.requireNonNull(AFTER_QUERY.get(reply.expected())).split(" ");
        for (int i = 0; i < QUERIED.size(); i++) {
            assertThat(next(life(QUERIED.get(i)), event)).as(QUERIED.get(i)).isEqualTo(expected[i]);
        }
    }

    private static void assertFacts(Event event, Reply reply) {
        CallDetails details = details(event);
        assertThat(details.code()).isEqualTo(reply.code() == NONE ? null : (Integer) reply.code());
        assertThat(details.errorCode()).isEqualTo(reply.errorCode());
        assertThat(event.retryAfter()).isEqualTo(reply.retryAfter());
        assertThat(details.text())
                .as("no text of Ksher's")
                .doesNotContain("simulated", "MARKER", "a text", "has been", "in process")
                .matches("[ -~]*");
    }

    // ---- what a command is answered ----

    static Stream<Reply> commands() {
        Replies r = new Replies();
        r.add(Fault.refusal(-1), "CredentialsRejected", -1);
        r.add(Fault.refusal(-2), "CredentialsRejected", -2);
        r.add(Fault.refusal(-3), "NoAnswer", "Refused", -3, null);
        r.add(Fault.refusal(-4), "NoAnswer", "Refused", -4, null);
        r.add(Fault.refusal(-5), "NoAnswer", "Done", -5, null);
        for (int code : new int[] {-6, -100, -7, 1, 7, 99_999}) {
            r.add(Fault.refusal(code), "NoAnswer", code);
            r.add(Fault.refusal(code).afterCarryingOut(), "NoAnswer", code);
        }
        List<Reply> close = new ArrayList<>();
        for (String error : List.of("SYSTEMERROR", "KSHER_API_ERR_ORDER_TOO_MANY_REQUESTS", "PAYMENT_IN_PROCESS")) {
            close.add(new Reply(error, "close", Fault.result(error), "NoAnswer", 0, error, Duration.ZERO));
        }
        for (String error : List.of("KSHER_INVALID_ORDER_NO", "KSHER_ORDER_PAID", "BRAND_NEW_ERROR")) {
            close.add(new Reply(error, "close", Fault.result(error), "Refused", 0, error, Duration.ZERO));
        }
        close.add(new Reply("text as code", "close", Fault.result("a text"), "Refused", 0, null, Duration.ZERO));
        for (int status : new int[] {301, 302, 307, 308, 400, 401, 403, 404, 410}) {
            r.add(Fault.status(status), "Refused", NONE);
        }
        for (int status : new int[] {201, 202, 204, 429, 500, 502, 503, 599}) {
            r.add(Fault.status(status), "NoAnswer", NONE);
        }
        for (int status : new int[] {429, 503}) {
            r.wait(Fault.status(status).retryAfter(Duration.ofSeconds(7)), Duration.ofSeconds(7), "NoAnswer");
        }
        r.add(Fault.html(), "NoAnswer", NONE);
        r.add(Fault.html().afterCarryingOut(), "NoAnswer", NONE);
        r.add(Fault.truncated(), "NoAnswer", NONE);
        r.add(Fault.lostReply(), "NoAnswer", NONE);
        r.add(Fault.lostRequest(), "NoAnswer", NONE);
        // A cancel's success is not signed, and names no order.
        r.add(Fault.badSignature(), "NoAnswer", "Done", 0, null);
        r.add(Fault.missingSignature(), "NoAnswer", "Done", 0, null);
        r.add(Fault.otherOrder(), "NoAnswer", "Done", 0, null);
        r.add(Fault.otherNonce(), "NoAnswer", "Done", 0, null);
        return Stream.concat(r.all.stream(), close.stream());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatACommandIsAnsweredDecidesNothingButWhatToDoIfTheOrderIsStillOpen(Reply reply) {
        KSHER.simulator().open(KsherOrder.of("A-1"));
        KSHER.simulator().faults().next(reply.fault(), command(reply.operation()));

        Event event = rig.calls.command(Rig.row(reply.operation(), "A-1"));

        assertThat(KSHER.simulator().calls()).hasSize(1).allMatch(call -> call.operation()
                .equals(command(reply.operation())));
        assertThat(kind(event)).isEqualTo(reply.expected());
        assertFacts(event, reply);
        assertAfterCommand(event);
    }

    /**
     * @param otp the code that a card payment under way refuses a cancel with; 0 for none under way
     */
    @ParameterizedTest
    @CsvSource({
        "close,NOTPAY,0,Done",
        "cancel,NOTPAY,0,Done",
        "close,CLOSED,0,Done",
        "cancel,CLOSED,0,Done",
        "close,SUCCESS,0,Refused",
        "cancel,SUCCESS,0,Refused",
        "close,REFUND,0,Refused",
        "cancel,REFUND,0,Refused",
        "close,USERPAYING,-6,NoAnswer",
        "cancel,USERPAYING,-6,NoAnswer",
        "cancel,USERPAYING,-4,Refused"
    })
    void whatACommandMakesOfAnOrder(String operation, State state, int otp, String expected) {
        KsherOrder order = KsherOrder.of("A-1");
        KSHER.simulator().open(otp == 0 ? order.state(state) : order.otp(otp));

        Event event = rig.calls.command(Rig.row(operation, "A-1"));

        assertThat(kind(event)).isEqualTo(expected);
        assertAfterCommand(event);
        State now = KSHER.simulator().order("A-1").state();
        assertThat(now).isEqualTo(state == State.NOTPAY ? State.CLOSED : state);
    }

    @Test
    void anOrderThatKsherDoesNotKnow() {
        assertThat(rig.calls.query(Rig.row("close", "A-1")))
                .isEqualTo(new Event.NoSuchOrder(
                        new CallDetails("Ksher does not know the order", 0, "KSHER_INVALID_ORDER_NO"),
                        "check the number; if the order was made as a payment page, it is cancelled with cancel"));
        assertThat(rig.calls.query(Rig.row("cancel", "A-1")))
                .isEqualTo(new Event.NoSuchOrder(
                        new CallDetails("Ksher does not know the order", -3, null),
                        "check the number; if the order was made by a call of KsherPay's, it is closed with close"));
        assertThat(rig.calls.command(Rig.row("close", "A-1")))
                .isEqualTo(new Event.Refused(new CallDetails(
                        "orderClose ended with a result that is no success: Ksher does not know the order",
                        0,
                        "KSHER_INVALID_ORDER_NO")));
        assertThat(rig.calls.command(Rig.row("cancel", "A-1")))
                .isEqualTo(new Event.Refused(
                        new CallDetails("gatewayCancel was refused with code -3: the order does not exist", -3, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROCESSING", "NOTPAY", "BRAND_NEW", "success"})
    void aCloseThatEndedWithAnUnknownResultHadNoClearAnswer(String result) throws Exception {
        try (KsherStub stub = new KsherStub().echoing(result, Map.of());
                Rig other = rigAt(stub)) {
            Event event = other.calls.command(Rig.row("close", "A-1"));
            assertThat(event)
                    .isEqualTo(new Event.NoAnswer(
                            new CallDetails("orderClose ended with a result that is no success", 0, null),
                            Duration.ZERO));
            assertAfterCommand(event);
        }
    }
}
