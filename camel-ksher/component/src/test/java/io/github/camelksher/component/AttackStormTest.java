/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.http.HttpClientPool;
import io.github.camelksher.reply.OrderCloseReply;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import io.github.camelksher.support.Tls;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thousands of calls whose deadline is about their latency; some are interrupted too. */
@Timeout(300)
class AttackStormTest {

    private static Object field(Object from, String name) throws Exception {
        Field field = from.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }

    @ParameterizedTest
    @CsvSource({"false,false,6", "false,true,6", "true,true,12", "false,false,20", "true,false,40"})
    void deadlineAndCompletionRace(boolean tls, boolean interrupts, int millis) throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        KsherStub stub = tls ? Tls.server("tls-loopback.p12") : new KsherStub();
        stub.answering((request, socket) -> {
            seen.add(request.form().get("mch_order_no"));
            TimeUnit.MICROSECONDS.sleep(ThreadLocalRandom.current().nextInt(millis * 1000));
            Map<String, Object> data = KsherStub.echo(request);
            data.put("result", "SUCCESS");
            KsherStub.write(socket, Http.ok(KsherStub.signed(data)));
        });
        Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
        AtomicInteger next = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger lies = new AtomicInteger();
        int threads = Integer.getInteger("threads", 8);
        int perThread = Integer.getInteger("storm", 1500);
        ExecutorService pool = Boolean.getBoolean("virtual")
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newFixedThreadPool(threads);
        Set<Thread> callers = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        try (Camel camel = new Camel(stub, component -> {
            component.setMaxConnections(3);
            component.setSslContextParameters(tls ? Tls.trusting("tls-loopback.p12") : null);
            component.getConfiguration().setApiUrl((tls ? "https" : "http") + "://127.0.0.1:" + stub.port());
        })) {
            camel.call("ksher:orderClose?callTimeout=" + millis, "warm");
            for (int t = 0; t < threads; t++) {
                pool.execute(() -> {
                    callers.add(Thread.currentThread());
                    for (int i = 0; i < perThread; i++) {
                        String order = "A-" + next.incrementAndGet();
                        Exchange exchange = camel.call("ksher:orderClose?callTimeout=" + millis, order);
                        Thread.interrupted();
                        KsherException failure = exchange.getException(KsherException.class);
                        if (failure == null) {
                            OrderCloseReply reply = exchange.getMessage().getBody(OrderCloseReply.class);
                            if (reply == null || !order.equals(reply.mchOrderNo())) {
                                wrong.incrementAndGet();
                            }
                            outcomes.computeIfAbsent("ok", k -> new LongAdder()).increment();
                        } else {
                            if (!failure.isOutcomeUnknown() && seen.contains(order)) {
                                lies.incrementAndGet();
                                System.out.println("LIE " + failure);
                            }
                            outcomes.computeIfAbsent(
                                            failure.getClass().getSimpleName() + " unknown="
                                                    + failure.isOutcomeUnknown() + " "
                                                    + failure.getCause()
                                                            .getClass()
                                                            .getSimpleName() + " "
                                                    + failure.getCause().getMessage(),
                                            k -> new LongAdder())
                                    .increment();
                        }
                    }
                });
            }
            Thread interrupter = new Thread(() -> {
                while (interrupts && !done.get()) {
                    for (Thread thread : callers) {
                        try {
                            Thread.sleep(1);
                        } catch (InterruptedException e) {
                            return;
                        }
                        if (ThreadLocalRandom.current().nextInt(5) == 0) {
                            thread.interrupt();
                        }
                    }
                }
            });
            interrupter.start();
            pool.shutdown();
            boolean ended = pool.awaitTermination(200, TimeUnit.SECONDS);
            done.set(true);
            interrupter.join();
            HttpClientPool http =
                    camel.context().getComponent("ksher", KsherComponent.class).http();
            Thread.sleep(200);
            Semaphore permits = (Semaphore) field(http, "permits");
            Map<?, ?> tasks = (Map<?, ?>) field(field(http, "watchdog"), "tasks");
            System.out.println("STORM tls=" + tls + " interrupts=" + interrupts + " ended=" + ended + " permits="
                    + permits.availablePermits() + " " + http.state() + " tasks=" + tasks.size() + " wrong=" + wrong
                    + " lies=" + lies);
            outcomes.forEach((k, v) -> System.out.println("   " + v + " x " + k));
            assertThat(permits.availablePermits()).isEqualTo(3);
            assertThat(http.state().leased()).isZero();
            assertThat(wrong.get() + lies.get()).isZero();
            for (int i = 0; i < 10; i++) {
                assertThat(camel.call("ksher:orderClose?callTimeout=5s", "B-" + i)
                                .getException())
                        .isNull();
            }
        } finally {
            stub.close();
        }
    }
}
