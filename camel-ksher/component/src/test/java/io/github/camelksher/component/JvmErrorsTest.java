/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherException;
import io.github.camelksher.error.KsherTransportException;
import io.github.camelksher.http.HttpClientPool;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.KsherStub;
import java.net.UnknownHostException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureSpi;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An Error in one call, such as an OutOfMemoryError, is the outcome of that call
 * and harms no other.
 */
class JvmErrorsTest extends StubTestSupport {

    private static HttpClientPool pool(Camel camel) {
        return camel.context().getComponent("ksher", KsherComponent.class).http();
    }

    /**
     * Where in HttpClient it happens. In the last place the bytes of the request have been sent; in
     * the one before they may have been.
     */
    private enum Place {
        BEFORE_CONNECTING((builder, fail) -> builder.addExecInterceptorFirst("fail", (request, scope, chain) -> {
            fail.apply(null);
            return chain.proceed(request, scope);
        })),
        CONNECTED((builder, fail) -> builder.addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(), "fail", (request, scope, chain) -> {
                    fail.apply(null);
                    return chain.proceed(request, scope);
                })),
        WRITING((builder, fail) -> builder.addRequestInterceptorLast((request, entity, context) -> fail.apply(null))),
        READING((builder, fail) -> builder.addResponseInterceptorLast((reply, entity, context) -> fail.apply(null)));

        private interface Sabotage {
            void apply(HttpClientBuilder builder, Function<Void, Void> fail);
        }

        private final Sabotage sabotage;

