/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.batch.life.Action.Command;
import io.github.camelksher.batch.life.Action.Query;
import io.github.camelksher.batch.life.Action.Settle;
import io.github.camelksher.batch.life.CallDetails;
import io.github.camelksher.batch.life.Event;
import io.github.camelksher.batch.life.OrderLife;
import io.github.camelksher.batch.life.OrderLife.Phase;
import io.github.camelksher.batch.life.OrderLife.Step;
import io.github.camelksher.batch.life.RowOperation;
import io.github.camelksher.reply.OrderState;
import io.github.camelksher.simulator.KsherSimulator;
import io.github.camelksher.simulator.KsherSimulatorExtension;
import io.github.camelksher.support.KsherStub;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the real calls of a Camel context with the component make of a simulated Ksher. */
abstract class EventsCase {

    @RegisterExtension
    static final KsherSimulatorExtension KSHER = new KsherSimulatorExtension(
            KsherSimulator.builder().queryInterval(Duration.ZERO).sharedOrders());

    static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(KSHER.simulator(), options -> {});
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    static final CallDetails DETAILS = CallDetails.of("before");
    static final Event OPEN = new Event.Seen(OrderState.NOTPAY, true, null, DETAILS);

    /**
     * The ways to the states in which a query's end is awaited, and those in which a command's is.
     */
    static final Map<String, List<Event>> WAYS = ways();

    static Map<String, List<Event>> ways() {
        Event done = new Event.Done(DETAILS);
        Event noAnswer = new Event.NoAnswer(DETAILS, Duration.ZERO);
        Event refused = new Event.Refused(DETAILS);
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

    static final List<String> QUERIED = List.of("asking", "done", "silent", "refused", "backedOff", "doneTwice");

    static OrderLife life(String way) {
        OrderLife life = OrderLife.begin(RowOperation.CLOSE);
        for (Event event : Objects.requireNonNull(WAYS.get(way))) {
            life = life.after(event).life();
        }
        return life;
    }

    /** C: command; A1, N0: ask, or confirm, after so many steps of back-off; else an outcome. */
    static String next(OrderLife life, Event event) {
        Step step = life.after(event);
        if (step.action() instanceof Settle settle) {
            return settle.result().outcome().name();
        }
        if (step.action() instanceof Command) {
            return "C";
        }
        return (step.life().phase() == Phase.ASKING ? "A" : "N") + ((Query) step.action()).backOff();
    }

    static String kind(Event event) {
        return event instanceof Event.QueryRefused refused && !refused.byKsher()
                ? "NotKsher"
                : event.getClass().getSimpleName();
    }

    static CallDetails details(Event event) {
        try {
            return (CallDetails) event.getClass().getMethod("details").invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("has none: " + event, e);
        }
    }

    static String query(String operation) {
        return operation.equals("close") ? "orderQuery" : "gatewayQuery";
    }

    static String command(String operation) {
        return operation.equals("close") ? "orderClose" : "gatewayCancel";
    }

    static void assertAfterCommand(Event event) {
        for (String way : List.of("sending", "resending")) {
            if (event instanceof Event.CredentialsRejected) {
                assertThat(next(life(way), event)).as(way).isEqualTo("UNKNOWN");
                continue;
            }
            assertThat(next(life(way), event)).as(way).isEqualTo("N0");
            OrderLife confirming = life(way).after(event).life();
            boolean twice = way.equals("resending") && event instanceof Event.Done;
            assertThat(next(confirming, OPEN)).as(way).isEqualTo(twice ? "NOT_CLOSED" : STILL_OPEN.get(kind(event)));
            assertThat(next(confirming, new Event.Seen(OrderState.CLOSED, true, null, DETAILS)))
                    .isEqualTo("CLOSED");
            assertThat(next(confirming, new Event.Seen(OrderState.SUCCESS, true, null, DETAILS)))
                    .isEqualTo("PAID");
        }
    }

    /** Its calls go to a stub, which answers also what the simulator never would. */
    static Rig rigAt(KsherStub stub) throws Exception {
        return new Rig(KSHER.simulator(), options -> {
            options.setKsherPublicKey(KsherStub.ksherPublicKey());
            options.setApiUrl(stub.url());
            options.setGatewayUrl(stub.url());
        });
    }

    /**
     * What follows an open order that was commanded before and is seen open after a command that
     * ended like this.
     */
    static final Map<String, String> STILL_OPEN = Map.of("Done", "C", "NoAnswer", "A1", "Refused", "REFUSED");
}
