/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttackPoolTest {

    /** maxConnections: per route and in total. Errors that lose no connection must not make room for more. */
    @Test
    void errorsThatLoseNoConnectionDoNotRaiseTheirNumber() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        try (KsherStub a = new KsherStub().echoing("SUCCESS", Map.of());
                KsherStub b = new KsherStub().echoing("SUCCESS", Map.of());
                Camel camel = new Camel(a, component -> {
                    component.setMaxConnections(1);
                    component.setHttpClientConfigurer(
                            builder -> builder.addExecInterceptorFirst("fail", (request, scope, chain) -> {
                                if (failures.getAndDecrement() > 0) {
                                    throw new OutOfMemoryError("by the test");
                                }
                                return chain.proceed(request, scope);
                            }));
                    component.getConfiguration().setGatewayUrl(b.url() + "/api");
                })) {
            failures.set(5);
            for (int i = 0; i < 5; i++) {
                camel.call("ksher:orderClose", "A-" + i);
            }
            failures.set(0);
            camel.call("ksher:orderClose", "A-9");
            camel.call("ksher:gatewayQuery", "A-9");
            var state = camel.context()
                    .getComponent("ksher", KsherComponent.class)
                    .http()
                    .state();
            assertThat(state.leased() + state.available()).as(state.toString()).isLessThanOrEqualTo(state.max());
        }
    }

    /** An endpoint or component is stopped in the middle of a call, and started again. */
    @Test
    void lifecycleDuringCalls() throws Exception {
        ExecutorService caller = Executors.newCachedThreadPool();
        CountDownLatch[] busy = {new CountDownLatch(1)};
        CountDownLatch[] release = {new CountDownLatch(1)};
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(stub)) {
            for (String what : new String[] {
                "endpoint stop", "endpoint suspend", "component stop", "component suspend", "component shutdown"
            }) {
                busy[0] = new CountDownLatch(1);
                release[0] = new CountDownLatch(1);
                stub.answering((request, socket) -> {
                    busy[0].countDown();
                    release[0].await();
                    stub.echoing("SUCCESS", Map.of());
                    stub.reply(request, socket);
                });
                Future<Exchange> call = caller.submit(() -> camel.call("ksher:orderClose", "A-1"));
                if (!busy[0].await(5, TimeUnit.SECONDS)) {
                    System.out.println(
                            "LIFE " + what + " never sent: " + call.get().getException());
                    continue;
                }
                KsherEndpoint endpoint = camel.context().getEndpoint("ksher:orderClose", KsherEndpoint.class);
                KsherComponent component = camel.context().getComponent("ksher", KsherComponent.class);
                switch (what) {
                    case "endpoint stop" -> endpoint.stop();
                    case "endpoint suspend" -> endpoint.suspend();
                    case "component stop" -> component.stop();
                    case "component suspend" -> component.suspend();
                    default -> component.shutdown();
                }
                release[0].countDown();
                Exchange done = call.get(30, TimeUnit.SECONDS);
                System.out.println("LIFE " + what + " underway " + done.getException());
                stub.echoing("SUCCESS", Map.of());
                Exchange next = camel.call("ksher:orderClose", "A-2");
                System.out.println("LIFE " + what + " next " + next.getException() + " unknown "
                        + (next.getException() instanceof KsherException k ? k.isOutcomeUnknown() : "-"));
                switch (what) {
                    case "endpoint stop" -> endpoint.start();
                    case "endpoint suspend" -> endpoint.resume();
                    case "component stop" -> component.start();
                    case "component suspend" -> component.resume();
                    default -> component.start();
                }
                System.out.println("LIFE " + what + " restarted "
                        + camel.call("ksher:orderClose", "A-3").getException() + " other "
                        + camel.call("ksher:gatewayQuery", "A-3").getException() + " new "
                        + camel.call("ksher:gatewayQuery?lang=" + what.replace(' ', '-'), "A-3")
                                .getException());
            }
        } finally {
            caller.shutdownNow();
        }
    }
}