        Place(Sabotage sabotage) {
            this.sabotage = sabotage;
        }
    }

    private static Camel failing(KsherStub stub, Place place, AtomicInteger failures) {
        return new Camel(stub, component -> {
            component.setMaxConnections(2);
            component.setHttpClientConfigurer(builder -> place.sabotage.apply(builder, nothing -> {
                int left = failures.getAndUpdate(count -> Math.max(0, count - 1));
                if (left > 0) {
                    throw left % 2 == 0 ? new OutOfMemoryError("by the test") : new StackOverflowError();
                }
                return null;
            }));
        });
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void anErrorInOneCallIsItsOutcomeAndLeavesThePoolOpen(Place place) throws Exception {
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Camel camel = failing(stub, place, failures)) {
            stub.answering((request, socket) -> {
                busy.countDown();
                release.await();
                stub.echoing("SUCCESS", Map.of());
                stub.reply(request, socket);
            });
            Future<Exchange> underWay = other.submit(() -> camel.call("ksher:orderClose?lang=other", "A-0"));
            busy.await();
            stub.echoing("SUCCESS", Map.of());
            failures.set(20);
            for (int i = 1; i <= 20; i++) {
                KsherException failure =
                        camel.call("ksher:orderClose", "A-" + i).getException(KsherException.class);
                assertThat(failure)
                        .isInstanceOf(KsherTransportException.class)
                        .hasRootCauseInstanceOf(VirtualMachineError.class)
                        .hasMessageContaining(i % 2 == 1 ? "OutOfMemoryError" : "StackOverflowError");
                assertThat(failure.isRetryable()).isTrue();
                assertThat(failure.isOutcomeUnknown()).isEqualTo(place.ordinal() >= Place.WRITING.ordinal());
            }
            release.countDown();
            assertThat(underWay.get().getException()).as("the call under way").isNull();
            for (int i = 0; i < 10; i++) {
                assertThat(camel.call("ksher:orderClose", "B-" + i).getException())
                        .isNull();
            }
        } finally {
            other.shutdownNow();
        }
    }

    /** Connections that were leaked must not keep other calls waiting. */
    @Test
    void connectionsThatAreLostByErrorsAreMadeUpFor() {
        AtomicInteger failures = new AtomicInteger();
        try (Camel camel = new Camel(stub, component -> {
            component.setMaxConnections(2);
            component.setHttpClientConfigurer(
                    builder -> builder.addExecInterceptorFirst("fail", (request, scope, chain) -> {
                        if (failures.getAndDecrement() > 0) {
                            // A fork is no call: it never gives its connection back.
                            scope.execRuntime
                                    .fork(null)
                                    .acquireEndpoint("lost", scope.route, null, scope.clientContext);
                            throw new OutOfMemoryError("by the test");
                        }
                        return chain.proceed(request, scope);
                    }));
        })) {
            failures.set(5);
            for (int i = 0; i < 5; i++) {
                assertThat(camel.call("ksher:orderClose", "A-" + i)
                                .getException(KsherException.class)
                                .isOutcomeUnknown())
                        .isFalse();
            }
            for (int i = 0; i < 5; i++) {
                assertThat(camel.call("ksher:orderClose?callTimeout=5s", "B-" + i)
                                .getException())
                        .isNull();
            }
        }
    }

    @Test
    void errorsThatLoseNoConnectionLeaveTheLimitAsItIs() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        try (KsherStub other = new KsherStub().echoing("SUCCESS", Map.of());
                Camel camel = new Camel(stub, component -> {
                    component.setMaxConnections(1);
                    component.getConfiguration().setGatewayUrl(other.url() + "/api");
                    component.setHttpClientConfigurer(builder -> Place.WRITING.sabotage.apply(builder, nothing -> {
                        if (failures.getAndDecrement() > 0) {
                            throw new OutOfMemoryError("by the test");
                        }
                        return null;
                    }));
                })) {
            failures.set(5);
            for (int i = 0; i < 5; i++) {
                assertThat(camel.call("ksher:orderClose", "A-" + i).getException())
                        .isNotNull();
            }
            assertThat(camel.call("ksher:orderClose", "A-9").getException()).isNull();
            assertThat(camel.call("ksher:gatewayQuery", "A-9").getException()).isNull();
            assertThat(pool(camel).state().available())
                    .as("idle, of all routes together")
                    .isEqualTo(1);
        }
    }

    /** Signs like the JDK, until it has to fail. */
    public static final class FailingSignature extends SignatureSpi {

        static final AtomicBoolean SIGNING = new AtomicBoolean();
        static final AtomicBoolean VERIFYING = new AtomicBoolean();
        private final Signature signature;

        public FailingSignature() throws Exception {
            signature = Signature.getInstance("MD5withRSA", "SunRsaSign");
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws java.security.InvalidKeyException {
            signature.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws java.security.InvalidKeyException {
            signature.initSign(key);
        }

        @Override
        protected void engineUpdate(byte b) throws java.security.SignatureException {
            signature.update(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws java.security.SignatureException {
            signature.update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws java.security.SignatureException {
            if (SIGNING.get()) {
                throw new OutOfMemoryError("by the test");
            }
            return signature.sign();
        }

        @Override
        protected boolean engineVerify(byte[] sign) throws java.security.SignatureException {
            if (VERIFYING.get()) {
                throw new OutOfMemoryError("by the test");
            }
            return signature.verify(sign);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new java.security.InvalidParameterException(name);
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new java.security.InvalidParameterException(name);
        }
    }

    private static final class FailingProvider extends Provider {

        private static final long serialVersionUID = 1L;

        FailingProvider() throws Exception {
            super("Failing", "1", "fails when told to");
            put("Signature.MD5withRSA", FailingSignature.class.getName());
            assertThat(KeyFactory.getInstance("RSA")).isNotNull();
        }
    }

    @Test
    void anErrorOutsideTheHttpClientIsAnOutcomeToo() throws Exception {
        Security.addProvider(new FailingProvider());
        try (Camel camel =
                new Camel(stub, component -> component.getConfiguration().setSignatureProvider("Failing"))) {
            assertThat(camel.call("ksher:orderClose", "A-1").getException()).isNull();
            FailingSignature.SIGNING.set(true);
            KsherException unsent = camel.call("ksher:orderClose", "A-2").getException(KsherException.class);
            FailingSignature.SIGNING.set(false);
            assertThat(unsent).isInstanceOf(KsherTransportException.class).hasMessageContaining("A-2");
            assertThat(unsent.isOutcomeUnknown()).as("nothing was sent").isFalse();
            FailingSignature.VERIFYING.set(true);
            KsherException unread = camel.call("ksher:orderClose", "A-3").getException(KsherException.class);
            FailingSignature.VERIFYING.set(false);
            assertThat(unread).isInstanceOf(KsherTransportException.class);
            assertThat(unread.isOutcomeUnknown()).as("it was sent").isTrue();
            assertThat(camel.call("ksher:orderClose", "A-4").getException()).isNull();
        } finally {
            FailingSignature.SIGNING.set(false);
            FailingSignature.VERIFYING.set(false);
            Security.removeProvider("Failing");
        }
    }

    @Test
    void readinessIsDownWhenTheComponentWasStopped() {
        try (Camel camel = new Camel(stub)) {
            KsherEndpoint endpoint = camel.context().getEndpoint("ksher:orderClose", KsherEndpoint.class);
            HealthCheck check = new KsherHealthCheck(endpoint);
            assertThat(check.call(Map.of()).getState()).isEqualTo(HealthCheck.State.UP);
            pool(camel).close();
            assertThat(check.call(Map.of()).getState()).isEqualTo(HealthCheck.State.DOWN);
        }
    }

    @Test
    void anErrorOfTheNameServiceSentNothing() throws Exception {
        try (Camel camel = new Camel(
                stub,
                component -> component.setHttpClientConfigurer(
                        builder -> builder.addExecInterceptorFirst("dns", (request, scope, chain) -> {
                            UnknownHostException cause = new UnknownHostException("by the test");
                            throw new LinkageError("by the test", cause);
                        })))) {
            KsherException failure = camel.call("ksher:orderClose", "A-1").getException(KsherException.class);
            assertThat(failure).isInstanceOf(KsherTransportException.class).hasMessageContaining("LinkageError");
            assertThat(failure.isOutcomeUnknown()).isFalse();
            assertThat(pool(camel).state().leased()).isZero();
        }
    }
}
