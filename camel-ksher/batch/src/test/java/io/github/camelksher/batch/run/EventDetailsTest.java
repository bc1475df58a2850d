/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static io.github.camelksher.batch.OrderRowBuilder.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.Action.Command;
import io.github.camelksher.batch.life.Action.Settle;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.OrderLife.Step;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.simulator.KsherOrder.State;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Samples;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the details of a call say, and never say. */
class EventDetailsTest extends EventsCase {

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
        assertThat(details(rig.calls.query(Rig.row("cancel", "A-1"))).text()).contains("QR", "late payment");
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
        try (KsherStub stub = new KsherStub().answering(sample("gateway-query-notsure.json"));
                Rig real = new Rig(KSHER.simulator(), options -> {
                    options.setAppId("mch35005");
                    options.setKsherPublicKey(null);
                    options.setGatewayUrl(stub.url());
                })) {
            OrderRow row = Rig.row("cancel", "2023-02-22-17-11-00");
            Event seen = real.calls.query(row);
            assertThat(seen).isEqualTo(new Event.Seen(OrderState.NOTSURE, false, null, new CallDetails("", 0, null)));
            Step step = OrderLife.begin(RowOperation.CANCEL).after(seen);
            assertThat(step.action()).isEqualTo(new Command());
            stub.answering(sample("seed-gateway-cancel-success.json"));
            assertThat(kind(real.calls.command(row))).isEqualTo("Done");
        }
    }

    @Test
    void aPaymentInItsPinStepAsKsherReallyAnswersItIsLookedAtTwice() throws Exception {
        try (KsherStub stub = new KsherStub().answering(sample("quick-pay-notsure.json"));
                Rig real = new Rig(KSHER.simulator(), options -> {
                    options.setKsherPublicKey(null);
                    options.setApiUrl(stub.url());
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

    private static byte[] sample(String name) {
        return Http.response(200, "", Samples.bytes(name));
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
        Map<String, String> more = Map.of(
                "result", result,
                "err_code", MARKER,
                "err_msg", MARKER,
                "openid", MARKER,
                "attach", MARKER,
                "total_fee", MARKER,
                "fee_type", MARKER,
                "time_end", MARKER);
        KsherStub.Answer answer = (request, socket) -> {
            Map<String, Object> data = KsherStub.echo(request);
            data.putAll(more);
            String reply = KsherStub.signed(data)
                    .replace("\"msg\":\"ok\"", "\"msg\":\"" + MARKER + "\",\"message\":\"" + MARKER + "\"");
            KsherStub.write(socket, Http.ok(reply));
        };
        try (KsherStub stub = new KsherStub().answering(answer);
                Rig other = rigAt(stub)) {
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
        try (KsherStub stub = new KsherStub().answering(status, body);
                Rig other = rigAt(stub)) {
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
        try (KsherStub stub = new KsherStub().answering(200, paid);
                Rig other = rigAt(stub)) {
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
                order(2).operation("close").ksherOrderNo(order.ksherOrderNo()).build();
        assertThat(kind(rig.calls.query(byKsher))).isEqualTo("Seen");
        OrderRow byChannel = order(2).operation(" close ")
                .mchOrderNo(" ")
                .channelOrderNo(order.channelOrderNo())
                .channel("wechat")
                .build();
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
