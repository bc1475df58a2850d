/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultExecutorServiceManager;
import org.junit.jupiter.api.Test;

/** A watchdog whose thread cannot run: silence still ends calls, and readiness is down. */
class WatchdogErrorsTest extends StubTestSupport {

    /** A context in which the test makes the watchdog's thread. */
    private KsherComponent component(CamelContext context, Function<Runnable, Thread> watchdog) throws Exception {
        context.setExecutorServiceManager(new DefaultExecutorServiceManager(context) {
            @Override
            public Thread newThread(String name, Runnable task) {
                return name.equals("KsherCallTimeout") ? watchdog.apply(task) : super.newThread(name, task);
            }
        });
        KsherComponent component = new KsherComponent();
        component.getConfiguration().setAppId(KsherStub.APP_ID);
        component.getConfiguration().setPrivateKey(Camel.KEY);
        component.getConfiguration().setKsherPublicKey(KsherStub.ksherPublicKey());
        component.getConfiguration().setApiUrl(stub.url() + "/KsherPay");
        context.addComponent("ksher", component);
        context.start();
        return component;
    }

    private static Exchange close(CamelContext context, String options, String order) {
        return context.createProducerTemplate().request("ksher:orderClose" + options, exchange -> exchange.getMessage()
                .setHeader(KsherConstants.MCH_ORDER_NO, order));
    }

    @Test
    void silenceEndsACallWhateverHappensToTheWatchdog() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        stub.answering((request, socket) -> never.await());
        try (CamelContext context = new DefaultCamelContext()) {
            // It never runs its task.
            component(context, task -> new Thread("dead"));
            long began = System.nanoTime();
            KsherException failure = close(context, "?responseTimeout=300&callTimeout=400", "A-1")
                    .getException(KsherException.class);
            assertThat(failure).hasMessageContaining("responseTimeout of 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void aWatchdogThatCannotStartKeepsOneCallFromBeingSentAndNoOther() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        try (CamelContext context = new DefaultCamelContext()) {
            component(context, task -> {
                if (first.getAndSet(false)) {
                    throw new OutOfMemoryError("unable to create native thread, says the test");
                }
                return new Thread(task);
            });
            KsherException failure = close(context, "", "A-1").getException(KsherException.class);
            assertThat(failure).isInstanceOf(KsherTransportException.class);
            assertThat(failure.isOutcomeUnknown()).as("nothing was sent").isFalse();
            CountDownLatch never = new CountDownLatch(1);
            stub.answering((request, socket) -> {
                while (!never.await(20, TimeUnit.MILLISECONDS)) {
                    KsherStub.write(socket, new byte[] {' '});
                }
            });
            assertThat(close(context, "?callTimeout=500", "A-2").getException())
                    .as("the deadline of the next call")
                    .hasMessageContaining("callTimeout of 500 ms");
        }
    }

    @Test
    void readinessIsDownWhileNoCallCanBeWatched() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        try (CamelContext context = new DefaultCamelContext()) {
            component(context, task -> {
                if (exhausted.get()) {
                    throw new OutOfMemoryError("unable to create native thread, says the test");
                }
                return new Thread(task);
            });
            KsherEndpoint endpoint = context.getEndpoint("ksher:orderClose", KsherEndpoint.class);
            HealthCheck check = new KsherHealthCheck(endpoint);
            assertThat(close(context, "", "A-1")
                            .getException(KsherException.class)
                            .isOutcomeUnknown())
                    .isFalse();
            assertThat(check.call(Map.of()).getState()).isEqualTo(HealthCheck.State.DOWN);
            exhausted.set(false);
            assertThat(check.call(Map.of()).getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(close(context, "", "A-2").getException()).isNull();
        }
    }
}
