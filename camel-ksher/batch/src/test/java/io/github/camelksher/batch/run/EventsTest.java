/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Action.Command;
import io.github.camelksher.batch.life.Action.Query;
import io.github.camelksher.batch.life.Action.Settle;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.OrderLife.Step;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.client.SignVersion;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reply and failure of the contract, made by the component, and what it means for an order in every phase of its life. */
class EventsTest {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension(
            KsherSimulator.builder().queryInterval(Duration.ZERO).sharedOrders());

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(KSHER.simulator(), options -> {});
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static final CallDetails FACTS = CallDetails.of("before");
    private static final Event OPEN = new Event.Seen(OrderState.NOTPAY, true, null, FACTS);

    /** The ways to the states in which a query's end is awaited, and those in which a command's is. */
    private static final Map<String, List<Event>> WAYS = ways();

    private static Map<String, List<Event>> ways() {
        Event done = new Event.Done(FACTS);
        Event noAnswer = new Event.NoAnswer(FACTS, Duration.ZERO);
        Event refused = new Event.Refused(FACTS);
        Map<String, List<Event>> ways = new LinkedHashMap<>();
        ways.put("asking", List.of());
        ways.put("done", List.of(OPEN, done));
        ways.put("silent", List.of(OPEN, noAnswer));
        ways.put("refused", List.of(OPEN, refused));
        ways.put("backedOff", List.of(OPEN, noAnswer, OPEN));
        ways.put("doneTwice", List.of(OPEN, done, OPEN, done));
        ways.put("sending", List.of(OPEN));
        ways.put("resending", List.of(OPEN, done, OPEN));
        return ways;
    }

    private static final List<String> QUERIED =
            List.of("asking", "done", "silent", "refused", "backedOff", "doneTwice");

    private static OrderLife life(String way) {
        OrderLife life = OrderLife.begin(RowOperation.CLOSE);
        for (Event event : Objects.requireNonNull(WAYS.get(way))) {
            life = life.after(event).life();
        }
        return life;
    }

    /** C: command; A1, N0: ask, or confirm, after so many steps of back-off; else an outcome. */
    private static String next(OrderLife life, Event event) {
        Step step = life.after(event);
        if (step.action() instanceof Settle settle) {
            return settle.result().outcome().name();
        }
        if (step.action() instanceof Command) {
            return "C";
        }
        return (step.life().phase() == Phase.ASKING ? "A" : "N") + ((Query) step.action()).backOff();
    }

    private static String kind(Event event) {
        return event instanceof Event.QueryRefused refused && !refused.byKsher()
                ? "NotKsher"
                : event.getClass().getSimpleName();
    }

