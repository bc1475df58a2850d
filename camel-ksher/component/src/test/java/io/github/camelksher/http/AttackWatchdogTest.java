/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.component.KsherComponent;
import io.github.camelksher.error.KsherException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.concurrent.Cancellable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A moment without memory just as a deadline is exceeded: closing the connection fails once. */
@Timeout(60)
class AttackWatchdogTest {

    @Test
    void anErrorWhileTheCallIsAbortedDoesNotLetItGoOn() throws Exception {
        AtomicInteger errors = new AtomicInteger(1);
        CountDownLatch stop = new CountDownLatch(1);
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try (KsherStub stub = new KsherStub();
                Camel camel = new Camel(
                        stub,
                        component -> component.setHttpClientConfigurer(builder -> builder.addExecInterceptorBefore(
                                ChainElement.MAIN_TRANSPORT.name(), "sabotage", (request, scope, chain) -> {
                                    Cancellable real = (Cancellable) scope.execRuntime;
                                    ((HttpCall) scope.originalRequest).setDependency(() -> {
                                        if (errors.getAndDecrement() > 0) {
                                            throw new OutOfMemoryError("by the test");
                                        }
                                        return real.cancel();
                                    });
                                    return chain.proceed(request, scope);
                                })))) {
            stub.answering((request, socket) -> {
                OutputStream out = socket.getOutputStream();
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes());
                while (!stop.await(50, TimeUnit.MILLISECONDS)) {
                    out.write(' ');
                    out.flush();
                }
            });
            Future<Exchange> call =
                    caller.submit(() -> camel.call("ksher:orderClose?callTimeout=500&responseTimeout=1000", "A-1"));
            try {
                KsherException failure = call.get(10, TimeUnit.SECONDS).getException(KsherException.class);
                assertThat(failure).hasMessageContaining("callTimeout");
            } catch (TimeoutException e) {
                throw new AssertionError("a call with callTimeout 500 ms still runs after 10 s");
            } finally {
                stop.countDown();
            }
            System.out.println("WD " + camel.context().getComponent("ksher", KsherComponent.class));
        } finally {
            caller.shutdownNow();
        }
    }
}
