/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.input.Column;
import io.github.camelksher.batch.input.OrderRow;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.client.SignVersion;
import io.github.camelksher.simulator.Fault;
import io.github.camelksher.simulator.KsherOrder;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** Which event it is if no reply of Ksher came. */
class EventsWithoutReplyTest extends EventsCase {

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
    void aCertificateThatIsNotTrustedIsNotKsher() throws Exception {
        try (KsherStub stub = Tls.server("tls-loopback.p12");
                Rig other = new Rig(KSHER.simulator(), options -> {
                    options.setApiUrl("https://127.0.0.1:" + stub.port());
                    options.setGatewayUrl("https://127.0.0.1:" + stub.port());
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
                assertThat(kind(other.calls.query(Rig.row(operation, "A-1")))).isEqualTo("CredentialsRejected");
                assertThat(kind(other.calls.command(Rig.row(operation, "A-1")))).isEqualTo("CredentialsRejected");
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
}