    private static CallDetails details(Event event) {
        try {
            return (CallDetails) event.getClass().getMethod("details").invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("has none: " + event, e);
        }
    }

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
            Map.entry("NotLetIn", "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"));

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
        r.add(Fault.refusal(-1), "NotLetIn", -1);
        r.add(Fault.refusal(-2), "NotLetIn", -2);
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

    private static String query(String operation) {
        return operation.equals("close") ? "orderQuery" : "gatewayQuery";
    }

    private static String command(String operation) {
        return operation.equals("close") ? "orderClose" : "gatewayCancel";
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

    /** What follows an open order that was commanded before and is seen open after a command that ended like this. */
    private static final Map<String, String> STILL_OPEN = Map.of("Done", "C", "NoAnswer", "A1", "Refused", "REFUSED");

    static Stream<Reply> commands() {
        Replies r = new Replies();
        r.add(Fault.refusal(-1), "NotLetIn", -1);
        r.add(Fault.refusal(-2), "NotLetIn", -2);
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

    private static void assertAfterCommand(Event event) {
        for (String way : List.of("sending", "resending")) {
            if (event instanceof Event.NotLetIn) {
                assertThat(next(life(way), event)).as(way).isEqualTo("UNKNOWN");
                continue;
            }
            assertThat(next(life(way), event)).as(way).isEqualTo("N0");
            OrderLife confirming = life(way).after(event).life();
            boolean twice = way.equals("resending") && event instanceof Event.Done;
            assertThat(next(confirming, OPEN)).as(way).isEqualTo(twice ? "NOT_CLOSED" : STILL_OPEN.get(kind(event)));
            assertThat(next(confirming, new Event.Seen(OrderState.CLOSED, true, null, FACTS)))
                    .isEqualTo("CLOSED");
            assertThat(next(confirming, new Event.Seen(OrderState.SUCCESS, true, null, FACTS)))
                    .isEqualTo("PAID");
        }
    }

    /** @param otp the code that a card payment under way refuses a cancel with; 0 for none under way */
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
        try (Server server = new Server().answeringSigned(Map.of("result", result), "ok");
                Rig other = rigAt(server)) {
            Event event = other.calls.command(Rig.row("close", "A-1"));
            assertThat(event)
                    .isEqualTo(new Event.NoAnswer(
                            new CallDetails("orderClose ended with a result that is no success", 0, null),
                            Duration.ZERO));
            assertAfterCommand(event);
        }
    }

    private static Rig rigAt(Server server) throws Exception {
        return new Rig(KSHER.simulator(), options -> {
            options.setKsherPublicKey(Server.publicKey());
            options.setApiUrl(server.url());
            options.setGatewayUrl(server.url());
        });
    }

    // ---- what never was a reply ----

    @Test
    void nobodyListening() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (Rig other = new Rig(KSHER.simulator(), options -> {
            options.setApiUrl("http://127.0.0.1:" + port);
            options.setGatewayUrl("http://127.0.0.1:" + port);
        })) {
            assertNoAnswer(other);
        }
    }

    @Test
    void nobodyAnswering() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Rig other = new Rig(KSHER.simulator(), options -> {
                    options.setApiUrl("http://127.0.0.1:" + silent.getLocalPort());
                    options.setGatewayUrl("http://127.0.0.1:" + silent.getLocalPort());
                    options.setResponseTimeout(Duration.ofMillis(50));
                })) {
            assertNoAnswer(other);
        }
    }

    private static void assertNoAnswer(Rig other) {
        for (String operation : List.of("close", "cancel")) {
            Event query = other.calls.query(Rig.row(operation, "A-1"));
            assertThat(kind(query)).isEqualTo("QueryFailed");
            assertThat(details(query).text()).startsWith(query(operation) + " got no answer (");
            Event command = other.calls.command(Rig.row(operation, "A-1"));
            assertThat(kind(command)).isEqualTo("NoAnswer");
            assertAfterCommand(command);
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsNotKsher(@TempDir Path directory) throws Exception {
        try (TlsServer server = new TlsServer(directory);
                Rig other = new Rig(KSHER.simulator(), options -> {
                    options.setApiUrl(server.url());
                    options.setGatewayUrl(server.url());
                })) {
            for (String operation : List.of("close", "cancel")) {
                Event query = other.calls.query(Rig.row(operation, "A-1"));
                assertThat(kind(query)).isEqualTo("NotKsher");
                assertThat(next(life("asking"), query)).isEqualTo("UNKNOWN");
                Event command = other.calls.command(Rig.row(operation, "A-1"));
                assertThat(kind(command)).isEqualTo("Refused");
                assertAfterCommand(command);
            }
        }
    }

    @Test
    void aKeyOfTheWrongVersionVerifiesNothing() throws Exception {
        KSHER.simulator().open(KsherOrder.of("A-1"));
        try (Rig other = new Rig(KSHER.simulator(), options -> options.setSignVersion(SignVersion.V2))) {
            for (String operation : List.of("close", "cancel")) {
                assertThat(kind(other.calls.query(Rig.row(operation, "A-1")))).isEqualTo("NotVerified");
            }
        }
    }

    @Test
    void verificationCannotBeSwitchedOff() throws Exception {
        KSHER.simulator().open(KsherOrder.of("A-1"));
        KSHER.simulator().faults().next(Fault.badSignature());
        try (Rig other = new Rig(KSHER.simulator(), options -> {
            options.setVerifySignature(false);
            options.setFailOnResult(false);
        })) {
            assertThat(kind(other.calls.query(Rig.row("close", "A-1")))).isEqualTo("NotVerified");
            assertThat(kind(other.calls.query(Rig.row("close", "nobody's")))).isEqualTo("NoSuchOrder");
        }
    }

    @Test
    void aMerchantThatKsherDoesNotKnow() throws Exception {
        try (Rig other = new Rig(KSHER.simulator(), options -> options.setAppId("mch99999"))) {
            for (String operation : List.of("close", "cancel")) {
                assertThat(kind(other.calls.query(Rig.row(operation, "A-1")))).isEqualTo("NotLetIn");
                assertThat(kind(other.calls.command(Rig.row(operation, "A-1")))).isEqualTo("NotLetIn");
            }
        }
    }

    @Test
    void whatTheComponentDoesNotTakeIsNotSent() {
        OrderRow good = Rig.row("cancel", "x");
        OrderRow tooLong = new OrderRow(
                2,
                Map.of(Column.MCH_ORDER_NO, "x".repeat(33)),
                good.operation(),
                "would be INVALID and never get here",
                Map.of());
        Event query = rig.calls.query(tooLong);
        assertThat(query)
                .isEqualTo(new Event.QueryRefused(
                        CallDetails.of("gatewayQuery was not sent: the component does not take the row's values"),
                        true));
        Event command = rig.calls.command(tooLong);
        assertThat(command)
                .isEqualTo(new Event.Refused(
                        CallDetails.of("gatewayCancel was not sent: the component does not take the row's values")));
        assertThat(KSHER.simulator().calls()).isEmpty();
    }

    @Test
    void whatCamelItselfFailsWithCanPass() {
        try (var context = new DefaultCamelContext()) {
            DefaultExchange exchange = new DefaultExchange(context);
            exchange.setException(new IllegalStateException("MARKER"));
            CallDetails details = CallDetails.of("the call failed: IllegalStateException");
            assertThat(Events.ofQuery(exchange, RowOperation.CANCEL, "api.example:443"))
                    .isEqualTo(new Event.QueryFailed(details, Duration.ZERO));
            assertThat(Events.ofCommand(exchange, RowOperation.CLOSE, "api.example:443"))
                    .isEqualTo(new Event.NoAnswer(details, Duration.ZERO));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- what is told ----

    @Test
    void aPaidOrderIsToldWithAmountAndTime() {
        KSHER.simulator().open(KsherOrder.of("A-1").amount(12_345, "THB").openid("MARKER card 4111"));
        KSHER.simulator().pay("A-1");
        for (String operation : List.of("close", "cancel")) {
            Event event = rig.calls.query(Rig.row(operation, "A-1"));
            assertThat(details(event).text())
                    .matches("paid 123\\.45 THB at \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\(the merchant's local"
                            + " time\\)");
        }
    }

    @Test
    void aClosedGatewayOrderIsToldWithAReminderThatASavedQrCodeCanStillBePaid() {
        KSHER.simulator().open(KsherOrder.of("A-1").state(State.CLOSED));
        assertThat(details(rig.calls.query(Rig.row("cancel", "A-1"))).text()).contains("QR", "--check-late");
        assertThat(details(rig.calls.query(Rig.row("close", "A-1"))).text()).isEmpty();
        OrderRow late = Rig.row("cancel", "A-1").withOperation(RowOperation.CHECK);
        assertThat(details(rig.calls.query(late)).text()).contains("QR");
    }

    @ParameterizedTest
    @CsvSource({
        "close,-4,orderClose was refused with code -4",
        "cancel,-4,'gatewayCancel was refused with code -4: already paid, cannot be cancelled (or a card in its"
                + " one-time-password step)'",
        "cancel,-5,gatewayCancel was refused with code -5: already cancelled",
        "cancel,-6,gatewayCancel was refused with code -6: cancel failed",
        "cancel,-100,gatewayCancel was refused with code -100",
        "cancel,7,gatewayCancel was refused with code 7"
    })
    void aRefusedCommandIsToldWithWhatItsCodeMeans(String operation, int code, String detail) {
        KSHER.simulator().open(KsherOrder.of("A-1"));
        KSHER.simulator().faults().next(Fault.refusal(code));
        assertThat(details(rig.calls.command(Rig.row(operation, "A-1"))).text()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource({
        "close,-100,orderQuery was refused with code -100",
        "cancel,-4,gatewayQuery was refused with code -4: the order number is not unique",
        "cancel,-5,gatewayQuery was refused with code -5",
        "cancel,-100,gatewayQuery was refused with code -100: query failed",
        "close,-1,orderQuery was refused with code -1: merchant info error",
        "cancel,-2,gatewayQuery was refused with code -2: the request's signature did not verify"
    })
    void aRefusedQueryIsToldWithWhatItsCodeMeans(String operation, int code, String detail) {
        KSHER.simulator().open(KsherOrder.of("A-1"));
        KSHER.simulator().faults().next(Fault.refusal(code));
        assertThat(details(rig.calls.query(Rig.row(operation, "A-1"))).text()).isEqualTo(detail);
    }

    // ---- an unpaid order of the gateway ----

    @Test
    void anUnpaidGatewayOrderAsKsherReallyAnswersItIsSentACancelAtOnce() throws Exception {
        try (Server server = new Server().answering(200, sample("gateway-query-notsure.json"));
                Rig real = new Rig(KSHER.simulator(), options -> {
                    options.setAppId("mch35005");
                    options.setKsherPublicKey(null);
                    options.setGatewayUrl(server.url());
                })) {
            OrderRow row = Rig.row("cancel", "2023-02-22-17-11-00");
            Event seen = real.calls.query(row);
            assertThat(seen).isEqualTo(new Event.Seen(OrderState.NOTSURE, false, null, new CallDetails("", 0, null)));
            Step step = OrderLife.begin(RowOperation.CANCEL).after(seen);
            assertThat(step.action()).isEqualTo(new Command());
            server.answering(200, sample("seed-gateway-cancel-success.json"));
            assertThat(kind(real.calls.command(row))).isEqualTo("Done");
        }
    }

    @Test
    void aPaymentInItsPinStepAsKsherReallyAnswersItIsLookedAtTwice() throws Exception {
        try (Server server = new Server().answering(200, sample("quick-pay-notsure.json"));
                Rig real = new Rig(KSHER.simulator(), options -> {
                    options.setKsherPublicKey(null);
                    options.setApiUrl(server.url());
                    // The sample's nonce is that of another request.
                    options.setCheckNonce(false);
                })) {
            Event seen = real.calls.query(Rig.row("close", "20231108134600"));
            assertThat(seen)
                    .isEqualTo(new Event.Seen(
                            OrderState.NOTSURE, true, null, new CallDetails("", 0, "PAYMENT_IN_PROCESS")));
            assertThat(next(life("asking"), seen)).isEqualTo("A1");
            assertThat(next(life("asking").after(seen).life(), seen)).isEqualTo("C");
        }
    }

    private static String sample(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(EventsTest.class.getResourceAsStream("/ksher/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aWalletIsChosenWhenAGatewayReplyNamesItsChannel() {
        KSHER.simulator().open(KsherOrder.gateway("A-1"));
        OrderRow row = Rig.row("cancel", "A-1");
        assertThat(((Event.Seen) rig.calls.query(row)).walletChosen()).isFalse();
        KSHER.simulator().chooseWallet("A-1", "promptpay");
        KSHER.simulator().faults().next(Fault.state("NOTSURE"));
        assertThat(((Event.Seen) rig.calls.query(row)).walletChosen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "12345,THB,123.45 THB",
        "5,THB,0.05 THB",
        "0,THB,0.00 THB",
        "12345,JPY,12345 JPY",
        "12345,KWD,12.345 KWD",
        "5,XXX,5 XXX",
        "5,QQQ,5 in the minor unit of QQQ",
        "5,thb,5 in the minor unit of an unnamed currency",
        "5,=HYPERLINK(1),5 in the minor unit of an unnamed currency",
        "5,,5 in the minor unit of an unnamed currency"
    })
    void anAmountIsToldInItsCurrency(long fee, String currency, String text) {
        assertThat(Events.amount(fee, currency)).isEqualTo(text);
    }

    private static final String MARKER = "MARKER said so";

    @ParameterizedTest
    @ValueSource(strings = {"SUCCESS", "CLOSED", "NOTPAY", "REFUND", "FAIL", MARKER})
    void noTextOfASignedReplyIsTold(String result) throws Exception {
        Map<String, String> data = Map.of(
                "result", result,
                "err_code", MARKER,
                "err_msg", MARKER,
                "openid", MARKER,
                "attach", MARKER,
                "total_fee", MARKER,
                "fee_type", MARKER,
                "time_end", MARKER);
        try (Server server = new Server().answeringSigned(data, MARKER);
                Rig other = rigAt(server)) {
            for (String operation : List.of("close", "cancel")) {
                assertSaysNothing(other.calls.query(Rig.row(operation, "A-1")));
                assertSaysNothing(other.calls.command(Rig.row(operation, "A-1")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, -3, -4, -5, -6, -100, 7})
    void noTextOfARefusalIsTold(int code) throws Exception {
        String json = "{\"code\":" + code + ",\"msg\":\"" + MARKER + "\",\"message\":\"" + MARKER
                + "\",\"data\":{\"err_code\":\"MARKER\",\"err_msg\":\"" + MARKER + "\",\"result\":\"SUCCESS\"}}";
        assertNothingIsTold(200, json);
    }

    @ParameterizedTest
    @CsvSource({"200", "302", "404", "429", "503"})
    void noTextOfSomethingElseIsTold(int status) throws Exception {
        assertNothingIsTold(status, "<html>" + MARKER + "</html>");
        assertNothingIsTold(status, "{\"code\":0,\"msg\":\"" + MARKER + "\",\"data\":\"" + MARKER + "\"}");
        assertNothingIsTold(
                status,
                "{\"code\":0,\"sign\":\"" + "a".repeat(128) + "\",\"data\":{\"result\":\"SUCCESS\",\"err_code\":\""
                        + "MARKER\",\"openid\":\"" + MARKER + "\"}}");
    }

    private static void assertNothingIsTold(int status, String body) throws Exception {
        try (Server server = new Server().answering(status, body);
                Rig other = rigAt(server)) {
            for (String operation : List.of("close", "cancel")) {
                assertSaysNothing(other.calls.query(Rig.row(operation, "A-1")));
                assertSaysNothing(other.calls.command(Rig.row(operation, "A-1")));
            }
        }
    }

    private static void assertSaysNothing(Event event) {
        assertThat(details(event).toString()).doesNotContain("MARKER");
        if (event instanceof Event.Seen && life("asking").after(event).action() instanceof Settle settle) {
            assertThat(settle.result().toString()).doesNotContain("MARKER");
        }
    }

    // ---- what is asked ----

    @Test
    void anUnsignedClaimIsNeverTakenForTheOrdersState() throws Exception {
        String paid = "{\"code\":0,\"msg\":\"ok\",\"data\":{\"result\":\"SUCCESS\",\"mch_order_no\":\"A-1\"}}";
        try (Server server = new Server().answering(200, paid);
                Rig other = rigAt(server)) {
            for (String operation : List.of("close", "cancel")) {
                assertThat(next(life("asking"), other.calls.query(Rig.row(operation, "A-1"))))
                        .isEqualTo("UNTRUSTED");
            }
        }
    }

    @Test
    void aRowsOtherNumbersNameTheOrderToo() {
        KsherOrder order = KSHER.simulator().open(KsherOrder.of("A-1"));
        OrderRow byKsher =
                OrderRow.of(2, Map.of(Column.OPERATION, "close", Column.KSHER_ORDER_NO, order.ksherOrderNo()));
        assertThat(kind(rig.calls.query(byKsher))).isEqualTo("Seen");
        OrderRow byChannel = OrderRow.of(
                2,
                Map.of(
                        Column.OPERATION,
                        " close ",
                        Column.MCH_ORDER_NO,
                        " ",
                        Column.CHANNEL_ORDER_NO,
                        order.channelOrderNo(),
                        Column.CHANNEL,
                        "wechat"));
        assertThat(kind(rig.calls.command(byChannel))).isEqualTo("Done");
        assertThat(KSHER.simulator().order("A-1").state()).isEqualTo(State.CLOSED);
    }

    @Test
    void manyCallsAtOnceGetTheirOwnAnswers() throws Exception {
        int orders = 40;
        for (int i = 0; i < orders; i++) {
            KSHER.simulator().open(KsherOrder.of("A-" + i).state(i % 2 == 0 ? State.SUCCESS : State.NOTPAY));
        }
        Event[] events = new Event[orders];
        CountDownLatch ended = new CountDownLatch(orders);
        for (int i = 0; i < orders; i++) {
            int number = i;
            new Thread(() -> {
                        events[number] = rig.calls.query(Rig.row("close", "A-" + number));
                        ended.countDown();
                    })
                    .start();
        }
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < orders; i++) {
            assertThat(((Event.Seen) events[i]).state()).isEqualTo(i % 2 == 0 ? OrderState.SUCCESS : OrderState.NOTPAY);
        }
    }
}
