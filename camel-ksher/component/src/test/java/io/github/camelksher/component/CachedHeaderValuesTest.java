/* Licensed under the Apache License, Version 2.0: see LICENSE. */
package io.github.camelksher.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelksher.error.KsherInvalidRequestException;
import io.github.camelksher.support.Camel;
import io.github.camelksher.support.Http;
import io.github.camelksher.support.KsherStub;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.converter.stream.ByteArrayInputStreamCache;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream cache in a header: each call, redelivery and branch reads the same number from it. */
class CachedHeaderValuesTest extends HeaderValuesTestSupport {

    /** A cache that is read byte by byte, so that another thread can come in between. */
    private static final class SlowCache extends ByteArrayInputStream implements StreamCache {

        SlowCache(String text) {
            super(utf8(text));
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            Thread.yield();
            return super.read(bytes, offset, Math.min(length, 1));
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(buf);
        }

        @Override
        public StreamCache copy(Exchange exchange) {
            return this;
        }

        @Override
        public boolean inMemory() {
            return true;
        }

        @Override
        public long length() {
            return count;
        }

        @Override
        public long position() {
            return pos;
        }
    }

    /** A reader that reads it to its end never returns. */
    private static final class EndlessCache extends InputStream implements StreamCache {

        private int read;

        @Override
        public int read() {
            read++;
            return '7';
        }

        @Override
        public void reset() {
            // All the copies of an exchange have the same cache.
        }

        @Override
        public void writeTo(OutputStream out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StreamCache copy(Exchange exchange) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean inMemory() {
            return false;
        }

        @Override
        public long length() {
            return Long.MAX_VALUE;
        }

        @Override
        public long position() {
            return 0;
        }
    }

    /** The branches of a parallel multicast share the objects in the headers. */
    @Test
    void branchesThatReadOneCacheAtATimeNameTheSameOrder() throws Exception {
        ExecutorService branches = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 300; round++) {
                StreamCache cache = new SlowCache("123456789012");
                List<Future<Exchange>> calls = branches.invokeAll(Collections.nCopies(4, () -> query(cache)));
                for (Future<Exchange> call : calls) {
                    assertThat(call.get().getException()).isNull();
                }
            }
            assertThat(stub.requests().stream()
                            .map(request -> request.form().get("mch_order_no"))
                            .filter(number -> number.startsWith("123456") || number.contains("9012")))
                    .containsOnly("123456789012");
        } finally {
            branches.shutdownNow();
        }
    }

    Stream<StreamCache> caches() throws IOException {
        return Stream.of(
                new InputStreamCache(utf8("ก-1")),
                new ByteArrayInputStreamCache(new ByteArrayInputStream(utf8("ก-1"))),
                new ReaderCache("ก-1"),
                new FileInputStreamCache(file("ก-1").toFile()));
    }

    @ParameterizedTest
    @MethodSource("caches")
    void aCachedStreamNamesTheSameOrderInEveryCall(StreamCache cache) throws IOException {
        assertThat(sent(cache)).isEqualTo("ก-1");
        assertThat(sent(cache)).isEqualTo("ก-1");
        // As if a step of the route had read some of it.
        if (cache instanceof InputStream stream) {
            assertThat(stream.read()).isPositive();
        }
        assertThat(sent(cache)).isEqualTo("ก-1");
        assertThat(camel.context().getTypeConverter().convertTo(String.class, cache))
                .isEqualTo("ก-1");
    }

    @Test
    void theCharsetOfTheExchangeIsNotThatOfTheNumber() {
        for (Object number : List.of(utf8("ก-1"), new ReaderCache("ก-1"), new InputStreamCache(utf8("ก-1")))) {
            Exchange exchange =
                    camel.context().getEndpoint("ksher:gatewayQuery").createExchange();
            exchange.setProperty(Exchange.CHARSET_NAME, "UTF-16");
            exchange.getMessage().setHeader("CamelKsherMchOrderNo", number);
            camel.context().createProducerTemplate().send("ksher:gatewayQuery", exchange);
            assertThat(exchange.getException()).isNull();
            assertThat(lastForm()).containsEntry("mch_order_no", "ก-1");
        }
    }

    @Test
    void aHugeCacheIsRefusedAndNotReadToItsEnd() {
        EndlessCache huge = new EndlessCache();
        refuses(huge, "too long");
        assertThat(huge.read).isLessThan(2_000);
        refuses(new ReaderCache("7".repeat(5_000)), "too long");
        // Within the limit in bytes, but too long for Ksher.
        refuses(new InputStreamCache(utf8("ก".repeat(65))), "65 characters");
    }

    @Test
    void aCacheThatIsGoneIsRefused() throws IOException {
        Path file = file("A-1");
        FileInputStreamCache cache = new FileInputStreamCache(file.toFile());
        Files.delete(file);
        refuses(cache, "cannot be read");
    }

    /**
     * As behind an HTTP consumer: the body is a stream, which Camel caches, and the
     * header is that cache.
     */
    @Test
    void aCancelAndItsConfirmingQueryNameTheSameOrder() throws Exception {
        camel.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:front")
                        .setHeader(KsherConstants.MCH_ORDER_NO, body())
                        .to("ksher:gatewayCancel")
                        .to("ksher:gatewayQuery");
            }
        });
        int before = stub.requests().size();
        Exchange exchange = front(camel, "direct:front");

        assertThat(exchange.getException()).isNull();
        assertThat(stub.requests().subList(before, before + 2))
                .extracting(request -> request.form().get("mch_order_no"))
                .containsExactly("A-1", "A-1");
    }

    @Test
    void aRedeliveryNamesTheSameOrder() throws Exception {
        try (KsherStub shaky = new KsherStub();
                Camel redelivering = new Camel(shaky)) {
            shaky.answering((request, socket) -> {
                if (shaky.requests().size() < 3) {
                    socket.close();
                } else {
                    KsherStub.write(socket, Http.ok(KsherStub.signed(succeeded(request))));
                }
            });
            redelivering.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(defaultErrorHandler().maximumRedeliveries(4).redeliveryDelay(0));
                    from("direct:front")
                            .setHeader(KsherConstants.MCH_ORDER_NO, body())
                            .to("ksher:gatewayQuery");
                }
            });

            assertThat(front(redelivering, "direct:front").getException()).isNull();
            assertThat(shaky.requests())
                    .extracting(request -> request.form().get("mch_order_no"))
                    .containsExactly("A-1", "A-1", "A-1");
        }
    }

    private static Map<String, Object> succeeded(Http.Request request) {
        Map<String, Object> data = KsherStub.echo(request);
        data.put("result", "SUCCESS");
        return data;
    }

    private static Exchange front(Camel camel, String uri) {
        return camel.context().createProducerTemplate().request(uri, exchange -> exchange.getMessage()
                .setBody(new ByteArrayInputStream(utf8("A-1"))));
    }

    @Test
    void aCancelIsNotSentIfItsNumberIsAStreamThatNobodyCached() throws Exception {
        camel.context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:uncached")
                        .streamCache("false")
                        .setHeader(KsherConstants.MCH_ORDER_NO, body())
                        .to("ksher:gatewayCancel");
            }
        });
        int before = stub.requests().size();
        assertThat(front(camel, "direct:uncached").getException())
                .isInstanceOf(KsherInvalidRequestException.class)
                .hasMessageContaining("stream caching");
        assertThat(stub.requests()).hasSize(before);
    }
}
